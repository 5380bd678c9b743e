import { setTimeout as sleep } from "node:timers/promises";
import { type FaultProxy, startFaultProxy } from "../../support/fault-proxy.js";
import { percentile } from "../statistics.js";
import { type Peers, peersOf } from "./peers.js";
import type { Scene } from "./scene-child.js";
import type { SceneServerStats, Watched } from "./scene-server.js";
import { until } from "./visitor.js";

const capBytes = 1024 * 1024;
const noteBytes = 16_000;
const notesPerSecond = 250;
const seconds = 10;
const rounds = 7;
const mebibyte = 1024 * 1024;

interface Run {
  /** How long each event took to each of the others, ms. */
  readonly latencies: readonly number[];
  /** Bytes of heap and outside it, when as many notes were emitted in the control as when the reader neared the cap. */
  readonly memory: number;
  readonly notes: number;
  readonly watched: Watched;
  readonly recovered: boolean;
  /** From the stall to the end of the connection, to some ms. */
  readonly cutMs: number;
  /** Of the server, when memory was measured. */
  readonly rss: number;
  /** Processor time of the server from the first of the large events to the last. */
  readonly serverCpuMs: number;
}

/** One user's connection gets large events beside what all get; in the second run it stops reading. */
async function run(peers: Peers, clients: number, stall: boolean, notesAtMeasure: number): Promise<Run> {
  const { server, url } = await peers.start({ log: { keepMs: 60_000, keepCount: 10_000 } });
  const proxy: FaultProxy = await startFaultProxy(Number(new URL(url).port));
  const visitors = await peers.openMany(url, clients - 1, () => "0");
  const reader = await peers.open(proxy.url, "slow", "0");
  const latencies: number[] = [];
  for (const visitor of visitors)
    visitor.onEvent = (sentAt) => latencies.push(performance.timeOrigin + performance.now() - sentAt);
  await server.ask({ do: "emit", to: "arena:0", count: 1 });
  await until(() => visitors.every(({ arena }) => arena === 1), 20_000);
  await server.ask({ do: "rate", to: "arena:0", perSecond: 5 });
  await sleep(2_000);
  latencies.length = 0;
  const begun = performance.now();
  const before = await server.ask<SceneServerStats>({ do: "stats" });
  await server.ask({ do: "watch", userId: "slow" });
  if (stall) proxy.set({ toClient: { mode: "stall" } });
  await server.ask({ do: "rate", to: "seat:slow", perSecond: notesPerSecond, bytes: noteBytes });
  let notes = 0;
  let watched: Watched;
  do {
    await sleep(4);
    notes = await server.ask<number>({ do: "emit", to: "seat:slow", count: 0 });
    watched = await server.ask<Watched>({ do: "watched" });
    // Near the cap in the one run, and after as many notes in the other.
  } while (stall ? watched.bytes < capBytes * 0.85 && !watched.closed : notes < notesAtMeasure);
  await server.ask({ do: "rate", to: "seat:slow", perSecond: 0 });
  let cutMs = watched.closed ? performance.now() - begun : 0;
  const { memory, rss } = await server.ask<SceneServerStats>({ do: "collect" });
  const measured = notes;
  await server.ask({ do: "rate", to: "seat:slow", perSecond: notesPerSecond, bytes: noteBytes });
  if (stall)
    while (!watched.closed && performance.now() - begun < 60_000) {
      await sleep(20);
      watched = await server.ask<Watched>({ do: "watched" });
      cutMs ||= watched.closed ? performance.now() - begun : 0;
    }
  await sleep(Math.max(0, seconds * 1_000 - (performance.now() - begun)));
  notes = await server.ask<number>({ do: "rate", to: "seat:slow", perSecond: 0 });
  const { cpuMs } = await server.ask<SceneServerStats>({ do: "stats" });
  proxy.set({ toClient: { mode: "pass" } });
  const recovered = await until(() => reader.seat === notes, 20_000);
  const result = {
    latencies,
    memory,
    notes: measured,
    watched,
    recovered: recovered && reader.holes === 0,
    cutMs,
    rss,
    serverCpuMs: cpuMs - before.cpuMs,
  };
  for (const visitor of [...visitors, reader]) visitor.close();
  await Promise.all([proxy.close(), server.kill()]);
  return result;
}

/**
 * What one stalled reader costs the others, by seven runs with one and seven without, in turn.
 *
 * An event reaches all within some 50 ms, so that a run's p99 is its slowest event or two, and varies by a fifth from run to
 * run: it is taken of all runs together. Of the rest a median is.
 */
export const stalled: Scene = async (file, { clients: wanted, engine }) => {
  const peers = await peersOf(file, engine);
  const clients = wanted || 1_000;
  // A thousand clients are a process that gets faster in its first seconds: it is judged after them.
  await run(peers, clients, false, 1);
  const slow: Run[] = [];
  const control: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    const stalling = await run(peers, clients, true, 0);
    slow.push(stalling);
    control.push(await run(peers, clients, false, stalling.notes));
  }
  const middle = (runs: readonly Run[], of: (run: Run) => number) => percentile(runs.map(of).sort(ascending), 0.5);
  const bytesMax = Math.max(...slow.map(({ watched }) => watched.bytesMax));
  const cutAfterMs = Math.max(...slow.map(({ watched }) => watched.cutAfterMs ?? Number.POSITIVE_INFINITY));
  const more = slow.map(({ memory }, round) => (memory - (control[round] as Run).memory) / mebibyte);
  const moreMiB = percentile(more.sort(ascending), 0.5);
  const p99Ms = percentile(latenciesOf(slow), 0.99);
  const controlP99Ms = percentile(latenciesOf(control), 0.99);
  const recovered = slow.every((run) => run.recovered);
  const controlCut = control.some(({ watched }) => watched.closed);
  return {
    clients,
    rounds,
    // Centrifugo's engine tells nobody what waits for a connection.
    ...(engine === undefined
      ? {
          bytesMax,
          capPlusFrame: capBytes + noteBytes + 256,
          memoryMiB: middle(slow, ({ memory }) => memory) / mebibyte,
          controlMemoryMiB: middle(control, ({ memory }) => memory) / mebibyte,
          moreMiB: Math.round(moreMiB * 100) / 100,
          cutAfterMs: Math.round(cutAfterMs),
        }
      : {}),
    cutMs: Math.round(Math.max(...slow.map((run) => run.cutMs))),
    rssMiB: Math.round(middle(slow, ({ rss }) => rss) / mebibyte),
    controlRssMiB: Math.round(middle(control, ({ rss }) => rss) / mebibyte),
    controlServerCpuMs: Math.round(middle(control, ({ serverCpuMs }) => serverCpuMs)),
    p99Ms,
    controlP99Ms,
    // Of each run alone: how far chance takes it.
    p99MsOfRuns: slow.map((run) => percentile(latenciesOf([run]), 0.99)),
    controlP99MsOfRuns: control.map((run) => percentile(latenciesOf([run]), 0.99)),
    samples: latenciesOf(slow).length,
    recovered,
    controlCut,
    pass:
      bytesMax <= capBytes + noteBytes + 256 &&
      moreMiB <= 2 &&
      cutAfterMs <= 2_000 &&
      p99Ms <= controlP99Ms * 1.1 + 2 &&
      recovered &&
      !controlCut,
  };
};

const latenciesOf = (runs: readonly Run[]) => runs.flatMap(({ latencies }) => latencies).sort(ascending);
const ascending = (one: number, other: number) => one - other;
