import { type Peers, peersOf } from "./peers.js";
import type { Scene } from "./scene-child.js";
import type { SceneServerStats } from "./scene-server.js";
import { until, type Visitor } from "./visitor.js";

const unrelated = 9_000;
const rooms = 20;
const missed = 20;
const mebibyte = 1024 * 1024;

interface Herd {
  readonly clients: number;
  readonly recoveredMs: number;
  readonly recovered: number;
  readonly holes: number;
  readonly resyncs: number;
  /** Of the server's loop, where it has one. */
  readonly lagMaxMs?: number;
  readonly rssMiB: number;
  /** Processor time of the server and of all clients until the last was back. */
  readonly serverCpuMs: number;
  readonly clientsCpuMs: number;
}

/** All clients are cut in one moment, miss events of their rooms, and come back by themselves, jitter included. */
async function stampede(peers: Peers, clients: number): Promise<Herd> {
  const { server, url } = await peers.start({});
  await server.ask({ do: "emit", to: "arena:elsewhere", count: unrelated, bytes: 150 });
  const visitors = await peers.openMany(url, clients, (index) => String(index % rooms));
  for (let room = 0; room < rooms; room++) await server.ask({ do: "emit", to: `arena:${room}`, count: 1 });
  await until(() => visitors.every(({ arena }) => arena === 1), 20_000);
  const before = await server.ask<SceneServerStats>({ do: "stats" });
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  await server.ask({ do: "drop" });
  for (let room = 0; room < rooms; room++) await server.ask({ do: "emit", to: `arena:${room}`, count: missed });
  await until(() => visitors.every(({ arena }) => arena === 1 + missed), 60_000);
  const recoveredMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { lagMax, rss, cpuMs } = await server.ask<SceneServerStats>({ do: "stats" });
  const count = (of: (visitor: Visitor) => number) => visitors.reduce((sum, visitor) => sum + of(visitor), 0);
  const herd = {
    clients,
    recoveredMs: Math.round(recoveredMs),
    recovered: count(({ arena }) => (arena === 1 + missed ? 1 : 0)),
    holes: count(({ holes }) => holes),
    resyncs: count(({ resyncs }) => resyncs),
    ...(lagMax === undefined ? {} : { lagMaxMs: Math.round(lagMax) }),
    rssMiB: Math.round(rss / mebibyte),
    serverCpuMs: Math.round(cpuMs - before.cpuMs),
    clientsCpuMs: Math.round((user + system) / 1_000),
  };
  for (const visitor of visitors) visitor.close();
  await server.kill();
  return herd;
}

export const herd: Scene = async (file, { clients, engine }) => {
  const peers = await peersOf(file, engine);
  const small = await stampede(peers, 200);
  const large = await stampede(peers, clients || 2_000);
  const whole = ({ recovered, clients: all, holes, resyncs }: Herd) =>
    recovered === all && holes === 0 && resyncs === 0;
  return {
    unrelated,
    small,
    large,
    pass:
      whole(small) &&
      small.recoveredMs <= 1_500 &&
      whole(large) &&
      large.recoveredMs <= 15_000 &&
      (large.lagMaxMs ?? 0) <= 200 &&
      large.rssMiB <= 512,
  };
};
