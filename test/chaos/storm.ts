import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwayPolicy } from "@gestaloka/events/redis";
import { RedisProcess } from "../support/redis-process.js";
import { bundleProcesses } from "./bundle.js";
import { buildEngine } from "./centrifuge/build-engine.js";
import { type Child, startChild } from "./child.js";
import type { ClientsProgress, ClientsRecords, ClientsStart } from "./clients-child.js";
import { Cutter, UpgradeBlocker } from "./cutter.js";
import { Freezer } from "./freezer.js";
import { Front } from "./front.js";
import type { Layout } from "./layout.js";
import { Murmurs } from "./murmurs.js";
import type { Progress } from "./progress.js";
import { createRandom } from "./random.js";
import { type Outage, takeRedisAway } from "./redis-outage.js";
import { Servers } from "./servers.js";
import type { Stack } from "./stack.js";
import { judgeLedgers } from "./verdict.js";

export interface StormOptions {
  readonly cuts: number;
  readonly events: number;
  readonly seed: number;
  readonly stack: Stack;
  /** At least 100. */
  readonly clients: number;
  readonly cluster?: ClusterOptions;
}

/** Several nodes on one Redis, and a worker. */
export interface ClusterOptions {
  readonly nodes: number;
  readonly killNode: boolean;
  /** For how long Redis is away, ms; 0 where it always is there. */
  readonly redisOutMs: number;
  /** Whether it is stopped in place of killed, and so keeps what it has. */
  readonly redisStops: boolean;
  readonly policy: AwayPolicy;
}

const eventsPerSecond = 1_700;
const cutsPerSecond = 17;
const commandsPerSecond = 100;
/** By then every head has been compared twice over, and every command has expired. */
const settleMs = 125_000;

/** What Centrifugo is not asked for, and so has no figures of. */
const noCounterpart = /^(commands|low|coalesced|publishedLow|refusedHandled|emitsFailed|unhandled)/;

/** Publishes and cuts at once, and compares what was published with what was handled when it is over. */
export async function runStorm(
  { cuts, events, seed, stack, clients, cluster }: StormOptions,
  say: Progress,
): Promise<Record<string, unknown>> {
  const engine = stack === "centrifuge" ? await buildEngine() : undefined;
  const layout: Layout = { clients, arenas: Math.max(4, Math.round(clients / 8)) };
  const seconds = Math.max(4, events / eventsPerSecond, cuts / cutsPerSecond);
  const folder = mkdtempSync(join(tmpdir(), "chaos-"));
  const bundle = await bundleProcesses(["server-child", "clients-child"]);
  const redis = cluster && (await RedisProcess.start());
  const servers = new Servers(bundle, {
    layout,
    seed,
    stack,
    ...(engine ? { engine: engine.file } : {}),
    folder,
    ...(cluster && redis ? { cluster: { ...cluster, redisPort: redis.port } } : {}),
  });
  await servers.start();
  const front = await Front.open(servers.ports);
  const child = startChild(bundle.file("clients-child"));
  const started = performance.now();
  try {
    const urls = (proxies: Front["harmed"]) => proxies.map(({ url }) => url);
    const start: ClientsStart = { stack, layout, seed, urls: urls(front.harmed), steadyUrls: urls(front.steady) };
    await child.ask({ do: "start", ...start });
    say(
      `${clients} clients are in ${layout.arenas} rooms; ${Math.round(seconds)} s of ${Math.round(cuts / seconds)} cuts and ${Math.round(events / seconds)} events a second`,
    );
    const storm = new Storm(servers, child, front, layout, { stack, cluster, redis }, say);
    await storm.rage({ cuts, events, seed, seconds });
    const settled = await storm.settle();
    const records = await child.ask<ClientsRecords>({ do: "records" });
    const { refused, unknown, local, failed, overlapped, unhandled } = await servers.ask({ do: "stats" });
    const ledgers = judgeLedgers(servers, records);
    const figures = {
      stock: stack === "stock",
      ...(engine ? { centrifuge: engine.versions } : {}),
      ...(cluster ? { nodes: cluster.nodes, worker: true, policy: cluster.policy } : {}),
      settled,
      ...storm.figures(),
      ...ledgers,
      duplicated: ledgers.duplicated + storm.murmurs.twice,
      emitsFailed: failed,
      commandsOverlapped: overlapped,
      unhandled,
      ...(cluster ? { emitsRefused: refused, emitsUnknown: unknown, emitsLocal: local } : {}),
      seed,
      clients,
      rooms: layout.arenas + clients,
      seconds: Math.round((performance.now() - started) / 1_000),
    };
    return engine ? Object.fromEntries(Object.entries(figures).filter(([name]) => !noCounterpart.test(name))) : figures;
  } finally {
    await Promise.all([child.kill(), servers.stop()]);
    await Promise.all([front.close(), redis?.close()]);
    rmSync(folder, { recursive: true, force: true });
    bundle.remove();
  }
}

