import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.js";
import { bundleProcesses } from "./bundle.js";
import { type Child, startChild } from "./child.js";
import type { ClientsProgress, ClientsRecords, ClientsStart } from "./clients-child.js";
import { Cutter, UpgradeBlocker } from "./cutter.js";
import { judgeCommands, judgeEvents, type Started } from "./judge.js";
import { type Layout, steadyCount } from "./layout.js";
import type { Progress } from "./progress.js";
import { readPairs, readPublished } from "./published-ledger.js";
import { createRandom } from "./random.js";
import type { ServerStats } from "./server-child.js";
import { Servers } from "./servers.js";
import { percentile } from "./statistics.js";

export interface StormOptions {
  readonly cuts: number;
  readonly events: number;
  readonly seed: number;
  readonly stock: boolean;
  /** At least 100. */
  readonly clients: number;
}

const eventsPerSecond = 1_700;
const cutsPerSecond = 17;
const commandsPerSecond = 100;
/** By then every head has been compared twice over, and every command has expired. */
const settleMs = 125_000;

/** Publishes and cuts at once, and compares what was published with what was handled when it is over. */
export async function runStorm(
  { cuts, events, seed, stock, clients }: StormOptions,
  say: Progress,
): Promise<Record<string, unknown>> {
  const layout: Layout = { clients, arenas: Math.max(4, Math.round(clients / 8)) };
  const seconds = Math.max(4, events / eventsPerSecond, cuts / cutsPerSecond);
  const folder = mkdtempSync(join(tmpdir(), "chaos-"));
  const bundle = await bundleProcesses(["server-child", "clients-child"]);
  const servers = new Servers(bundle, layout, seed, stock, folder);
  const port = await servers.start(0);
  const [proxy, steadyProxy] = [await startFaultProxy(port), await startFaultProxy(port)];
  const child = startChild(bundle.file("clients-child"));
  const started = performance.now();
  try {
    const start: ClientsStart = { stock, layout, seed, url: proxy.url, steadyUrl: steadyProxy.url };
    await child.ask({ do: "start", ...start });
    say(
      `${clients} clients are in ${layout.arenas} rooms; ${Math.round(seconds)} s of ${Math.round(cuts / seconds)} cuts and ${Math.round(events / seconds)} events a second`,
    );
    const storm = new Storm(servers, child, proxy, steadyProxy, layout, stock, say);
    await storm.rage({ cuts, events, seed, seconds });
    const settled = await storm.settle();
    const records = await child.ask<ClientsRecords>({ do: "records" });
    return {
      ...verdict(servers, storm, records, { stock, settled }),
      seed,
      clients,
      rooms: layout.arenas + clients,
      seconds: Math.round((performance.now() - started) / 1_000),
    };
  } finally {
    await Promise.all([child.kill(), servers.stop()]);
    await Promise.all([proxy.close(), steadyProxy.close()]);
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
  kills = 0;
  commandsAfterKill = 0;
  lowAddressed = 0;
  lowHandled = 0;
  lowCounted = 0;
  lowTwice = 0;
  steadyLost = 0;
  complete = false;
  cutter: Cutter | undefined;
  failed = 0;
  overlapped = 0;
  private murmursBefore: readonly number[] = Array.from({ length: steadyCount }, () => 0);
  private connectionsBefore: readonly number[] = [];

  constructor(
    private readonly servers: Servers,
    private readonly clients: Child,
    readonly proxy: FaultProxy,
    private readonly steadyProxy: FaultProxy,
    private readonly layout: Layout,
    /** Nothing brings a stock client what it missed, so there is no point in waiting for it. */
    private readonly stock: boolean,
    private readonly say: Progress,
  ) {}

  async rage({ cuts, events, seed, seconds }: Rage): Promise<void> {
    const { servers, clients, proxy } = this;
    const cutter = new Cutter(proxy, createRandom(seed ^ 0xc07));
    this.cutter = cutter;
    const blocker = new UpgradeBlocker(proxy);
    const kills = Math.min(6, Math.max(1, Math.round(cuts / 2_000)));
    const murmurs = Math.min(6, Math.max(1, Math.round(cuts / 2_000)));
    const begun = performance.now();
    // Kills and murmurs take turns, each at its share of the time.
    const due = [...points(kills, "kill" as const, 0.7), ...points(murmurs, "murmur" as const, 0.2)].sort(
      (one, other) => one.at - other.at,
    );
    const publish = { do: "publish", rate: events / seconds, total: events };
    await servers.ask(publish);
    await clients.ask({ do: "act", rate: commandsPerSecond });
    cutter.start(cuts / seconds, cuts);
    blocker.start(Math.min(20_000, seconds * 400), 1_500);
    let said = performance.now();
    let published = 0;
    // A slow machine takes longer, but not for ever.
    while (performance.now() - begun < seconds * 2_500 + 60_000) {
      await sleep(200);
      const done = Math.min(cuts === 0 ? 1 : cutter.count / cuts, published / events);
      while (due[0] && due[0].at <= done) {
        if (due.shift()?.what === "murmur") await this.murmur();
        else {
          cutter.stop();
          await this.kill();
          await servers.ask(publish);
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
    const { failed, overlapped } = await servers.ask({ do: "stop" });
    this.failed += failed;
    this.overlapped += overlapped;
    cutter.sweep();
  }

  /** Waits until every client has handled the last of every stream and every command is answered, or long enough. */
  async settle(): Promise<boolean> {
    const { exact } = readPublished(this.servers.publishedFile, this.servers.streams);
    const begun = performance.now();
    for (let said = begun; performance.now() - begun < (this.stock ? 8_000 : settleMs); ) {
      const progress = await this.clients.ask<ClientsProgress>({ do: "progress" });
      const behind = exact.reduce((sum, last, stream) => sum + ((progress.exact[stream] as number) >= last ? 0 : 1), 0);
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

  /** Large low events to clients that read slowly and are not cut: what is dropped must be what is counted. */
  private async murmur(): Promise<void> {
    const { servers, steadyProxy, clients } = this;
    const before = await servers.ask({ do: "stats" });
    const earlier = await clients.ask<ClientsProgress>({ do: "progress" });
    this.murmursBefore = earlier.murmurs;
    this.connectionsBefore = earlier.steadyConnections;
    // Shorter than a ping's timeout, and more than the system's buffers take.
    for (const connection of steadyProxy.connections) connection.set({ toClient: { mode: "stall" } });
    await servers.ask({ do: "murmur", rate: 300 });
    await sleep(800);
    await servers.ask({ do: "murmur", rate: 0 });
    await sleep(200);
    for (const connection of steadyProxy.connections) connection.set({ toClient: { mode: "pass" } });
    const { after, later } = await this.quiet();
    this.lowTwice = later.murmursTwice;
    for (let index = 0; index < steadyCount; index++) {
      const connection = later.steadyConnections[index] as number;
      if (connection < 0 || connection !== this.connectionsBefore[index]) {
        this.steadyLost++;
        continue;
      }
      const name = `murmur_${index}`;
      const addressed = (after.murmurs[index] as number) - (before.murmurs[index] as number);
      const handled = (later.murmurs[index] as number) - (this.murmursBefore[index] as number);
      const counted = (after.dropped[name] ?? 0) - (before.dropped[name] ?? 0);
      this.lowAddressed += addressed;
      this.lowHandled += handled;
      this.lowCounted += counted;
      if (addressed !== handled + counted)
        this.say(`${name}: ${addressed} addressed, ${handled} handled, ${counted} counted as dropped`);
    }
  }

  /** Waits until no more of what was murmured comes: a slow machine takes its time to deliver it. */
  private async quiet(): Promise<{ after: ServerStats; later: ClientsProgress }> {
    const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
    let calm = 0;
    let before = -1;
    for (const begun = performance.now(); ; await sleep(250)) {
      const after = await this.servers.ask({ do: "stats" });
      const later = await this.clients.ask<ClientsProgress>({ do: "progress" });
      const handled = sum(later.murmurs);
      calm = handled === before ? calm + 1 : 0;
      before = handled;
      if (calm >= 6 || performance.now() - begun > 20_000) return { after, later };
    }
  }

  private async kill(): Promise<void> {
    const { servers, clients } = this;
    const { failed, overlapped } = await servers.ask({ do: "stats" });
    this.failed += failed;
    this.overlapped += overlapped;
    await servers.stop();
    this.kills++;
    this.commandsAfterKill += await clients.ask<number>({ do: "server", number: servers.number + 1 });
    await sleep(500);
    await servers.restart();
    for (let tries = 0; tries < 100; tries++) {
      if ((await clients.ask<ClientsProgress>({ do: "progress" })).connected > this.layout.clients / 2) break;
      await sleep(100);
    }
    this.say(`killed and started again; ${this.commandsAfterKill} commands were without an answer so far`);
  }
}

function points<TWhat extends string>(count: number, what: TWhat, offset: number): { at: number; what: TWhat }[] {
  return Array.from({ length: count }, (_, index) => ({ what, at: (index + offset) / count }));
}

function verdict(
  servers: Servers,
  storm: Storm,
  records: ClientsRecords,
  { stock, settled }: { stock: boolean; settled: boolean },
) {
  const published = readPublished(servers.publishedFile, servers.streams);
  const events = judgeEvents(published, records.streams, records.reasons);
  const started = function* (): Generator<Started> {
    for (const [head, k] of readPairs(servers.startedFile)) yield { server: head >>> 24, client: head & 0xff_ffff, k };
  };
  const commands = judgeCommands(started(), records.commands);
  const recoveries = records.recoveries.slice().sort((one, other) => one - other);
  const { accepted, upgradesRefused, upgradesHung } = storm.proxy.counters;
  const {
    cutter,
    kills,
    commandsAfterKill,
    complete,
    lowAddressed,
    lowHandled,
    lowCounted,
    lowTwice,
    steadyLost,
    failed,
    overlapped,
  } = storm;
  return {
    stock,
    complete,
    settled,
    published: published.total,
    handled: records.handled,
    lost: events.lost,
    duplicated: events.duplicated + lowTwice,
    reordered: events.reordered,
    cuts: cutter?.count ?? 0,
    falseRecovered: events.falseRecovered,
    resyncs: events.resyncs,
    coalescedWrong: events.coalescedWrong,
    lowDropped: lowAddressed - lowHandled,
    lowDroppedCounted: lowCounted,
    ...commands,
    commandsAfterKill,
    recoveryP50Ms: percentile(recoveries, 0.5),
    recoveryP99Ms: percentile(recoveries, 0.99),
    // What follows is beside the figures that are asked for.
    lostUnannounced: events.lostUnannounced,
    missedWithResync: events.missedWithResync,
    recoveries: recoveries.length,
    lowAddressed,
    lowWindowsLost: steadyLost,
    emitsFailed: failed,
    commandsOverlapped: overlapped,
    kills,
    cutsByKind: cutter?.byKind,
    connections: accepted,
    upgradesRefused,
    upgradesHung,
  };
}
