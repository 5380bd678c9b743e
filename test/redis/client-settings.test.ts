import { createWorkerEmitter, redisBackend } from "@gestaloka/events/redis";
import { Cluster, Redis } from "ioredis";
import { createClient, RESP_TYPES } from "redis";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { IoRedisDriver } from "../../src/redis/ioredis-driver.js";
import { contract } from "../fixtures/contract.js";
import { describeRedis } from "../support/describe-redis.js";
import { openHarbour } from "../support/harbour-server.js";
import { RedisProcess } from "../support/redis-process.js";
import { consecutive, load, loads, until } from "./peers.js";

const settings: readonly { name: string; client: (port: number) => Parameters<typeof redisBackend>[0]["client"] }[] = [
  {
    name: "node-redis that keeps few commands",
    client: (port) => createClient({ socket: { port }, commandsQueueMaxLength: 10 }),
  },
  {
    name: "node-redis that gives bytes, and is impatient",
    client: (port) =>
      createClient({
        socket: { port },
        commandOptions: { timeout: 20, typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
      }) as never,
  },
  {
    name: "ioredis that gives numbers as text",
    client: (port) => new Redis({ port, lazyConnect: true, stringNumbers: true }),
  },
  {
    name: "ioredis that is impatient",
    client: (port) => new Redis({ port, lazyConnect: true, commandTimeout: 20 }),
  },
  {
    name: "node-redis that prefixes its keys, and does not connect again",
    client: (port) => createClient({ socket: { port, reconnectStrategy: false }, keyPrefix: "app:" }),
  },
  {
    name: "ioredis that prefixes its keys, and takes its time to connect again",
    client: (port) => new Redis({ port, lazyConnect: true, keyPrefix: "app:", retryStrategy: () => 60_000 }),
  },
  {
    name: "ioredis that speaks another protocol",
    client: (port) => new Redis({ port, lazyConnect: true, protocol: 3, replyMapping: "resp3" }),
  },
  {
    name: "ioredis that sends again what was refused",
    client: (port) => new Redis({ port, lazyConnect: true, reconnectOnError: () => 2 }),
  },
];

describeRedis("a backend over a client whose settings suit its application", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());

  it.each(settings)("takes what is emitted as over any other, and gives it: $name", async ({ name, client }) => {
    const backend = () => redisBackend({ client: client(redis.port), prefix: name });
    const worker = createWorkerEmitter({ contract, backend: backend() });
    const harbour = await openHarbour({ backend: backend() });
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    const quay = worker.to.quay("q1");
    expect(await quay.emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    await redis.command("SCRIPT", "FLUSH");
    await redis.command("CLIENT", "PAUSE", "200", "WRITE");
    const emits = Array.from({ length: 100 }, (_, at) => quay.emit("ship_loaded", load(at + 2)));
    const numbers = (await Promise.all(emits)).map((result) => (result.ok ? result.seq : result.error.code));
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, at) => at + 2));
    await redis.command("CLIENT", "KILL", "TYPE", "normal");
    const killed = performance.now();
    await until(async () => (await quay.emit("ship_loaded", load(102))).ok);
    // By itself: one that does not connect again is replaced after 10 s.
    expect(performance.now() - killed).toBeLessThan(9_000);
    await until(() => loads(ada).length > 101);
    expect(loads(ada).slice(0, 102)).toEqual(consecutive(102));
    // Where others look for them, whose clients are set otherwise.
    expect(await redis.command("KEYS", "app:*")).toBe("*0\r\n");
    await Promise.all([worker.close(), harbour.close()]);
  });

  it("asks no replica, which may lag behind", () => {
    const client = new Cluster([{ port: redis.port }], { lazyConnect: true, scaleReads: "slave" });
    const duplicate = vi.spyOn(client, "duplicate");
    const driver = new IoRedisDriver(client);
    driver.open({ ready() {}, forgotten() {}, listening() {}, message() {}, error() {} });
    const made = duplicate.mock.results[0]?.value as Cluster;
    expect(made.options.scaleReads).toBe("master");
    driver.close();
  });
});