interface Rage {
  readonly cuts: number;
  readonly events: number;
  readonly seed: number;
  readonly seconds: number;
}

class Storm {
  private complete = false;
  private nodeKills = 0;
  private commandsAfterKill = 0;
  private outage: Outage | undefined;
  private cutter: Cutter | undefined;
  private freezer: Freezer | undefined;
  readonly murmurs: Murmurs;

  constructor(
    private readonly servers: Servers,
    private readonly clients: Child,
    private readonly front: Front,
    private readonly layout: Layout,
    private readonly what: {
      readonly stack: Stack;
      readonly cluster: ClusterOptions | undefined;
      readonly redis: RedisProcess | undefined;
    },
    private readonly say: Progress,
  ) {
    this.murmurs = new Murmurs(servers, clients, front, say);
  }

  async rage({ cuts, events, seed, seconds }: Rage): Promise<void> {
    const { servers, clients, front, what } = this;
    const cutter = new Cutter(front.harmed, createRandom(seed ^ 0xc07));
    this.cutter = cutter;
    // It is not asked for what it has no counterpart of.
    const engine = what.stack === "centrifuge";
    // A short storm would be mostly standstill.
    const freezer = new Freezer(createRandom(seed ^ 0xf2ee), Math.min(7_200, seconds * 250));
    this.freezer = freezer;
    const blocker = new UpgradeBlocker(front.harmed);
    const times = Math.min(6, Math.max(1, Math.round(cuts / 2_000)));
    const kills = !what.cluster || what.cluster.killNode ? Math.max(times, what.cluster ? 3 : 1) : 0;
    const freezes = Math.min(15, Math.max(1, Math.round(seconds / 40)));
    const begun = performance.now();
    // They take turns, each at its share of the time.
    const due = [
      ...points(kills, "kill" as const, 0.7),
      ...points(engine ? 0 : times, "murmur" as const, 0.2),
      ...points(freezes, "freeze clients" as const, 0.35),
      ...points(freezes, "freeze a server" as const, 0.9),
      ...points(what.cluster?.redisOutMs ? 1 : 0, "take redis away" as const, 0.5),
    ].sort((one, other) => one.at - other.at);
    await servers.publish(events / seconds, events);
    await clients.ask({ do: "act", rate: engine ? 0 : commandsPerSecond });
    cutter.start(cuts / seconds, cuts);
    blocker.start(Math.min(20_000, seconds * 400), 1_500);
    let said = performance.now();
    let published = 0;
    // A slow machine takes longer, but not for ever.
    while (
      performance.now() - begun <
      seconds * 2_500 + (1 + kills + freezes) * 60_000 + (what.cluster?.redisOutMs ?? 0)
    ) {
      await sleep(200);
      const done = Math.min(cuts === 0 ? 1 : cutter.count / cuts, published / events);
      while (due[0] && due[0].at <= done) {
        const next = due.shift()?.what;
        if (next === "murmur") await this.murmurs.murmur();
        else if (next === "freeze clients") await freezer.freeze([clients]);
        else if (next === "freeze a server") await freezer.freeze(servers.children);
        else {
          cutter.stop();
          await (next === "kill" ? this.kill() : this.takeRedisAway(what.cluster as ClusterOptions, events / seconds));
          await servers.publish(events / seconds, events);
          cutter.start(cuts / seconds, cuts);
        }
      }
      ({ published } = await servers.ask({ do: "stats" }));
      if (performance.now() - said > 5_000) {
        said = performance.now();
        const { connected, handled, pending } = await clients.ask<ClientsProgress>({ do: "progress" });
        this.say(
          `${cutter.count} cuts, ${published} published, ${handled} handled, ${connected} connected, ${pending} commands open`,
        );
      }
      this.complete = published >= events && cutter.count >= cuts && due.length === 0;
      if (this.complete) break;
    }
    cutter.stop();
    blocker.stop();
    await clients.ask({ do: "act", rate: 0 });
    await servers.ask({ do: "stop" });
    cutter.sweep();
  }

