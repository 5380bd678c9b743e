import { createWorkerEmitter } from "@gestaloka/events/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../fixtures/contract.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { openBackend } from "./backends.js";
import { load } from "./peers.js";

describeRedis("what an emit asks of Redis", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());

  /** How many scripts clients had run. */
  async function evaluated(): Promise<number> {
    const stats = await redis.command("INFO", "commandstats");
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  }

  describe.each(["redis", "ioredis"] as const)("with %s", (client) => {
    it("is one script, whether its room is new or not, and many are on their way at once", async () => {
      const worker = createWorkerEmitter({ contract, backend: openBackend(client, redis.port) });
      await worker.to.quay("q0").emit("ship_loaded", load(0));
      const before = await evaluated();
      const emits = Array.from({ length: 500 }, (_, at) => worker.to.quay(`q${at % 50}`).emit("ship_loaded", load(at)));
      expect((await Promise.all(emits)).filter(({ ok }) => !ok)).toEqual([]);
      expect((await evaluated()) - before).toBe(500);
      await worker.close();
    });

    it("keeps its place among the others when Redis forgets its scripts", async () => {
      const room = `forgetful_${client}`;
      const worker = createWorkerEmitter({ contract, backend: openBackend(client, redis.port) });
      const quay = worker.to.quay(room);
      await quay.emit("ship_loaded", load(0));
      const emits = [];
      for (let crates = 1; crates <= 200; crates++) {
        if (crates % 50 === 0) await redis.command("SCRIPT", "FLUSH");
        emits.push(quay.emit("ship_loaded", load(crates)));
      }
      const numbers = (await Promise.all(emits)).map((result) => (result.ok ? result.seq : result.error));
      expect(numbers).toEqual(Array.from({ length: 200 }, (_, at) => at + 2));
      await worker.close();
    });
  });

  it("is a number where a limit is Infinity, and what it was answered is kept for good", async () => {
    const forEver = Number.POSITIVE_INFINITY;
    const log = { keepCount: forEver, keepMs: forEver, headMs: forEver };
    const backend = openBackend("redis", redis.port, { log, answers: { keepMs: forEver } });
    const worker = createWorkerEmitter({ contract, backend });
    expect(await worker.to.quay("boundless").emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    expect(await backend.begin("ada", "c1")).toEqual({ do: "run" });
    backend.finish("ada", "c1", "{}");
    // It goes out once what was asked before is answered.
    await worker.close();
    expect(await redis.command("GET", "gestaloka:{user ada}:command:c1")).toContain("a{}");
  });
});
