import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { memoryBackend } from "@gestaloka/events/server";
import { beginCensus, takeCensus } from "./census.js";
import { answerParent } from "./child.js";
import { type Host, type HostHooks, patientPings, pings } from "./host.js";
import type { Layout } from "./layout.js";
import { OutcomeLedger } from "./outcome-ledger.js";
import { LedgerFile, readPublished } from "./published-ledger.js";
import { PublishedTail } from "./published-tail.js";
import { Publisher, type Share } from "./publisher.js";
import { createRandom } from "./random.js";
import type { RedisAddress } from "./redis-backend.js";
import type { Stack } from "./stack.js";

/** What a server process is started with; its ledgers are files, since it is there to be killed. */
export interface ServerStart {
  readonly stack: Stack;
  /** The file of Centrifugo's engine, where that is what is served with. */
  readonly engine?: string;
  readonly layout: Layout;
  readonly streams: number;
  readonly port: number;
  readonly seed: number;
  /** How many were started before, of whatever kind. */
  readonly number: number;
  readonly publishedFile: string;
  readonly startedFile: string;
  readonly log: { readonly keepMs: number; readonly keepCount: number };
  readonly node?: NodeStart;
}

/** What one of several nodes has besides. */
export interface NodeStart {
  readonly redis: RedisAddress;
  /** Publishes, and serves nobody. */
  readonly worker: boolean;
  readonly share: Share;
  readonly outcomeFile: string;
  /** The ledgers of all publishers. */
  readonly publishedFiles: readonly string[];
}

export interface ServerStats {
  readonly published: number;
  /** Exact events whose outcome is not known yet, and those that were taken, refused, or are unknown for ever. */
  readonly open: number;
  readonly taken: number;
  readonly refused: number;
  readonly unknown: number;
  /** Exact events that the members of one server alone were given. */
  readonly local: number;
  readonly failed: number;
  readonly overlapped: number;
  readonly murmurs: readonly number[];
  readonly dropped: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly rss: number;
  readonly heap: number;
  /** ms */
  readonly lagMax: number;
  /** Rejections that nobody handled, and errors that nobody caught. */
  readonly unhandled: number;
}

type Request =
  | ({ readonly do: "start" } & ServerStart)
  | { readonly do: "publish"; readonly rate: number; readonly total: number }
  | { readonly do: "murmur"; readonly rate: number }
  | { readonly do: "stop" }
  /** What was kept of answers is lost: handlers count as another server's from now on. */
  | { readonly do: "number"; readonly number: number }
  | { readonly do: "census" }
  | { readonly do: "stats" };

let host: Host;
let publisher: Publisher;
let outcomes: OutcomeLedger | undefined;
let number = 0;
let overlapped = 0;
let unhandled = 0;
const lag = monitorEventLoopDelay({ resolution: 10 });

async function start(options: ServerStart): Promise<number> {
  const { stack, engine, layout, streams, port, seed, publishedFile, startedFile, node } = options;
  number = options.number;
  const started = new LedgerFile(startedFile);
  const random = createRandom(seed + number);
  const running = new Set<string>();
  const tail = new PublishedTail(node?.publishedFiles ?? [publishedFile], streams);
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
    state: () => tail.read(),
  };
  if (stack === "stock") host = await (await import("./stock-host.js")).openStockHost(layout, port, hooks);
  else if (engine) host = await (await import("./centrifuge-host.js")).openCentrifugeHost(engine, layout, port);
  else host = await openHost(options, hooks);
  if (node) outcomes = new OutcomeLedger(publishedFile, node.outcomeFile);
  const ledger = new LedgerFile(publishedFile);
  const state = readPublished(publishedFile, streams);
  publisher = new Publisher(host, layout, state, ledger, random, number, { outcomes, share: node?.share });
  publisher.resume();
  lag.enable();
  return host.port;
}

async function openHost({ layout, port, log, node }: ServerStart, hooks: HostHooks): Promise<Host> {
  const backend = node
    ? await (await import("./redis-backend.js")).openRedisBackend(node.redis)
    : memoryBackend({ log });
  if (node?.worker) return (await import("./worker-host.js")).openWorkerHost(layout, backend);
  return (await import("./library-host.js")).openLibraryHost(layout, port, backend, hooks, node ? patientPings : pings);
}

function stats(): ServerStats {
  const { rss, heapUsed } = process.memoryUsage();
  const { failed, dropped, connections } = host;
  const { taken = 0, refused = 0, unknown = 0, local = 0 } = outcomes?.counts ?? {};
  return {
    published: publisher.published,
    open: publisher.open,
    taken,
    refused,
    unknown,
    local,
    failed,
    overlapped,
    murmurs: publisher.murmurs,
    dropped: { ...dropped },
    connections,
    rss,
    heap: heapUsed,
    lagMax: lag.max / 1e6,
    unhandled,
  };
}

for (const name of ["unhandledRejection", "uncaughtException"] as const)
  process.on(name, (error) => {
    if (unhandled++ < 5) console.error(name, error);
  });

// Counting costs time, so only where it is asked for.
if (globalThis.gc) beginCensus();

answerParent(async (request: Request) => {
  if (request.do === "start") return start(request);
  if (request.do === "census") return takeCensus();
  if (request.do === "publish") publisher.start(request.rate, request.total);
  else if (request.do === "murmur") publisher.murmur(request.rate);
  else if (request.do === "stop") publisher.stop();
  else if (request.do === "number") number = request.number;
  return stats();
});