  /** Waits until every client has handled the last of every stream and every command is answered, or long enough. */
  async settle(): Promise<boolean> {
    const begun = performance.now();
    while ((await this.servers.ask({ do: "stats" })).open > 0 && performance.now() - begun < settleMs) await sleep(50);
    const { exact } = this.servers.published();
    // Nothing brings a stock client what it missed, so there is no point in waiting for it.
    for (let said = begun; performance.now() - begun < (this.what.stack === "stock" ? 8_000 : settleMs); ) {
      const progress = await this.clients.ask<ClientsProgress>({ do: "progress" });
      const behind = progress.exact.filter((reached, stream) => reached < (exact[stream] as number)).length;
      if (progress.connected === this.layout.clients && progress.pending === 0 && behind === 0) {
        // What would come twice may still be on its way.
        await sleep(1_000);
        return true;
      }
      if (performance.now() - said > 5_000) {
        said = performance.now();
        this.say(
          `settling: ${progress.connected} connected, ${progress.pending} commands open, ${behind} streams behind`,
        );
      }
      await sleep(250);
    }
    return false;
  }

  figures(): Record<string, unknown> {
    const { complete, cutter, freezer, nodeKills, commandsAfterKill, murmurs, front, outage } = this;
    return {
      complete,
      cuts: cutter?.count ?? 0,
      cutsByKind: cutter?.byKind,
      kills: nodeKills,
      freezes: freezer?.count ?? 0,
      longestFreezeMs: freezer?.longest ?? 0,
      commandsAfterKill,
      ...(outage ? { redisOutCpuPercent: outage.cpuPercent, backAfterMs: outage.backAfterMs } : {}),
      lowAddressed: murmurs.addressed,
      lowDropped: murmurs.addressed - murmurs.handled,
      lowDroppedCounted: murmurs.counted,
      lowWindowsLost: murmurs.lost,
      connections: front.count("accepted"),
      upgradesRefused: front.count("upgradesRefused"),
      upgradesHung: front.count("upgradesHung"),
    };
  }

  /** Kills a node, the next each time; its clients go to another where there is one, before it is started again. */
  private async kill(): Promise<void> {
    const { servers, clients, front, layout } = this;
    const at = this.nodeKills++ % servers.nodes;
    await servers.kill(at);
    this.commandsAfterKill += await clients.ask<number>({ do: "killed", kills: servers.kills });
    front.route(servers.ports);
    const some = async (share: number) => {
      for (const begun = performance.now(); performance.now() - begun < 10_000; await sleep(100))
        if ((await clients.ask<ClientsProgress>({ do: "progress" })).connected > layout.clients * share) return;
    };
    await sleep(500);
    if (servers.nodes > 1) await some(0.9);
    await servers.startOne(at);
    front.route(servers.ports);
    await some(0.5);
    this.say(`killed and started again; ${this.commandsAfterKill} commands were without an answer so far`);
  }

  private async takeRedisAway({ redisOutMs, redisStops }: ClusterOptions, eventsPerSecond: number): Promise<void> {
    const { servers, clients, what } = this;
    // Whoever has published its share would look as if nothing were taken.
    await servers.publish(eventsPerSecond, Number.MAX_SAFE_INTEGER);
    this.say(`Redis is ${redisStops ? "stopped" : "killed"}`);
    this.outage = await takeRedisAway(what.redis as RedisProcess, servers, clients, redisOutMs, redisStops);
    this.say(`Redis is back; ${this.outage.backAfterMs} ms later all is well`);
  }
}

function points<TWhat extends string>(count: number, what: TWhat, offset: number): { at: number; what: TWhat }[] {
  return Array.from({ length: count }, (_, index) => ({ what, at: (index + offset) / count }));
}
