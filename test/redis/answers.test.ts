import type { RedisBackendOptions } from "@gestaloka/events/redis";
import type { Backend, BackendNode } from "@gestaloka/events/server";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { openBackend } from "./backends.js";
import { until } from "./peers.js";

const key = "gestaloka:{user ada}:command:c1";
const run = { do: "run" };

describeRedis("what a command was answered, where servers share a Redis,", () => {
  let redis: RedisProcess;
  const open: Backend[] = [];
  beforeEach(async () => {
    redis = await RedisProcess.start();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((backend) => backend.close()));
    await redis.close();
  });

  /** With a node it hears what the others say. */
  async function server(node?: BackendNode, options: Partial<RedisBackendOptions> = {}): Promise<Backend> {
    const backend = openBackend("redis", redis.port, options);
    open.push(backend);
    await backend.open(node);
    return backend;
  }

  const isUp = async (backend: Backend) => Promise.resolve(backend.health()).catch(() => false);

  async function waitOn(backend: Backend): Promise<Promise<string | undefined>[]> {
    const verdict = await backend.begin("ada", "c1");
    if (verdict.do !== "wait") throw new Error(`it is to ${verdict.do}`);
    return [verdict.answer];
  }

  it("is told to whoever asked on the same server, and to whoever asks later on any", async () => {
    const [one, other, third] = [await server(), await server(), await server()];
    expect(await one.begin("ada", "c1")).toEqual(run);
    const waiting = await waitOn(one);
    one.finish("ada", "c1", "{}");
    expect(await Promise.all(waiting)).toEqual(["{}"]);
    for (const asked of [one, other, other, third])
      expect(await asked.begin("ada", "c1")).toEqual({ do: "answer", answer: "{}" });
    expect(await other.begin("eve", "c1")).toEqual(run);
  });

  it("is said to the servers that wait, by name and at once", async () => {
    const [one, other] = [await server(), await server()];
    const ears = new Redis({ port: redis.port });
    const heard: [channel: string, text: string][] = [];
    ears.on("pmessage", (_, channel, text) => {
      if (text.includes("answered")) heard.push([channel, text]);
    });
    await ears.psubscribe("gestaloka:node:*");
    expect(await one.begin("ada", "c1")).toEqual(run);
    const waiting = [...(await waitOn(other)), ...(await waitOn(other))];
    const [, , name] = (await redis.command("GET", key)).split("\r\n")[1]?.split(" ") ?? [];
    one.finish("ada", "c1", "{}");
    expect(await Promise.all(waiting)).toEqual(["{}", "{}"]);
    await until(() => heard.length > 0);
    expect(heard).toEqual([[`gestaloka:node:${name}`, '["answered","ada","c1"]']]);
    ears.disconnect();
  });

  it("is waited for no longer than it runs where none is kept, and its mark ends with it", async () => {
    const none = { answers: { keepMs: 0 } };
    const [one, other] = [await server(undefined, none), await server({} as BackendNode, none)];
    expect(await one.begin("ada", "c1")).toEqual(run);
    const waiting = await waitOn(other);
    one.finish("ada", "c1", "{}");
    await Promise.all(waiting);
    await until(async () => !(await redis.command("GET", key)).includes("r "));
  });

  it("is nothing where it was not run: whoever waits for it may run it", async () => {
    const [one, other] = [await server(), await server({} as BackendNode)];
    expect(await one.begin("ada", "c1")).toEqual(run);
    const waiting = [...(await waitOn(one)), ...(await waitOn(other))];
    const left = performance.now();
    one.finish("ada", "c1", undefined);
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
    // Not until the mark would end, nor for one that Redis may have lost.
    expect(performance.now() - left).toBeLessThan(5_000);
    expect(await other.begin("ada", "c1")).toEqual(run);
    const again = await waitOn(one);
    other.finish("ada", "c1", "{}");
    expect(await Promise.all(again)).toEqual(["{}"]);
  });

  it("is one server's to give for as long as it takes: the mark never ends meanwhile, and keeps who waits", async () => {
    const one = await server();
    expect(await one.begin("ada", "c1")).toEqual(run);
    await redis.command("APPEND", key, " another");
    await redis.command("PEXPIRE", key, "2500");
    await until(async () => Number((await redis.command("PTTL", key)).slice(1)) > 3_000);
    expect(await redis.command("GET", key)).toContain(" another");
  });

  it("is another's to give soon after its server died, however early that was and whoever waited", async () => {
    const one = await server();
    const leftMs = async () => Number((await redis.command("PTTL", key)).slice(1));
    expect(await one.begin("ada", "c1")).toEqual(run);
    expect(await leftMs()).toBeGreaterThan(0);
    expect(await leftMs()).toBeLessThanOrEqual(5_000);
    await redis.command("SET", key, "r dead", "PX", "5000");
    await waitOn(await server());
    expect(await leftMs()).toBeGreaterThan(0);
  });

  it("is waited for where Redis lost the mark, and its server could not mark it again at once", async () => {
    const [one, other] = [await server(), await server()];
    expect(await one.begin("ada", "c1")).toEqual(run);
    const waiting = await waitOn(other);
    const asked = async () => {
      const stats = await redis.command("INFO", "commandstats");
      return Number(/cmdstat_get:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    // Each asks once a second, the one as it marks, the other as it looks.
    const before = await asked();
    await until(async () => {
      await redis.command("DEL", key);
      return (await asked()) >= before + 4;
    });
    await until(async () => (await redis.command("GET", key)).includes("r "));
    one.finish("ada", "c1", "{}");
    expect(await Promise.all(waiting)).toEqual(["{}"]);
  });

  it("stays what it was first, where a server that stood still for too long comes with one of its own", async () => {
    const [still, other] = [await server(), await server()];
    expect(await still.begin("ada", "c1")).toEqual(run);
    await redis.command("DEL", key);
    expect(await other.begin("ada", "c1")).toEqual(run);
    other.finish("ada", "c1", '{"first":1}');
    await until(async () => (await redis.command("GET", key)).includes("first"));
    still.finish("ada", "c1", '{"second":1}');
    // It asks Redis as well, after that.
    await still.health();
    expect(await (await server()).begin("ada", "c1")).toEqual({ do: "answer", answer: '{"first":1}' });
  });

  it("is another's to give who runs it by now, where a server that stood still for too long gives up", async () => {
    const [still, other] = [await server(), await server()];
    for (const id of ["c1", "c2"]) {
      expect(await still.begin("ada", id)).toEqual(run);
      await redis.command("DEL", `gestaloka:{user ada}:command:${id}`);
      expect(await other.begin("ada", id)).toEqual(run);
    }
    other.finish("ada", "c2", "{}");
    await other.health();
    for (const id of ["c1", "c2"]) still.finish("ada", id, undefined);
    await still.health();
    const third = await server();
    expect(await third.begin("ada", "c1")).toMatchObject({ do: "wait" });
    expect(await third.begin("ada", "c2")).toEqual({ do: "answer", answer: "{}" });
  });

  it("leaves nothing to be looked after: with a new connection only what still runs is marked again", async () => {
    const one = await server();
    const evaluated = async () => {
      const stats = await redis.command("INFO", "commandstats");
      return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    for (const id of ["c1", "c2", "c3"]) expect(await one.begin("ada", id)).toEqual(run);
    one.finish("ada", "c1", "{}");
    one.finish("ada", "c2", undefined);
    await one.health();
    const before = await evaluated();
    await redis.command("CLIENT", "KILL", "TYPE", "normal");
    await until(() => isUp(one));
    expect((await evaluated()) - before).toBe(1);
  });

  it("is there as soon as Redis is back where it was given while Redis was away", async () => {
    const [one, other] = [await server(), await server()];
    expect(await one.begin("ada", "c1")).toEqual(run);
    await redis.kill();
    one.finish("ada", "c1", "{}");
    await redis.start();
    await until(async () => (await isUp(one)) && (await isUp(other)));
    expect(await other.begin("ada", "c1")).toEqual({ do: "answer", answer: "{}" });
  });

  it("is kept once there is room for it in Redis, and not again", async () => {
    const one = await server();
    expect(await one.begin("ada", "c1")).toEqual(run);
    await redis.command("CONFIG", "SET", "maxmemory", "1");
    one.finish("ada", "c1", "{}");
    await expect(one.health()).rejects.toThrow("backend_unavailable");
    await redis.command("CONFIG", "SET", "maxmemory", "0");
    await until(async () => (await redis.command("GET", key)).includes("a{}"));
    await redis.command("DEL", key);
    await redis.command("CLIENT", "KILL", "TYPE", "normal");
    await until(() => isUp(one));
    expect(await redis.command("EXISTS", key)).toBe(":0\r\n");
  });

  it("is nobody's to wait for where the command could not be begun: it is begun once Redis is back", async () => {
    const one = await server();
    await redis.kill();
    await expect(one.begin("ada", "c1")).rejects.toThrow();
    await redis.start();
    await until(() => isUp(one));
    expect(await one.begin("ada", "c1")).toEqual(run);
  });
});
