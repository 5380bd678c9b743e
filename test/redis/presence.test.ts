import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Presence } from "../../src/redis/presence.js";
import { toSettings } from "../../src/redis/redis-backend-options.js";
import { type RedisParts, toParts } from "../../src/redis/redis-parts.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { clients } from "./backends.js";

describeRedis("who is present on servers that fall silent", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());
  let parts: RedisParts;
  /** What servers told, in order. */
  let told: string[];
  beforeEach(async () => {
    await redis.command("FLUSHALL");
    told = [];
    parts = toParts(toSettings({ client: clients.redis(redis.port) }));
    parts.link.open();
    parts.driver.open({
      ready: () => parts.link.connected([]),
      forgotten() {},
      listening() {},
      message() {},
      error() {},
    });
  });
  afterEach(() => {
    parts.link.close();
    parts.driver.close();
  });

  /** A server that renews when the test says so. */
  function serverOf(name: string): Presence {
    const telling = (what: string) => (_room: string, userId: string) => void told.push(`${name}: ${userId} ${what}`);
    return new Presence(parts.link, parts.keys, name, 30_000, telling("went"), telling("came"));
  }

  /** It was silent for as long as it answered, and a moment more. */
  const silence = (...servers: string[]) =>
    redis.command("HSET", "gestaloka:{quay}:leases", ...servers.flatMap((server) => [server, String(Date.now() - 1)]));

  it("went once, though they were on two that did so at once", async () => {
    const [watching, first, second] = ["watching", "first", "second"].map((name) => serverOf(name)) as Presence[];
    await watching?.enter("quay", "zoe", "c1");
    await first?.enter("quay", "ada", "c2");
    await second?.enter("quay", "ada", "c3");
    await silence("first", "second");
    await watching?.renew();
    expect(told).toEqual(["watching: ada went"]);
  });

  it("are all there again where one of them enters before it renews", async () => {
    const [watching, silent] = [serverOf("watching"), serverOf("silent")];
    await watching.enter("quay", "zoe", "c1");
    await silent.enter("quay", "ada", "c2");
    await silence("silent");
    await watching.renew();
    expect(await silent.enter("quay", "bob", "c3")).toBe(true);
    await silent.renew();
    expect(told).toEqual(["watching: ada went", "silent: ada came"]);
    expect(await watching.members("quay")).toEqual(["zoe", "bob", "ada"]);
    await silent.renew();
    expect(told).toHaveLength(2);
  });

  it("went once where they leave before it renews", async () => {
    const [watching, silent] = [serverOf("watching"), serverOf("silent")];
    await watching.enter("quay", "zoe", "c1");
    for (const userId of ["ada", "bob"]) await silent.enter("quay", userId, userId);
    await silence("silent");
    await watching.renew();
    expect(told.sort()).toEqual(["watching: ada went", "watching: bob went"]);
    expect(await silent.leave("quay", "ada", "ada")).toBe(false);
    // Whoever came since has more to go from.
    expect(await silent.enter("quay", "eve", "c2")).toBe(true);
    expect(await silent.leave("quay", "eve", "c2")).toBe(true);
    await silent.renew();
    expect(told.slice(2)).toEqual(["silent: bob came"]);
  });

  it("are there for as long as one of their servers answers, and are told of when the last does not", async () => {
    const [watching, first, second] = [serverOf("watching"), serverOf("first"), serverOf("second")];
    await watching.enter("quay", "zoe", "c1");
    for (const userId of ["zoe", "ada", "bob"]) await first.enter("quay", userId, userId);
    expect(await second.enter("quay", "ada", "c2")).toBe(false);
    await silence("first");
    expect(await watching.members("quay")).toEqual(["zoe", "ada"]);
    await watching.renew();
    expect(told).toEqual(["watching: bob went"]);
    await first.renew();
    expect(told.slice(1)).toEqual(["first: bob came"]);
    expect(await second.leave("quay", "ada", "c2")).toBe(false);
    await silence("first");
    await watching.renew();
    expect(told.slice(2).sort()).toEqual(["watching: ada went", "watching: bob went"]);
  });

  it("are all there again, untold, where Redis forgot who there was", async () => {
    const server = serverOf("one");
    for (const userId of ["zoe", "ada"]) await server.enter("quay", userId, userId);
    await redis.command("FLUSHALL");
    await server.renew();
    // They came at one time, as far as is known.
    expect(await server.members("quay")).toEqual(["ada", "zoe"]);
    expect(told).toEqual([]);
    await redis.command("FLUSHALL");
    expect(await server.leave("quay", "zoe", "zoe")).toBe(true);
  });

  it("are named in the order in which they came, wherever that was, and came when they first did", async () => {
    const [one, other] = [serverOf("one"), serverOf("other")];
    await one.enter("quay", "zoe", "c1");
    await other.enter("quay", "ada", "c2");
    await other.enter("quay", "zoe", "c3");
    await one.enter("quay", "ada", "c4");
    expect(await one.members("quay")).toEqual(["zoe", "ada"]);
    await one.leave("quay", "zoe", "c1");
    expect(await one.members("quay")).toEqual(["ada", "zoe"]);
  });
});
