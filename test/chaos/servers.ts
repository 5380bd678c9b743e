import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AwayPolicy } from "@gestaloka/events/redis";
import type { Bundle } from "./bundle.js";
import { type Child, startChild } from "./child.js";
import { type Layout, streamCount } from "./layout.js";
import { applyOutcomes } from "./outcome-ledger.js";
import { type PublishedState, readPublished } from "./published-ledger.js";
import type { ServerStart, ServerStats } from "./server-child.js";
import type { Stack } from "./stack.js";
import { stormLog } from "./storm-log.js";
import { sumOf } from "./sum-of-stats.js";

export interface ServersOptions {
  readonly layout: Layout;
  readonly seed: number;
  readonly stack: Stack;
  readonly engine?: string;
  /** Where ledgers are kept. */
  readonly folder: string;
  readonly execArgv?: readonly string[];
  /** Several servers on one Redis, and a worker that publishes beside them. */
  readonly cluster?: { readonly nodes: number; readonly redisPort: number; readonly policy: AwayPolicy };
}

/** A place for one process after the other, on one port, with a ledger that outlives them. */
interface Place {
  readonly publishedFile: string;
  readonly outcomeFile: string;
  port: number;
  /** Counts the processes of all places. */
  number: number;
  child: Child | undefined;
}

/** The server, one after the other on the same port; or several, and a worker. */
export class Servers {
  /** Servers by number that were ended, with the kill that ended them, counted from 1; a kill of Redis ends all. */
  readonly endedBy = new Map<number, number>();
  kills = 0;
  readonly startedFile: string;
  private readonly places: readonly Place[];
  private readonly past: ServerStats[] = [];
  private started = 0;

  constructor(
    private readonly bundle: Bundle,
    private readonly options: ServersOptions,
  ) {
    const { folder, cluster } = options;
    this.startedFile = join(folder, "started");
    this.places = Array.from({ length: cluster ? cluster.nodes + 1 : 1 }, (_, at) => ({
      publishedFile: join(folder, `published-${at}`),
      outcomeFile: join(folder, `outcomes-${at}`),
      port: 0,
      number: -1,
      child: undefined,
    }));
    for (const { publishedFile, outcomeFile } of this.places)
      for (const file of [publishedFile, outcomeFile]) writeFileSync(file, "");
    writeFileSync(this.startedFile, "");
  }

  /** How many serve clients. */
  get nodes(): number {
    return this.options.cluster?.nodes ?? 1;
  }

  /** Of those that serve clients; undefined for one that is down. */
  get ports(): (number | undefined)[] {
    return this.places.slice(0, this.nodes).map(({ port, child }) => (child ? port : undefined));
  }

  /** The processes that run, the worker among them. */
  get children(): Child[] {
    return this.alive.map(({ child }) => child as Child);
  }

  get pids(): number[] {
    return this.children.map(({ pid }) => pid);
  }

  async start(): Promise<void> {
    for (let at = 0; at < this.places.length; at++) await this.startOne(at);
  }

  async startOne(at: number): Promise<void> {
    const { bundle, options, places, startedFile } = this;
    const { layout, seed, stack, engine, cluster, execArgv } = options;
    const place = places[at] as Place;
    place.number = this.started++;
    const child = startChild(bundle.file("server-child"), execArgv, engine !== undefined);
    const start: ServerStart = {
      stack,
      ...(engine === undefined ? {} : { engine }),
      layout,
      streams: streamCount(layout),
      port: place.port,
      seed,
      number: place.number,
      publishedFile: place.publishedFile,
      startedFile,
      log: stormLog,
    };
    const node = cluster && {
      redis: {
        port: cluster.redisPort,
        client: at % 2 === 0 ? ("redis" as const) : ("ioredis" as const),
        whileAway: cluster.policy,
      },
      worker: at === cluster.nodes,
      share: { at, of: places.length },
      outcomeFile: place.outcomeFile,
      publishedFiles: places.map(({ publishedFile }) => publishedFile),
    };
    place.port = await child.ask<number>({ do: "start", ...start, ...(node ? { node } : {}) });
    place.child = child;
  }

  /** Asks all that run, and sums what they say. */
  async ask(request: object): Promise<ServerStats> {
    return sumOf([...this.past, ...(await this.askEach(request))]);
  }

  askEach<TAnswer = ServerStats>(request: object): Promise<TAnswer[]> {
    return Promise.all(this.children.map((child) => child.ask<TAnswer>(request)));
  }

  /** Publishes `rate` events an s, `total` in all, each its share of both. */
  async publish(rate: number, total: number): Promise<void> {
    const shares = this.places.length;
    await this.askEach({ do: "publish", rate: rate / shares, total: Math.ceil(total / shares) });
  }

  /** Low events, so many an s to each steady client, from one server, to clients of every one. */
  async murmur(rate: number): Promise<void> {
    await this.places[0]?.child?.ask({ do: "murmur", rate });
  }

  /** Ends one as a crash would. */
  async kill(at: number): Promise<void> {
    const place = this.places[at] as Place;
    const { child, number } = place;
    if (!child) return;
    const last = await child.ask<ServerStats>({ do: "stats" });
    // What it published stands in its ledger, which the next one reads.
    this.past.push({
      ...last,
      published: 0,
      open: 0,
      taken: 0,
      refused: 0,
      unknown: 0,
      local: 0,
      connections: 0,
      murmurs: [],
    });
    place.child = undefined;
    await child.kill();
    this.endedBy.set(number, ++this.kills);
  }

  /** Redis was killed: what handlers start from now on, they start without what was kept of answers. */
  async forgetAnswers(): Promise<void> {
    this.kills++;
    for (const place of this.alive) {
      this.endedBy.set(place.number, this.kills);
      place.number = this.started++;
      await place.child?.ask({ do: "number", number: place.number });
    }
  }

  /** What was published, as far as it was taken. */
  published(): PublishedState {
    const [first, ...more] = this.places as [Place, ...Place[]];
    const state = readPublished(first.publishedFile, streamCount(this.options.layout));
    for (const { publishedFile } of more) state.read(publishedFile);
    if (this.options.cluster) for (const { outcomeFile } of this.places) applyOutcomes(state, outcomeFile);
    return state;
  }

  async stop(): Promise<void> {
    await Promise.all(this.alive.map(({ child }) => child?.kill()));
  }

  private get alive(): Place[] {
    return this.places.filter(({ child }) => child);
  }
}
