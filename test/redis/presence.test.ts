import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { Link } from "../../src/redis/link.js";
import { Presence } from "../../src/redis/presence.js";
import { toSettings } from "../../src/redis/redis-backend-options.js";
import { type RedisParts, toParts } from "../../src/redis/redis-parts.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { clients } from "./backends.js";
import { openParts } from "./open-parts.js";

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
    parts = openParts(toParts(toSettings({ client: clients.redis(redis.port), timeoutMs: 30_000 })));
  });
  afterEach(() => {
    parts.link.close();
    parts.driver.close();
  });

  /** A server that renews when the test says so, and whose questions after the next few are refused, where it is to be. */
  function serverOf(name: string, line = { answers: Number.POSITIVE_INFINITY }, leaseMs = 30_000): Presence {
    const telling = (what: string) => (_room: string, userId: string) => void told.push(`${name}: ${userId} ${what}`);
    const run: Link["run"] = (...question) =>
      line.answers-- > 0 ? parts.link.run(...question) : Promise.reject(new Error("away"));
    return new Presence({ run } as Link, parts.keys, name, leaseMs, { gone: telling("went"), came: telling("came") });
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

  it("do not come again where they have no connection any more, until they have one", async () => {
    const [watching, silent] = [serverOf("watching"), serverOf("silent")];
    await watching.enter("quay", "zoe", "c1");
    for (const userId of ["ada", "bob", "eve"]) await silent.enter("quay", userId, userId);
    await silence("silent");
    await watching.renew();
    expect(told.splice(0).sort()).toEqual(["watching: ada went", "watching: bob went", "watching: eve went"]);
    const lost = ["ada", "eve"].map((userId) => silent.lose("quay", userId, userId) as number);
    await silent.renew();
    expect(told).toEqual(["silent: bob came"]);
    expect(await watching.members("quay")).toEqual(["zoe", "bob"]);
    expect(await silent.enter("quay", "eve", "c2")).toBe(true);
    expect(await silent.expire("quay", "ada", Number(lost[0]))).toBe(false);
    expect(await silent.expire("quay", "eve", Number(lost[1]))).toBe(false);
  });

  it("have gone once where they came and were lost again before it renews", async () => {
    const [watching, silent] = [serverOf("watching"), serverOf("silent")];
    await watching.enter("quay", "zoe", "c1");
    await silent.enter("quay", "ada", "c2");
    await silence("silent");
    await watching.renew();
    expect(await silent.enter("quay", "eve", "c3")).toBe(true);
    silent.lose("quay", "eve", "c3");
    await silent.renew();
    expect(told).toEqual(["watching: ada went", "silent: eve went", "silent: ada came"]);
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

  it("stay known for as long as their own server answers, whatever one says that answers for less", async () => {
    const [patient, brief] = [serverOf("patient"), serverOf("brief", undefined, 2_000)];
    await patient.enter("quay", "zoe", "c1");
    await patient.enter("quay", "ada", "c2");
    await brief.enter("quay", "bob", "c3");
    await silence("brief");
    await patient.renew();
    // The note of who was counted out stands for a day, and holds nothing back.
    await brief.enter("quay", "eve", "c4");
    for (const key of ["gestaloka:{quay}:present", "gestaloka:{quay}:leases"]) {
      const ms = Number((await redis.command("PTTL", key)).slice(1));
      expect(ms).toBeGreaterThan(25_000);
      expect(ms).toBeLessThanOrEqual(60_000);
    }
  });

  it("are let in with the first of their connections that comes, or none of those that come meanwhile is", async () => {
    const watching = serverOf("watching");
    let lose = () => {};
    const lost = new Promise((_, reject) => {
      lose = () => reject(new Error("lost"));
    });
    const { link, keys } = parts;
    const lossy = { run: () => lost } as unknown as typeof link;
    const server = new Presence(lossy, keys, "one", 30_000, { gone() {}, came() {} });
    const entries = ["c1", "c2"].map((connection) => server.enter("quay", "ada", connection));
    lossy.run = (...asked) => link.run(...asked);
    lose();
    expect((await Promise.allSettled(entries)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await server.renew();
    expect(await watching.members("quay")).toEqual([]);
    const again = ["c1", "c2"].map((connection) => server.enter("quay", "ada", connection));
    expect(await Promise.all(again)).toEqual([true, false]);
    expect(await watching.members("quay")).toEqual(["ada"]);
    expect(await server.leave("quay", "ada", "c1")).toBe(false);
    expect(await server.leave("quay", "ada", "c2")).toBe(true);
  });

  it("stayed where they come again before it is known that nobody could be told that they went", async () => {
    const line = { answers: Number.POSITIVE_INFINITY };
    const server = serverOf("one", line);
    expect(await server.enter("quay", "ada", "c1")).toBe(true);
    line.answers = 0;
    const leaving = server.leave("quay", "ada", "c1");
    line.answers = Number.POSITIVE_INFINITY;
    const entering = server.enter("quay", "ada", "c2");
    await expect(leaving).rejects.toThrow("away");
    expect(await entering).toBe(false);
    await server.renew();
    expect(told).toEqual([]);
    expect(await server.leave("quay", "ada", "c2")).toBe(true);
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

  it("are all there again where one room has more of a server than a function takes arguments", async () => {
    const line = { run: (() => Promise.resolve(1)) as Link["run"] };
    const server = new Presence(line as Link, parts.keys, "one", 30_000, { gone() {}, came() {} });
    const count = 200_000;
    for (let nth = 0; nth < count; nth++) await server.enter("quay", `Ada ${nth}`, "c1");
    line.run = (...question) => parts.link.run(...question);
    await server.renew();
    expect(await redis.command("HLEN", "gestaloka:{quay}:present")).toBe(`:${count}\r\n`);
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

  it("are counted once, whatever connections they have, and are there through a grace", async () => {
    const server = serverOf("one");
    expect(await server.enter("quay", "Ada Lovelace", "c1")).toBe(true);
    expect(await server.enter("quay", "Ada Lovelace", "c2")).toBe(false);
    expect(await server.leave("quay", "Ada Lovelace", "c1")).toBe(false);
    const first = server.lose("quay", "Ada Lovelace", "c2") as number;
    expect(await server.enter("quay", "Ada Lovelace", "c3")).toBe(false);
    expect(await server.expire("quay", "Ada Lovelace", first)).toBe(false);
    expect(await server.members("quay")).toEqual(["Ada Lovelace"]);
    const second = server.lose("quay", "Ada Lovelace", "c3") as number;
    expect(await server.expire("quay", "Ada Lovelace", second)).toBe(true);
    expect(await server.members("quay")).toEqual([]);
  });

  it("went once where the first could be told and the next could not, though nobody is left in the room", async () => {
    const line = { answers: Number.POSITIVE_INFINITY };
    const server = serverOf("one", line);
    for (const userId of ["ada", "bob"]) await server.enter("quay", userId, userId);
    line.answers = 0;
    for (const userId of ["ada", "bob"]) await expect(server.leave("quay", userId, userId)).rejects.toThrow("away");
    line.answers = 1;
    await expect(server.renew()).rejects.toThrow("away");
    expect(told).toEqual(["one: ada went"]);
    line.answers = Number.POSITIVE_INFINITY;
    await server.renew();
    expect(told).toEqual(["one: ada went", "one: bob went"]);
  });

  it("have not gone for whoever could not be told of it, once they are back, and go once", async () => {
    const line = { answers: Number.POSITIVE_INFINITY };
    const server = serverOf("one", line);
    for (const userId of ["zoe", "ada"]) await server.enter("quay", userId, userId);
    line.answers = 0;
    await expect(server.leave("quay", "ada", "ada")).rejects.toThrow("away");
    line.answers = Number.POSITIVE_INFINITY;
    expect(await server.enter("quay", "ada", "c2")).toBe(false);
    expect(await server.leave("quay", "ada", "c2")).toBe(true);
    await server.renew();
    expect(told).toEqual([]);
    line.answers = 0;
    await expect(server.leave("quay", "zoe", "zoe")).rejects.toThrow("away");
    // Whoever could not come back has gone.
    await expect(server.enter("quay", "zoe", "c3")).rejects.toThrow("away");
    line.answers = Number.POSITIVE_INFINITY;
    await server.renew();
    expect(told).toEqual(["one: zoe went"]);
  });

  it("have not gone for whoever is about to be told of it, as they come back", async () => {
    const line = { answers: Number.POSITIVE_INFINITY };
    const server = serverOf("one", line);
    for (const userId of ["zoe", "ada"]) await server.enter("quay", userId, userId);
    line.answers = 0;
    await expect(server.leave("quay", "ada", "ada")).rejects.toThrow("away");
    // One of their connections cannot be counted in, and another one is there.
    const refused = server.enter("quay", "ada", "c2");
    expect(await server.enter("quay", "ada", "c3")).toBe(false);
    await expect(refused).rejects.toThrow("away");
    line.answers = Number.POSITIVE_INFINITY;
    await server.renew();
    expect(told).toEqual([]);
    expect(await server.members("quay")).toEqual(["zoe", "ada"]);
    line.answers = 0;
    await expect(server.leave("quay", "ada", "c3")).rejects.toThrow("away");
    line.answers = Number.POSITIVE_INFINITY;
    const [came] = await Promise.all([server.enter("quay", "ada", "c4"), server.renew()]);
    expect([came, told]).toEqual([false, []]);
    expect(await server.members("quay")).toContain("ada");
  });

  it("are there, and looked after, once what Redis forgot could be told again", async () => {
    const line = { answers: Number.POSITIVE_INFINITY };
    const [server, other] = [serverOf("one", line), serverOf("other")];
    for (const userId of ["zoe", "ada"]) await server.enter("quay", userId, userId);
    line.answers = 0;
    await expect(server.leave("quay", "ada", "ada")).rejects.toThrow("away");
    await redis.command("FLUSHALL");
    line.answers = 1;
    await expect(server.renew()).rejects.toThrow("away");
    line.answers = Number.POSITIVE_INFINITY;
    await server.renew();
    expect(await server.members("quay")).toEqual(["zoe"]);
    for (const key of ["present", "leases"])
      expect(await redis.command("PTTL", `gestaloka:{quay}:${key}`)).toMatch(/^:[3-6]\d{4}\r\n/);
    await redis.command("FLUSHALL");
    line.answers = 1;
    await expect(server.renew()).rejects.toThrow("away");
    line.answers = Number.POSITIVE_INFINITY;
    await server.renew();
    expect(await server.members("quay")).toEqual(["zoe"]);
    // As before: those of a server that is silent are counted out, and no trace of it is left once it is back.
    await other.enter("quay", "bob", "c2");
    await silence("other");
    await server.renew();
    expect(told).toEqual(["one: ada went", "one: bob went"]);
    const trace = () => redis.command("HKEYS", "gestaloka:{quay}:leases");
    expect(await trace()).not.toContain("\r\nother\r\n");
    await other.renew();
    expect(await trace()).not.toContain("out other");
  });

  it("came when they first did, also where one of their servers counted them in anew", async () => {
    const line = { answers: Number.POSITIVE_INFINITY };
    const [one, other] = [serverOf("one", line), serverOf("other")];
    await one.enter("quay", "zoe", "c1");
    await other.enter("quay", "zoe", "c2");
    await other.enter("quay", "ada", "c3");
    line.answers = 0;
    await expect(one.leave("quay", "zoe", "c1")).rejects.toThrow("away");
    line.answers = Number.POSITIVE_INFINITY;
    await one.enter("quay", "zoe", "c4");
    expect(await other.members("quay")).toEqual(["zoe", "ada"]);
  });
  it("left where the server that they went on to says so, once the one before was closed, and are waited for till then", async () => {
    const [closed, staying] = [serverOf("closed"), serverOf("staying")];
    for (const user of ["ada", "bob"]) await closed.enter("quay", user, user);
    await closed.close();
    expect(await staying.enter("quay", "ada", "c1")).toBe(false);
    await staying.renew();
    expect(await staying.members("quay")).toEqual(["ada", "bob"]);
    expect(await staying.leave("quay", "ada", "c1")).toBe(true);
    expect(await staying.members("quay")).toEqual(["bob"]);
    expect(told).toEqual([]);
    await redis.command("HSET", "gestaloka:{quay}:leases", "closed", String(1 - Date.now()));
    await staying.enter("quay", "zoe", "c2");
    await staying.renew();
    expect(told).toEqual(["staying: bob went"]);
  });

  it("are counted where what their server answers for is a third of something, or has no end", async () => {
    for (const presenceLeaseMs of [10_000 / 3, Number.POSITIVE_INFINITY]) {
      const { presence, link, driver } = openParts(
        toParts(toSettings({ client: clients.redis(redis.port), presenceLeaseMs })),
      );
      expect(await presence.enter("quay", "ada", "c1")).toBe(presenceLeaseMs < 10_000);
      await presence.renew();
      expect(await presence.members("quay")).toEqual(["ada"]);
      link.close();
      driver.close();
    }
  });
});
