import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { maxSeq } from "../../src/delivery/envelope.js";
import { toSettings } from "../../src/redis/redis-backend-options.js";
import { type RedisParts, toParts } from "../../src/redis/redis-parts.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { emissionOf } from "../unit/delivery/samples.js";
import { clients } from "./backends.js";
import { openParts } from "./open-parts.js";
import { until } from "./peers.js";

const room = "quay_q1";
const head = "gestaloka:{quay_q1}:head";
const log = "gestaloka:{quay_q1}:log";
const dayMs = 86_400_000;

describeRedis("a room's log in Redis", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());
  const open: RedisParts[] = [];
  let store: RedisParts["store"];
  beforeEach(async () => {
    await redis.command("FLUSHALL");
    store = storeOf();
  });
  afterEach(() => {
    for (const { link, driver } of open.splice(0)) {
      link.close();
      driver.close();
    }
  });

  function storeOf(limits: Parameters<typeof toSettings>[0]["log"] = {}): RedisParts["store"] {
    const parts = openParts(toParts(toSettings({ client: clients.redis(redis.port), log: limits })));
    open.push(parts);
    return parts.store;
  }

  let appends = 0;
  const append = (payload: unknown, to = store, id = `append ${++appends}`) =>
    to.append(room, emissionOf("tick", payload), 1, id);
  const appendMany = async (count: number, to = store) => {
    for (let each = 1; each <= count; each++) await append(each, to);
  };
  const payloads = async (after: number, limit = 1_000, bytes = 1_000_000) => {
    const { epoch } = await store.head(room);
    return (await store.read(room, epoch, after, limit, bytes))?.map(({ seq, payload }) => [seq, Number(payload)]);
  };
  const leftMs = async (key: string) => Number((await redis.command("PTTL", key)).slice(1));

  it("is read in its order, as far as was asked, and one event of any size", async () => {
    await appendMany(120);
    const all = Array.from({ length: 120 }, (_, at) => [at + 1, at + 1]);
    expect(await payloads(0)).toEqual(all);
    expect(await payloads(0, 7)).toEqual(all.slice(0, 7));
    expect(await payloads(3, 60)).toEqual(all.slice(3, 63));
    expect(await payloads(118)).toEqual(all.slice(118));
    expect(await payloads(120)).toEqual([]);
    expect(await payloads(0, 10, 1)).toEqual(all.slice(0, 1));
    const size = (await redis.command("XRANGE", log, "5", "5")).split("\r\n").at(-2)?.length as number;
    expect(await payloads(4, 10, size * 2)).toEqual(all.slice(4, 6));
  });

  it("is not read where it is another, or not so far, or has a hole, or from no number", async () => {
    await appendMany(5);
    const { epoch } = await store.head(room);
    const read = (after: number, of = epoch) => store.read(room, of, after, 10, 1_000_000);
    expect(await read(0, "AAAAAAAAAAA")).toBeUndefined();
    for (const after of [6, -1, -5, 1.5, Number.NaN]) expect(await read(after)).toBeUndefined();
    await redis.command("XDEL", log, "3-0");
    expect(await read(1)).toBeUndefined();
    expect((await read(3))?.length).toBe(2);
    await redis.command("DEL", log);
    expect(await read(3)).toBeUndefined();
    await redis.command("XADD", log, "5-0", "e", "not of this library");
    expect(await read(4)).toBeUndefined();
  });

  it("keeps as many as it is to, and a hundred more at most; what is older is too old", async () => {
    const short = storeOf({ keepCount: 10 });
    await appendMany(300, short);
    const kept = Number((await redis.command("XLEN", log)).slice(1));
    expect(kept).toBeGreaterThanOrEqual(10);
    expect(kept).toBeLessThanOrEqual(110);
    const { epoch } = await short.head(room);
    const recover = (seq: number) => short.recover(room, "ada", { epoch, seq }, 0, 0);
    expect(await recover(300 - kept - 1)).toMatchObject({ recovered: false, reason: "too_old", after: 300 });
    expect(await recover(300 - kept)).toMatchObject({ recovered: true, after: 300 - kept });
    expect(await short.recover(room, "ada", undefined, 1_000, 0)).toMatchObject({ after: 300 - kept });
  });

  it("is too old as a whole where it is gone and its head is not", async () => {
    await appendMany(5);
    const { epoch } = await store.head(room);
    await redis.command("DEL", log);
    expect(await store.recover(room, "ada", { epoch, seq: 3 }, 0, 0)).toMatchObject({ reason: "too_old", seq: 5 });
    expect(await store.recover(room, "ada", { epoch, seq: 5 }, 0, 0)).toMatchObject({ recovered: true });
  });

  it("begins anew after the last number that there is", async () => {
    const { epoch } = await store.head(room);
    await redis.command("HSET", head, "n", String(maxSeq - 1));
    expect(await append(1)).toBe(maxSeq);
    expect(await append(2)).toBe(1);
    expect((await store.head(room)).epoch).not.toBe(epoch);
    expect(await payloads(0)).toEqual([[1, 2]]);
  });

  it("has a head that is kept for a day after each use", async () => {
    await append(1);
    const { epoch } = await store.head(room);
    const uses: [name: string, use: () => unknown][] = [
      ["append", () => append(2)],
      ["publish", () => store.publish(room, emissionOf("tick", 3), 1, undefined)],
      ["head", () => store.head(room)],
      ["recover", () => store.recover(room, "ada", undefined, 0, 0)],
      ["read", () => store.read(room, epoch, 0, 1, 1)],
      ["beginAnew", () => store.beginAnew(room)],
    ];
    for (const [name, use] of uses) {
      await redis.command("PEXPIRE", head, "60000");
      await use();
      expect(await leftMs(head), name).toBeGreaterThan(dayMs - 60_000);
    }
    for (const [name, use] of uses) {
      await redis.command("FLUSHALL");
      await use();
      expect(await leftMs(head), name).toBeGreaterThan(dayMs - 60_000);
    }
  });

  it("has a head for as long as it is kept itself, and for a minute, whatever less is asked for", async () => {
    const none = storeOf({ headMs: 0, keepMs: 0 });
    for (let nth = 1; nth <= 2; nth++) expect(await append(nth, none)).toBe(nth);
    expect(await leftMs(head)).toBeGreaterThan(50_000);
    expect(await leftMs(head)).toBeLessThanOrEqual(60_000);
    await append(3, storeOf({ keepMs: 2 * dayMs }));
    expect(await leftMs(head)).toBeGreaterThanOrEqual(await leftMs(log));
  });

  it("is kept for so long after its last event, and what was taken back for a day after it", async () => {
    const rights = "gestaloka:{quay_q1}:rights";
    const short = storeOf({ keepMs: 60_000 });
    await short.revoke(room, "ada");
    for (let times = 0; times < 2; times++) {
      await append(times, short);
      expect(await leftMs(log)).toBeGreaterThan(50_000);
      expect(await leftMs(log)).toBeLessThanOrEqual(60_000);
      expect(await leftMs(rights)).toBeGreaterThan(dayMs - 60_000);
      for (const key of [log, rights]) await redis.command("PEXPIRE", key, "40000");
    }
  });

  it("knows what was appended for a minute, whatever minute it is by then", async () => {
    expect(await append("a", store, "one")).toBe(1);
    const [key] = (await redis.command("KEYS", "*:{quay_q1}:[eo][vd]*")).split("\r\n").slice(2);
    const leftOfIds = await leftMs(String(key));
    expect(leftOfIds).toBeGreaterThan(60_000);
    expect(leftOfIds).toBeLessThanOrEqual(120_000);
    // By turns: those of a room that is never silent would stay for ever in one.
    const minute = Math.round((Date.now() + leftOfIds) / 60_000);
    expect(key).toMatch(minute % 2 ? /:odd$/ : /:even$/);
    // The clock of Redis is in one of the two.
    await redis.command("HSET", "gestaloka:{quay_q1}:even", "another", "7");
    await redis.command("HSET", "gestaloka:{quay_q1}:odd", "a third", "8");
    for (const [id, seq] of [
      ["one", 1],
      ["another", 7],
      ["a third", 8],
    ] as const)
      expect(await append("again", store, id)).toBe(seq);
    expect(await append("b")).toBe(2);
    expect(await payloads(0)).toHaveLength(2);
  });

  it("is begun anew, where that is asked for, once, with the word of it to every server", async () => {
    const ears = new Redis({ port: redis.port });
    const heard: string[] = [];
    ears.on("message", (_channel, text) => heard.push(text));
    await ears.subscribe(`gestaloka:room:${room}`);
    // Its head may have ended meanwhile.
    await store.beginAnew(room);
    const first = await store.head(room);
    await append(1);
    await store.beginAnew(room);
    const second = await store.head(room);
    await until(() => heard.length === 3);
    expect([heard[0], heard[2]]).toEqual([first, second].map(({ epoch }) => JSON.stringify([epoch, 0])));
    expect([first.seq, second.seq]).toEqual([0, 0]);
    expect(second.epoch).not.toBe(first.epoch);
    expect(await append(2)).toBe(1);
    expect(await payloads(0)).toEqual([[1, 2]]);
    ears.disconnect();
  });

  it("is not entered by whose right was taken back since they asked, and has no head for it", async () => {
    const before = await store.generation(room, "ada");
    expect(await store.recover("quay_q2", "ada", undefined, 0, before)).toBeDefined();
    expect(await redis.command("EXISTS", "gestaloka:{quay_q2}:rights")).toBe(":0\r\n");
    await store.revoke(room, "ada");
    expect(await store.recover(room, "ada", undefined, 0, before)).toBeUndefined();
    expect(await redis.command("EXISTS", head)).toBe(":0\r\n");
    expect(await store.generation(room, "ada")).toBe(before + 1);
    expect(await store.recover(room, "eve", undefined, 0, before)).toBeDefined();
  });

  it("is replayed to whose right was taken back from where it was given back, in its epoch and in the next", async () => {
    await appendMany(2);
    const { epoch } = await store.head(room);
    await store.revoke(room, "ada");
    await append(3);
    const recover = (seq: number, of = epoch, user = "ada") => store.recover(room, user, { epoch: of, seq }, 0, 1);
    // They may read on from here: what was appended before is not theirs.
    expect(await store.recover(room, "ada", undefined, 2, 1)).toMatchObject({ seq: 3, after: 1 });
    await append(4);
    expect(await recover(2)).toEqual({ recovered: false, reason: "replay_denied", epoch, seq: 4, after: 4 });
    expect(await recover(3)).toMatchObject({ recovered: true, after: 3 });
    expect(await store.recover(room, "eve", { epoch, seq: 0 }, 0, 0)).toMatchObject({ recovered: true });
    await store.beginAnew(room);
    await append(5);
    const next = await store.head(room);
    // All of the next one came after they had their right again, whenever they ask.
    for (let times = 0; times < 2; times++)
      expect(await recover(0, next.epoch)).toMatchObject({ recovered: true, after: 0, seq: 1 });
    await store.revoke(room, "ada");
    expect(await store.recover(room, "ada", { epoch: next.epoch, seq: 1 }, 0, 2)).toMatchObject({ recovered: true });
    expect(await store.recover(room, "ada", { epoch: next.epoch, seq: 0 }, 0, 2)).toMatchObject({
      reason: "replay_denied",
    });
    expect(await leftMs("gestaloka:{quay_q1}:rights")).toBeGreaterThan(dayMs - 60_000);
    // Never shorter than the log.
    await storeOf({ keepMs: 2 * dayMs }).revoke(room, "bob");
    expect(await leftMs("gestaloka:{quay_q1}:rights")).toBeGreaterThan(2 * dayMs - 60_000);
  });

  it("stands nowhere while nobody has used it, and is compared as it was left", async () => {
    expect(await store.knownHead(room)).toBeUndefined();
    await append(1);
    expect(await store.knownHead(room)).toEqual(await store.head(room));
  });
});
