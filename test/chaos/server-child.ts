import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { beginCensus, takeCensus } from "./census.js";
import { answerParent } from "./child.js";
import type { Host, HostHooks } from "./host.js";
import type { Layout } from "./layout.js";
import { LedgerFile, readPublished } from "./published-ledger.js";
import { Publisher } from "./publisher.js";
import { createRandom } from "./random.js";

/** What a server process is started with; its ledgers are files, since it is there to be killed. */
export interface ServerStart {
  readonly stock: boolean;
  readonly layout: Layout;
  readonly streams: number;
  readonly port: number;
  readonly seed: number;
  /** How often a server was started before. */
  readonly number: number;
  readonly publishedFile: string;
  readonly startedFile: string;
  readonly log?: { readonly keepMs: number; readonly keepCount: number };
}

export interface ServerStats {
  readonly published: number;
  readonly failed: number;
  readonly overlapped: number;
  readonly murmurs: readonly number[];
  readonly dropped: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly rss: number;
  readonly heap: number;
  /** ms */
  readonly lagMax: number;
}

type Request =
  | ({ readonly do: "start" } & ServerStart)
  | { readonly do: "publish"; readonly rate: number; readonly total: number }
  | { readonly do: "murmur"; readonly rate: number }
  | { readonly do: "stop" }
  | { readonly do: "census" }
  | { readonly do: "stats" };

let host: Host;
let publisher: Publisher;
let published = () => 0;
let overlapped = 0;
const lag = monitorEventLoopDelay({ resolution: 10 });

async function start({
  stock,
  layout,
  streams,
  port,
  seed,
  number,
  publishedFile,
  startedFile,
  log,
}: ServerStart): Promise<number> {
  const state = readPublished(publishedFile, streams);
  const started = new LedgerFile(startedFile);
  const random = createRandom(seed + number);
  const running = new Set<string>();
  const hooks: HostHooks = {
    async act(client, k, inTurn, arena) {
      started.add((number << 24) | client, k);
      started.write();
      const key = `${client} ${arena}`;
      if (inTurn && running.has(key)) overlapped++;
      if (inTurn) running.add(key);
      // Some take a while, so that cuts and kills meet handlers that run.
      if (random() < 0.2) await sleep(random() * 60);
      if (inTurn) running.delete(key);
    },
    state: () => state,
  };
  if (stock) host = await (await import("./stock-host.js")).openStockHost(layout, port, hooks);
  else host = await (await import("./library-host.js")).openLibraryHost(layout, port, log, hooks);
  publisher = new Publisher(host, layout, state, new LedgerFile(publishedFile), random, number);
  published = () => state.total;
  lag.enable();
  return host.port;
}

function stats(): ServerStats {
  const { rss, heapUsed } = process.memoryUsage();
  const { failed, dropped, connections } = host;
  return {
    published: published(),
    failed,
    overlapped,
    murmurs: publisher.murmurs,
    dropped: { ...dropped },
    connections,
    rss,
    heap: heapUsed,
    lagMax: lag.max / 1e6,
  };
}

// Counting costs time, so only where it is asked for.
if (globalThis.gc) beginCensus();

answerParent(async (request: Request) => {
  if (request.do === "start") return start(request);
  if (request.do === "census") return takeCensus();
  if (request.do === "publish") publisher.start(request.rate, request.total);
  else if (request.do === "murmur") publisher.murmur(request.rate);
  else if (request.do === "stop") publisher.stop();
  return stats();
});
