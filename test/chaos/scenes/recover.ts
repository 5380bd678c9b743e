import { startFaultProxy } from "../../support/fault-proxy.js";
import { createRandom } from "../random.js";
import { percentile } from "../statistics.js";
import { peersOf } from "./peers.js";
import type { Scene } from "./scene-child.js";
import type { SceneServerStats } from "./scene-server.js";
import { until } from "./visitor.js";

const rounds = 300;
const missedAtMost = 100;

/** One client is cut again and again, misses up to 100 events, and connects again: until the last of them is handled. */
export const recover: Scene = async (file, { seed, engine }) => {
  const peers = await peersOf(file, engine);
  const { server, url } = await peers.start({});
  const proxy = await startFaultProxy(Number(new URL(url).port));
  const visitor = await peers.open(proxy.url, "u0", "0");
  const random = createRandom(seed);
  const times: number[] = [];
  let last = await server.ask<number>({ do: "emit", to: "arena:0", count: 1 });
  await until(() => visitor.arena === last, 5_000);
  const before = await server.ask<SceneServerStats>({ do: "stats" });
  const cpuBefore = process.cpuUsage();
  for (let round = 0; round < rounds; round++) {
    proxy.set({ accept: "reset" });
    if (random() < 0.5) proxy.cut();
    else proxy.reset();
    await until(() => !visitor.connected(), 5_000);
    last = await server.ask<number>({ do: "emit", to: "arena:0", count: 1 + Math.floor(random() * missedAtMost) });
    proxy.set({ accept: "pass" });
    const begun = performance.now();
    visitor.connect();
    if (!(await until(() => visitor.arena === last, 10_000))) break;
    times.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const { cpuMs } = await server.ask<SceneServerStats>({ do: "stats" });
  visitor.close();
  await Promise.all([proxy.close(), server.kill()]);
  const perRound = (ms: number) => Math.round((ms / times.length) * 100) / 100;
  times.sort((one, other) => one - other);
  const recoveryP99Ms = percentile(times, 0.99);
  return {
    rounds: times.length,
    missedAtMost,
    holes: visitor.holes,
    resyncs: visitor.resyncs,
    recoveryP50Ms: percentile(times, 0.5),
    recoveryP99Ms,
    recoveryMaxMs: percentile(times, 1),
    // Of a round: its events are emitted, too, and the proxy is in the client's process.
    serverCpuMs: perRound(cpuMs - before.cpuMs),
    clientCpuMs: perRound((user + system) / 1_000),
    pass: times.length === rounds && visitor.holes === 0 && visitor.resyncs === 0 && recoveryP99Ms <= 100,
  };
};
