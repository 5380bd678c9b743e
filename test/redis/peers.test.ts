import type { BackendNode } from "@gestaloka/events/server";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { toSettings } from "../../src/redis/redis-backend-options.js";
import { toParts } from "../../src/redis/redis-parts.js";
import { Upkeep } from "../../src/redis/upkeep.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { clients, openBackend } from "./backends.js";
import { until } from "./peers.js";

describeRedis("the servers that share a Redis", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command("FLUSHALL");
  });

  const scoreOf = async (server: string) =>
    Number((await redis.command("ZSCORE", "gestaloka:{nodes}:servers", server)).split("\r\n")[1] || Number.NaN);

  it.each(["redis", "ioredis"] as const)("wait for none that has closed, over %s", async (name) => {
    const settings = toSettings({ client: clients[name](redis.port) });
    const parts = toParts(settings);
    const upkeep = new Upkeep(parts, settings);
    for (let turns = 0; turns < 2; turns++) {
      // Of one that died.
      await redis.command("ZADD", parts.keys.nodes[0], String(Date.now() - 1), "dead");
      const began = Date.now();
      upkeep.start();
      await upkeep.listen();
      expect(await redis.command("ZCARD", parts.keys.nodes[0])).toBe(":1\r\n");
      // Others wait for as long as this one takes itself for sure.
      expect(await scoreOf(parts.peers.id)).toBeGreaterThanOrEqual(began + 5_000);
      const stopped = upkeep.stop();
      // What it said to itself was on its way.
      parts.peers.receive(JSON.stringify(["probe", "99"]));
      await stopped;
      expect(await redis.command("ZCARD", parts.keys.nodes[0])).toBe(":0\r\n");
      expect(parts.peers.hasLease).toBe(false);
    }
  });

  it("leave nobody waiting for what they never heard, and nothing to be looked after, once they are closed", async () => {
    const [begun, ended] = [vi.spyOn(globalThis, "setInterval"), vi.spyOn(globalThis, "clearInterval")];
    onTestFinished(() => void vi.restoreAllMocks());
    const settings = toSettings({ client: clients.ioredis(1), timeoutMs: 100 });
    const parts = toParts(settings);
    const upkeep = new Upkeep(parts, settings);
    upkeep.start();
    const timer = begun.mock.results[0]?.value;
    const heard = upkeep.listen();
    await Promise.all([expect(heard).rejects.toThrow("the backend was closed"), upkeep.stop()]);
    expect(ended).toHaveBeenCalledWith(timer);
  });

  it.each(["redis", "ioredis"] as const)("begin anew where the one before is still closing, over %s", async (name) => {
    const settings = toSettings({ client: clients[name](redis.port) });
    const parts = toParts(settings);
    const upkeep = new Upkeep(parts, settings);
    upkeep.start();
    await upkeep.listen();
    // A lease of the one before, that comes back when there is another one.
    parts.peers.receive(JSON.stringify(["probe", "99"]));
    const stopped = upkeep.stop();
    upkeep.start();
    const heard = upkeep.listen();
    await stopped;
    expect(parts.peers.hasLease).toBe(false);
    await heard;
    expect(parts.peers.hasLease).toBe(true);
    expect(await redis.command("ZCARD", parts.keys.nodes[0])).toBe(":1\r\n");
    await upkeep.stop();
    // Whoever asks is the only one that is connected: no connection was left behind.
    await until(async () => (await redis.command("CLIENT", "LIST")).split("id=").length === 2);
  });

  it("obey no order that was given while they were closed: whoever is let in since is not meant", async () => {
    const settings = toSettings({ client: clients.redis(redis.port) });
    const parts = toParts(settings);
    const upkeep = new Upkeep(parts, settings);
    const disconnected: string[] = [];
    const node = { disconnectUser: (userId: string) => disconnected.push(userId) };
    parts.servers.add(node as unknown as BackendNode);
    upkeep.start();
    await upkeep.listen();
    await upkeep.stop();
    const order = JSON.stringify(["order", "another", "1", "disconnect", "ada", "revoked"]);
    await redis.command("XADD", parts.keys.nodes[1], "1-1", "t", order);
    upkeep.start();
    await upkeep.listen();
    expect(disconnected).toEqual([]);
    await upkeep.stop();
  });

  it("say what they order at once, also to those that take no lease yet", async () => {
    const backend = openBackend("redis", redis.port);
    const node = { disconnectUser() {}, failed() {} } as unknown as BackendNode;
    await backend.open(node);
    const ears = new Redis({ port: redis.port });
    const heard: string[] = [];
    ears.on("message", (_, text) => heard.push(text));
    await ears.subscribe("gestaloka:control");
    await backend.disconnectUser("ada", "revoked");
    await until(() => heard.some((text) => text.endsWith('"disconnect","ada","revoked"]')));
    ears.disconnect();
    await backend.close(node);
  });

  it("have given what a head counts before it is told: whoever is answered with it counts that as known", async () => {
    const backend = openBackend("redis", redis.port);
    const heard: number[] = [];
    const node = { deliver: (_: string, { seq }: { seq: number }) => heard.push(seq), failed() {} };
    await backend.open(node as unknown as BackendNode);
    await backend.watch("quay_q1");
    // One whose message is still on its way.
    await redis.command("XADD", "gestaloka:{quay_q1}:log", "1-0", "e", '1,"normal",1,"tick"]\n{}');
    await redis.command("HINCRBY", "gestaloka:{quay_q1}:head", "n", "1");
    expect(await backend.head("quay_q1")).toMatchObject({ seq: 1 });
    expect(heard).toEqual([1]);
    await backend.close(node as unknown as BackendNode);
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

  it("wait no longer than a lease for one that died before the clock of Redis was set back", async () => {
    const backend = openBackend("redis", redis.port);
    const node = { revoked() {}, failed() {} } as unknown as BackendNode;
    await backend.open(node);
    await redis.command("ZADD", "gestaloka:{nodes}:servers", String(Date.now() + 3_600_000), "dead");
    // Nor any shorter: it may be there.
    await until(async () => (await scoreOf("dead")) <= Date.now() + 5_000);
    await backend.revoke("quay_q1", "ada");
    expect(await scoreOf("dead")).not.toBeGreaterThan(Date.now());
    await backend.close(node);
  });
});
