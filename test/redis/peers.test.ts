import type { BackendNode } from "@gestaloka/events/server";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { toSettings } from "../../src/redis/redis-backend-options.js";
import { toParts } from "../../src/redis/redis-parts.js";
import { Upkeep } from "../../src/redis/upkeep.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { clients, openBackend } from "./backends.js";

describeRedis("the servers that share a Redis", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command("FLUSHALL");
  });

  it.each(["redis", "ioredis"] as const)("wait for none that has closed, over %s", async (name) => {
    const settings = toSettings({ client: clients[name](redis.port) });
    const parts = toParts(settings);
    const upkeep = new Upkeep(parts, settings);
    for (let turns = 0; turns < 2; turns++) {
      upkeep.start();
      await upkeep.listen();
      expect(await redis.command("ZCARD", parts.keys.nodes[0])).toBe(":1\r\n");
      const stopped = upkeep.stop();
      // What it said to itself was on its way.
      parts.peers.receive(JSON.stringify(["probe", "99"]));
      await stopped;
      expect(await redis.command("ZCARD", parts.keys.nodes[0])).toBe(":0\r\n");
      expect(parts.peers.sure).toBe(false);
    }
  });

  it("take nothing of a room for their own, whatever its kind and its identifier make its name", async () => {
    const backend = openBackend("redis", redis.port);
    const node = { failed() {} } as unknown as BackendNode;
    await backend.open(node);
    // As of `room("node{id}")`.
    expect(await backend.enter("nodes", "ada", "c1")).toBe(true);
    expect(await backend.members("nodes")).toEqual(["ada"]);
    await backend.close(node);
  });
});
