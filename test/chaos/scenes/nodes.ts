import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { RedisProcess } from "../../support/redis-process.js";
import { percentile } from "../statistics.js";
import { measureEmits } from "./emit-cost.js";
import type { Scene } from "./scene-child.js";
import { openVisitors, startSceneServer, until } from "./visitor.js";

const perSecond = 20;
const seconds = 10;

/** Two nodes on one Redis, each with half of the clients, all of which are in one room that both nodes emit to. */
export const nodes: Scene = async (file, { clients: wanted }) => {
  const clients = wanted || 1_000;
  const redis = await RedisProcess.start();
  const servers = await Promise.all(
    (["redis", "ioredis"] as const).map((client) => startSceneServer(file, { redis: { port: redis.port, client } })),
  );
  const visitors = (await Promise.all(servers.map(({ url }) => openVisitors(url, clients / 2, () => "0")))).flat();
  const latencies: number[] = [];
  for (const visitor of visitors)
    visitor.onEvent = (sentAt) => latencies.push(performance.timeOrigin + performance.now() - sentAt);
  const [first, second] = servers as [(typeof servers)[0], (typeof servers)[0]];
  await first.server.ask({ do: "emit", to: "arena:0", count: 1 });
  await until(() => latencies.length === clients, 20_000);
  latencies.length = 0;
  // Each counts its own numbers, so one emits half of the time and the other the other half.
  for (const { server } of [first, second]) {
    await server.ask({ do: "rate", to: "arena:0", perSecond });
    await sleep((seconds / 2) * 1_000);
    await server.ask({ do: "rate", to: "arena:0", perSecond: 0 });
  }
  await until(() => latencies.length >= perSecond * seconds * clients * 0.99, 5_000);
  await sleep(200);
  const samples = latencies.sort((one, other) => one - other);
  for (const { client } of visitors) client.close();
  await Promise.all(servers.map(({ server }) => server.kill()));
  const emits = await measureEmits(redis);
  await redis.close();
  const p99Ms = percentile(samples, 0.99);
  return {
    nodes: servers.length,
    clients,
    emitsPerSecond: perSecond,
    samples: samples.length,
    p50Ms: percentile(samples, 0.5),
    p99Ms,
    maxMs: percentile(samples, 1),
    ...emits,
    pass:
      p99Ms <= 50 &&
      samples.length % clients === 0 &&
      samples.length >= perSecond * seconds * clients * 0.9 &&
      emits.manyRoomsRatio <= 1.1 &&
      emits.roundTripsAnEmit === 1 &&
      emits.commandsARead >= 2,
  };
};
