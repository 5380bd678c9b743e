import { createWorkerEmitter, redisBackend } from "@gestaloka/events/redis";
import { Cluster, Redis } from "ioredis";
import { createClient, RESP_TYPES } from "redis";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { IoRedisDriver } from "../../src/redis/ioredis-driver.js";
import { contract } from "../fixtures/contract.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { load } from "./peers.js";

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
];

describeRedis("a backend over a client whose settings suit its application", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());

  it.each(settings)("takes what is emitted as over any other: $name", async ({ name, client }) => {
    const worker = createWorkerEmitter({
      contract,
      backend: redisBackend({ client: client(redis.port), prefix: name }),
    });
    const quay = worker.to.quay("q1");
    expect(await quay.emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    await redis.command("CLIENT", "PAUSE", "200", "WRITE");
    const emits = Array.from({ length: 100 }, (_, at) => quay.emit("ship_loaded", load(at)));
    const numbers = (await Promise.all(emits)).map((result) => (result.ok ? result.seq : result.error.code));
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, at) => at + 2));
    await worker.close();
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
