import { startFaultProxy } from "../../support/fault-proxy.js";
import { createRandom } from "../random.js";
import { percentile } from "../statistics.js";
import type { Scene } from "./scene-child.js";
import { openVisitor, startSceneServer, until } from "./visitor.js";

const rounds = 300;
const missedAtMost = 100;

/** One client is cut again and again, misses up to 100 events, and connects again: until the last of them is handled. */
export const recover: Scene = async (file, { seed }) => {
  const { server, url } = await startSceneServer(file, {});
  const proxy = await startFaultProxy(Number(new URL(url).port));
  const visitor = await openVisitor(proxy.url, "u0", "0");
  const random = createRandom(seed);
  const times: number[] = [];
  let last = await server.ask<number>({ do: "emit", to: "arena:0", count: 1 });
  await until(() => visitor.arena === last, 5_000);
  for (let round = 0; round < rounds; round++) {
    proxy.set({ accept: "reset" });
    if (random() < 0.5) proxy.cut();
    else proxy.reset();
    await until(() => visitor.client.connection.getSnapshot().status !== "connected", 5_000);
    last = await server.ask<number>({ do: "emit", to: "arena:0", count: 1 + Math.floor(random() * missedAtMost) });
    proxy.set({ accept: "pass" });
    const begun = performance.now();
    visitor.client.connect();
    if (!(await until(() => visitor.arena === last, 10_000))) break;
    times.push(performance.now() - begun);
  }
  visitor.client.close();
  await Promise.all([proxy.close(), server.kill()]);
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
    pass: times.length === rounds && visitor.holes === 0 && visitor.resyncs === 0 && recoveryP99Ms <= 100,
  };
};
