import { createHook } from "node:async_hooks";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { contract as gestaloka } from "@gestaloka/events";
import { redisBackend } from "@gestaloka/events/redis";
import type { Backend, BackendNode } from "@gestaloka/events/server";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterEach, expect, it, vi } from "vitest";
import { readScript } from "../../src/redis/log-scripts.js";
import { describeRedis } from "../support/describe-redis.js";
import { FaultProxy } from "../support/fault-proxy.js";
import { freePort } from "../support/free-port.js";
import { type Harbour, openHarbour } from "../support/harbour-server.js";
import { RedisProcess } from "../support/redis-process.js";
import { openBackend } from "./backends.js";
import { load, loads, until } from "./peers.js";

interface Answer {
  readonly ok: boolean;
  readonly epoch: string;
  readonly seq: number;
  readonly recovered: boolean;
  readonly reason?: string;
}

interface Head {
  readonly room: string;
  readonly epoch: string;
}

/**
 * Soon enough for those tests in which Redis falls silent; in the others a busy machine is not to look like it: where this
 * process stood still, that counts as half a second of silence.
 */
const timeoutMs = 600;
const setUps: readonly { name: string; client: (port: number) => Parameters<typeof redisBackend>[0]["client"] }[] = [
  { name: "redis", client: (port) => createClient({ socket: { port } }) },
  { name: "redis without a queue", client: (port) => createClient({ socket: { port }, disableOfflineQueue: true }) },
  { name: "ioredis", client: (port) => new Redis({ port, lazyConnect: true }) },
  {
    name: "ioredis without a queue",
    client: (port) => new Redis({ port, lazyConnect: true, enableOfflineQueue: false }),
  },
];

/** Both hold commands back without a word, and keep the connection. */
const pauses: readonly { how: string; pause(): unknown }[] = [
  { how: "stopped", pause: () => redis.signal("SIGSTOP") },
  {
    how: "paused for its clients",
    async pause() {
      const other = new Redis({ port: redis.port });
      await other.call("CLIENT", "PAUSE", "1500", "ALL");
      other.disconnect();
    },
  },
];

let redis: RedisProcess;
const open: { close(): Promise<unknown> }[] = [];

async function start(...options: string[]): Promise<RedisProcess> {
  redis = await RedisProcess.start(...options);
  return redis;
}

/** A first replica gives Redis another history: what began before would begin anew. */
async function follows(replica: RedisProcess): Promise<void> {
  await until(async () => (await replica.command("INFO", "replication")).includes("master_link_status:up"));
}

async function harbourOver(backend: Backend): Promise<Harbour> {
  const harbour = await openHarbour({ backend, presenceGraceMs: 50 });
  open.push(harbour);
  return harbour;
}

async function enter(harbour: Harbour, userId: string, cursor?: { epoch: string; seq: number }) {
  const peer = harbour.announced(userId);
  await peer.got("$hello");
  const answer = (await peer.socket.emitWithAck("$enter", { room: "quay_q1", ...(cursor && { cursor }) })) as Answer;
  return { ...peer, answer };
}

async function emitUntilTaken(harbour: Harbour, crates: number) {
  for (;;) {
    const result = await harbour.server.to.quay("q1").emit("ship_loaded", load(crates));
    if (result.ok) return result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Logs a second event as another server would whose message was lost: the first one again, with 2 crates. */
async function logUnheard(): Promise<void> {
  const logged = await redis.command("XRANGE", "gestaloka:{quay_q1}:log", "-", "+");
  const text = logged.slice(logged.lastIndexOf("\r\n", logged.indexOf('"ship_loaded"')) + 2).trimEnd();
  await redis.command("XADD", "gestaloka:{quay_q1}:log", "2-0", "e", text.replace('"crates":1', '"crates":2'));
  await redis.command("HINCRBY", "gestaloka:{quay_q1}:head", "n", "1");
}

/** What a server may begin at rest: it begins 150, and 4,000 without a wait between two attempts, on a busy machine. */
const restful = 800;

/** How often this process begins anything while it waits: a timer, a promise's turn, a word of a socket. */
async function begunAtRest(): Promise<number> {
  let begun = 0;
  const hook = createHook({
    before() {
      begun++;
    },
  }).enable();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  hook.disable();
  return begun;
}

afterEach(async () => {
  redis.signal("SIGCONT");
  await Promise.all(open.splice(0).map((each) => each.close()));
  await redis.close();
});

describeRedis("servers whose Redis fails", () => {
  it("say that they are not ready while it is down at the start, rest, and serve once it is there", async () => {
    await start();
    await redis.kill();
    const harbour = await harbourOver(openBackend("redis", redis.port, { timeoutMs }));
    expect(await harbour.server.health()).toMatchObject({ ready: false, backend: false });
    expect(await harbour.server.to.quay("q1").emit("ship_loaded", load(1))).toMatchObject({
      ok: false,
      error: { code: "backend_unavailable" },
    });
    expect(await begunAtRest()).toBeLessThan(restful);
    await redis.start();
    await until(async () => (await harbour.server.health()).ready);
    const ada = await enter(harbour, "ada");
    await emitUntilTaken(harbour, 1);
    await ada.got("ship_loaded");
  });

  it("refuse while it is gone, rest, and are back soon after it, over any client", async () => {
    await start();
    const servers = await Promise.all(
      setUps.map(async ({ name, client }) => {
        const given = client(redis.port);
        const connect = vi.spyOn(given as { duplicate(): unknown }, "duplicate");
        const harbour = await harbourOver(redisBackend({ client: given, prefix: name }));
        const ada = await enter(harbour, "ada");
        const quay = harbour.server.to.quay("q1");
        expect(await quay.emit("ship_loaded", load(1)), name).toEqual({ ok: true, seq: 1 });
        await ada.got("ship_loaded");
        return { name, connect, harbour, quay, ada };
      }),
    );
    await redis.kill();
    const emits = servers.flatMap(({ quay }) => Array.from({ length: 250 }, () => quay.emit("ship_loaded", load(2))));
    const codes = (await Promise.all(emits)).map((result) => (result.ok ? "ok" : result.error.code));
    expect(codes.filter((code) => code !== "backend_unavailable" && code !== "log_unknown")).toEqual([]);
    expect(await begunAtRest()).toBeLessThan(servers.length * restful);
    await redis.start();
    await Promise.all(
      servers.map(async ({ name, connect, harbour, ada }) => {
        expect(await emitUntilTaken(harbour, 3), name).toEqual({ ok: true, seq: 1 });
        // Emits go by another connection than what it hears with, without which nobody enters.
        await until(async () => (await harbour.server.health()).ready);
        // The two that it had, which did not have to be given up for new ones first.
        expect(connect, name).toHaveBeenCalledTimes(2);
        await until(() => loads(ada).some(([, crates]) => crates === 3));
        expect((await enter(harbour, "bob", { epoch: ada.answer.epoch, seq: 1 })).answer, name).toMatchObject({
          recovered: false,
          reason: "epoch_changed",
        });
      }),
    );
  });

  it.each(pauses)(
    "give up what one has not answered that is $how, and write it once when repeated",
    async ({ pause }) => {
      await start();
      const harbour = await harbourOver(openBackend("redis", redis.port, { timeoutMs }));
      const ada = await enter(harbour, "ada");
      const quay = harbour.server.to.quay("q1");
      await quay.emit("ship_loaded", load(1));
      await pause();
      const lost = await quay.emit("ship_loaded", load(2));
      if (lost.ok) throw new Error("a paused Redis answered");
      const { code, appendId } = lost.error;
      expect([code, typeof appendId]).toEqual(["log_unknown", "string"]);
      // It is known to be silent by now: nothing more is handed to it.
      expect(await quay.emit("ship_loaded", load(9))).toMatchObject({ error: { code: "backend_unavailable" } });
      redis.signal("SIGCONT");
      await until(async () => (await harbour.server.health()).backend);
      expect(await quay.emit("ship_loaded", load(2), { appendId: appendId as string })).toEqual({ ok: true, seq: 2 });
      expect(await quay.emit("ship_loaded", load(3))).toEqual({ ok: true, seq: 3 });
      await until(() => loads(ada).length === 3);
      expect(loads(ada)).toEqual([1, 2, 3].map((number) => [number, number]));
    },
  );

  it("do not take a loop of their own that stands still for a Redis that is silent", async () => {
    await start();
    const harbour = await harbourOver(openBackend("ioredis", redis.port, { timeoutMs: 800 }));
    const quay = harbour.server.to.quay("q1");
    await quay.emit("ship_loaded", load(1));
    const emits = [quay.emit("ship_loaded", load(2)), quay.emit("ship_loaded", load(3))];
    await new Promise((resolve) => setImmediate(resolve));
    for (const from = performance.now(); performance.now() - from < 1_200; );
    expect(await Promise.all(emits)).toEqual([2, 3].map((seq) => ({ ok: true, seq })));
  });

  it("keep their connections where they stood still for longer than one may say nothing", async () => {
    await start();
    const harbour = await harbourOver(openBackend("ioredis", redis.port));
    await until(async () => (await harbour.server.health()).ready);
    const connections = async () => [...(await redis.command("CLIENT", "LIST")).matchAll(/^id=(\d+)/gm)];
    const ids = async () => (await connections()).map(([, id]) => Number(id));
    const before = await ids();
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + 20_000);
    try {
      expect((await harbour.server.health()).ready).toBe(false);
      await until(async () => (await harbour.server.health()).ready);
      expect(await ids()).toEqual(expect.arrayContaining(before.slice(0, 2)));
    } finally {
      clock.mockRestore();
    }
  });

  it("give emits to the members here while it is away, and begin a new epoch after it, where that is wanted", async () => {
    await start();
    const options = { timeoutMs, whileAway: "local-only" } as const;
    const harbour = await harbourOver(openBackend("ioredis", redis.port, options));
    const elsewhere = await harbourOver(openBackend("redis", redis.port, options));
    const ada = await enter(harbour, "ada");
    const zoe = await enter(elsewhere, "zoe");
    harbour.server.handle("load_ship", ({ crates }) => ({ on_board: crates }));
    const quay = harbour.server.to.quay("q1");
    await quay.emit("ship_loaded", load(1));
    redis.signal("SIGSTOP");
    expect(await quay.emit("ship_loaded", load(2))).toMatchObject({ error: { code: "log_unknown" } });
    expect(await quay.emit("ship_loaded", load(3))).toEqual({ ok: true });
    const command = [{ quay_id: "q1", ship_id: "s1", crates: 7 }, { id: "c1" }] as const;
    for (let times = 0; times < 2; times++)
      expect(await ada.socket.emitWithAck("load_ship", ...command)).toEqual({ ok: true, data: { on_board: 7 } });
    await until(() => loads(ada).some(([, crates]) => crates === 3));
    redis.signal("SIGCONT");
    // Whoever was elsewhere is told, though nothing more happens in the room.
    await until(async () => {
      const { heads } = (await zoe.socket.emitWithAck("$heads", { cursors: [] })) as { heads: Answer[] };
      return heads.every(({ epoch }) => epoch !== zoe.answer.epoch);
    });
    expect(await quay.emit("ship_loaded", load(4))).toEqual({ ok: true, seq: 1 });
    const late = await enter(harbour, "bob", { epoch: ada.answer.epoch, seq: 1 });
    expect(late.answer).toMatchObject({ recovered: false, reason: "epoch_changed" });
  });

  it("recover nobody from a log that was flushed, or from a memory that was lost", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port));
    const quay = harbour.server.to.quay("q1");
    const { answer: first } = await enter(harbour, "ada");
    await quay.emit("ship_loaded", load(1));
    await redis.command("FLUSHALL");
    const flushed = await enter(harbour, "bob", { epoch: first.epoch, seq: 1 });
    expect(flushed.answer).toMatchObject({ recovered: false, reason: "epoch_changed", seq: 0 });
    expect(await quay.emit("ship_loaded", load(2))).toEqual({ ok: true, seq: 1 });
    await redis.kill();
    await redis.start();
    await until(async () => (await harbour.server.health()).backend);
    const lost = await enter(harbour, "eve", { epoch: flushed.answer.epoch, seq: 1 });
    expect(lost.answer).toMatchObject({ recovered: false, reason: "epoch_changed", seq: 0 });
  });

  it("recover nobody over a restart, though the log was kept: its tail may not have been", async () => {
    await start("--appendonly", "yes");
    const harbour = await harbourOver(openBackend("ioredis", redis.port));
    const { answer } = await enter(harbour, "ada");
    for (let crates = 1; crates <= 3; crates++) await harbour.server.to.quay("q1").emit("ship_loaded", load(crates));
    await redis.kill();
    await redis.start();
    await until(async () => (await harbour.server.health()).backend);
    expect(await redis.command("KEYS", "*:head")).toContain("quay_q1");
    const after = await enter(harbour, "bob", { epoch: answer.epoch, seq: 3 });
    expect(after.answer).toMatchObject({ recovered: false, reason: "epoch_changed", seq: 0 });
  });

  it.each([
    { kept: "nothing", options: [] },
    { kept: "its log", options: ["--appendonly", "yes"] },
  ])("tell a room of its new epoch after a restart that kept $kept, though nothing more happens there", async (how) => {
    await start(...how.options);
    const harbour = await harbourOver(openBackend("redis", redis.port));
    const ada = await enter(harbour, "ada");
    // The message of its last event may have been lost with the connection.
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    await redis.kill();
    await redis.start();
    await until(async () => {
      const { heads } = (await ada.socket.emitWithAck("$heads", { cursors: [] })) as { heads: Head[] };
      return heads.some(({ room, epoch }) => room === "quay_q1" && epoch !== ada.answer.epoch);
    });
  });

  it("give no number out twice when a replica takes over that has not all of the log", async () => {
    const primary = await start("--repl-diskless-sync-delay", "0");
    const replica = await RedisProcess.start("--replicaof", `127.0.0.1 ${primary.port}`);
    open.push(replica);
    await follows(replica);
    const harbour = await harbourOver(openBackend("redis", primary.port));
    const { answer } = await enter(harbour, "ada");
    const quay = harbour.server.to.quay("q1");
    for (let crates = 1; crates <= 3; crates++) await quay.emit("ship_loaded", load(crates));
    await until(async () => (await replica.command("HGET", "gestaloka:{quay_q1}:head", "n")).includes("3"));
    replica.signal("SIGSTOP");
    for (let crates = 4; crates <= 5; crates++) await quay.emit("ship_loaded", load(crates));
    await primary.kill();
    replica.signal("SIGCONT");
    await replica.command("REPLICAOF", "NO", "ONE");
    const other = await harbourOver(openBackend("redis", replica.port));
    for (const seq of [3, 5]) {
      const late = await enter(other, `u${seq}`, { epoch: answer.epoch, seq });
      expect(late.answer).toMatchObject({ recovered: false, reason: "epoch_changed" });
    }
    expect(await other.server.to.quay("q1").emit("ship_loaded", load(6))).toEqual({ ok: true, seq: 1 });
  });

  it("give no number out twice when it takes over again, with the log of the replica that did so meanwhile", async () => {
    const soon = ["--repl-diskless-sync-delay", "0"];
    const primary = await start(...soon);
    const line = await FaultProxy.start(primary.port);
    const replica = await RedisProcess.start("--replicaof", `127.0.0.1 ${line.port}`, ...soon);
    open.push(line, replica);
    await follows(replica);
    const harbour = await harbourOver(openBackend("redis", primary.port));
    const quay = harbour.server.to.quay("q1");
    for (let crates = 1; crates <= 3; crates++) await quay.emit("ship_loaded", load(crates));
    const standsAt = async (server: RedisProcess) =>
      (await server.command("HGET", "gestaloka:{quay_q1}:head", "n")).at(-3);
    await until(async () => (await standsAt(replica)) === "3");
    line.blackhole();
    for (let crates = 4; crates <= 5; crates++) await quay.emit("ship_loaded", load(crates));
    await replica.command("REPLICAOF", "NO", "ONE");
    await primary.command("REPLICAOF", "127.0.0.1", String(replica.port));
    await until(async () => (await standsAt(primary)) === "3");
    await primary.command("REPLICAOF", "NO", "ONE");
    expect(await emitUntilTaken(harbour, 6)).toEqual({ ok: true, seq: 1 });
  });

  it.each(["redis", "ioredis"] as const)(
    "begin anew where they go back to the one before, which took nothing over and still says its epoch, over %s",
    async (client) => {
      const soon = ["--repl-diskless-sync-delay", "0"];
      const primary = await start(...soon);
      const replica = await RedisProcess.start("--replicaof", `127.0.0.1 ${primary.port}`, ...soon);
      const line = await FaultProxy.start(primary.port);
      open.push(line, replica);
      await follows(replica);
      const harbour = await harbourOver(openBackend(client, line.port));
      const ada = await enter(harbour, "ada");
      expect(await emitUntilTaken(harbour, 1)).toEqual({ ok: true, seq: 1 });
      await ada.got("ship_loaded");
      await replica.command("REPLICAOF", "NO", "ONE");
      const goTo = async ({ port }: RedisProcess) => {
        line.targetPort = port;
        line.cut();
        await until(async () => (await harbour.server.health()).ready);
      };
      await goTo(replica);
      expect(await emitUntilTaken(harbour, 2)).toEqual({ ok: true, seq: 1 });
      await ada.got("ship_loaded", 2);
      await replica.command("REPLICAOF", "127.0.0.1", String(primary.port));
      await goTo(primary);
      await until(async () => {
        const { seq } = await emitUntilTaken(harbour, 3);
        return seq === 1;
      });
      await ada.got("ship_loaded", 3);
      expect(loads(ada).map(([seq]) => seq)).toEqual([1, 1, 1]);
      const back = await enter(harbour, "ada", { epoch: ada.answer.epoch, seq: 1 });
      expect(back.answer).toMatchObject({ ok: true, recovered: false, reason: "epoch_changed" });
    },
  );

  it("refuse what does not fit into its memory, and go on in the same line when there is room", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port));
    const quay = harbour.server.to.quay("q1");
    expect(await quay.emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    await redis.command("CONFIG", "SET", "maxmemory", "1");
    expect(await quay.emit("ship_loaded", load(2))).toMatchObject({ error: { code: "backend_unavailable" } });
    expect(await harbour.server.health()).toMatchObject({ ready: false, backend: false });
    await redis.command("CONFIG", "SET", "maxmemory", "0");
    expect(await quay.emit("ship_loaded", load(3))).toEqual({ ok: true, seq: 2 });
    expect(await harbour.server.health()).toMatchObject({ ready: true, backend: true });
  });

  it("do not say that nothing was written where it stops a script amid, for a right that the user has no more", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port));
    const quay = harbour.server.to.quay("q1");
    await redis.command("ACL", "SETUSER", "default", "-publish");
    const stopped = await quay.emit("ship_loaded", load(1));
    expect(await redis.command("XLEN", "gestaloka:{quay_q1}:log")).toBe(":1\r\n");
    expect(stopped).toMatchObject({ error: { code: "log_unknown" } });
    await redis.command("ACL", "SETUSER", "default", "+publish");
    const { appendId } = (stopped as { error: { appendId: string } }).error;
    expect(await quay.emit("ship_loaded", load(1), { appendId })).toEqual({ ok: true, seq: 1 });
    expect(await quay.emit("ship_loaded", load(2))).toEqual({ ok: true, seq: 2 });
  });

  it("say in the log what kind of refusal it was", async () => {
    await start();
    const lines: string[] = [];
    const error = (fields: object) => void lines.push(JSON.stringify(fields));
    const logger = { debug() {}, info() {}, warn() {}, error };
    await redis.command("ACL", "SETUSER", "game", "on", ">open", "~*", "&*", "+@all", "-evalsha", "-eval");
    for (const [password, kind] of [
      ["open", "NOPERM"],
      ["wrong", "WRONGPASS"],
    ]) {
      const client = createClient({ url: `redis://game:${password}@127.0.0.1:${redis.port}` });
      const harbour = await openHarbour({ backend: redisBackend({ client }), logger });
      open.push(harbour);
      await until(() => lines.some((line) => line.includes(`Redis refused the command: ${kind} (docs/errors.md`)));
    }
  });

  it("take nobody for gone while it is full", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port, { presenceLeaseMs: 900 }));
    await enter(harbour, "ada");
    await redis.command("CONFIG", "SET", "maxmemory", "1");
    const lease = () => redis.command("HVALS", "gestaloka:{quay_q1}:leases");
    const first = await lease();
    await until(async () => (await lease()) !== first);
    expect(await harbour.server.members("quay_q1")).toEqual(["ada"]);
  });

  it("let no other run a command whose answer does not fit into it", async () => {
    await start();
    const [busy, other] = [openBackend("redis", redis.port), openBackend("ioredis", redis.port)];
    await Promise.all([busy.open(), other.open()]);
    open.push({ close: () => Promise.all([busy.close(), other.close()]) });
    expect(await busy.begin("ada", "c1")).toEqual({ do: "run" });
    await redis.command("CONFIG", "SET", "maxmemory", "1");
    busy.finish("ada", "c1", "{}");
    const leftMs = async () => Number((await redis.command("PTTL", "gestaloka:{user ada}:command:c1")).slice(1));
    await until(async () => (await leftMs()) < 4_000);
    await until(async () => (await leftMs()) > 4_000);
    await redis.command("CONFIG", "SET", "maxmemory", "0");
    const verdict = await other.begin("ada", "c1");
    expect(verdict.do === "wait" ? await verdict.answer : verdict).toEqual(
      verdict.do === "wait" ? "{}" : { do: "answer", answer: "{}" },
    );
  });

  it("leave nothing in it that does not end by itself, as they may not be there to end it", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port));
    harbour.server.handle("load_ship", ({ crates }) => ({ on_board: crates }));
    const ada = await enter(harbour, "ada");
    await ada.socket.emitWithAck("load_ship", { quay_id: "q1", ship_id: "s1", crates: 7 }, { id: "c1" });
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    await harbour.server.revoke("bob", "quay_q1");
    const keys = (await redis.command("KEYS", "gestaloka:*"))
      .split("\r\n")
      .filter((line) => line.startsWith("gestaloka:"));
    const endless = [];
    for (const key of keys) if ((await redis.command("PTTL", key)).startsWith(":-1")) endless.push(key);
    expect(keys.length).toBeGreaterThan(8);
    expect(endless).toEqual([]);
  });

  it("know what was taken back in a room for as long as they have its events", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port));
    const { answer } = await enter(harbour, "ada");
    await harbour.server.revoke("ada", "quay_q1");
    // All of its day but this has passed, and the room goes on.
    await redis.command("PEXPIRE", "gestaloka:{quay_q1}:rights", "200");
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    const left = async (key: string) => Number((await redis.command("PTTL", `gestaloka:{quay_q1}:${key}`)).slice(1));
    await until(async () => (await left("rights")) < 0 || (await left("rights")) > (await left("log")));
    const again = await enter(harbour, "ada", { epoch: answer.epoch, seq: 0 });
    expect(again.answer).toMatchObject({ recovered: false, reason: "replay_denied", seq: 1 });
  });

  it("show a gap whose events were trimmed before anybody could read them", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port));
    const ada = await enter(harbour, "ada");
    const quay = harbour.server.to.quay("q1");
    await quay.emit("ship_loaded", load(1));
    await ada.got("ship_loaded");
    // Three numbers that were published while this server did not hear, and are in no log any more.
    await redis.command("HINCRBY", "gestaloka:{quay_q1}:head", "n", "3");
    await redis.command("DEL", "gestaloka:{quay_q1}:log");
    await quay.emit("ship_loaded", load(5));
    await ada.got("ship_loaded", 2);
    expect(loads(ada)).toEqual([1, 5].map((number) => [number, number]));
    const page = { epoch: ada.answer.epoch, after: 1, limit: 3 };
    expect(await ada.socket.emitWithAck("$page", page)).toEqual({ ok: false, error: { code: "log_unknown" } });
  });

  it("give their members what was published while their ears were cut off", async () => {
    await start();
    const [one, other] = [
      await harbourOver(openBackend("redis", redis.port)),
      await harbourOver(openBackend("ioredis", redis.port)),
    ];
    const ada = await enter(one, "ada");
    const eve = await enter(other, "eve");
    for (let crates = 1; crates <= 20; crates++) {
      if (crates % 5 === 0) void redis.command("CLIENT", "KILL", "TYPE", "pubsub");
      expect(await one.server.to.quay("q1").emit("ship_loaded", load(crates))).toMatchObject({ ok: true });
    }
    await until(() => loads(ada).length >= 20 && loads(eve).length >= 20);
    const all = Array.from({ length: 20 }, (_, at) => [at + 1, at + 1]);
    expect(loads(ada)).toEqual(all);
    expect(loads(eve)).toEqual(all);
  });

  it.each(["redis", "ioredis"] as const)(
    "of %s hear no more of a room that was left while their ears were cut off",
    async (name) => {
      await start();
      const line = await FaultProxy.start(redis.port);
      open.push(line);
      const harbour = await harbourOver(openBackend(name, line.port));
      const ada = await enter(harbour, "ada");
      line.set({ accept: "reset" });
      line.cut();
      await until(async () => !(await harbour.server.health()).backend);
      await ada.socket.emitWithAck("undock", { quay_id: "q1" });
      line.clear();
      await until(async () => {
        const channels = await redis.command("PUBSUB", "CHANNELS", "*");
        return channels.includes("sailor_ada") && !channels.includes("quay_q1");
      });
    },
  );

  it.each(["redis", "ioredis"] as const)(
    "of %s outlive that their ears are cut off before a subscription is answered",
    async (name) => {
      await start();
      const gate = { shut: false, cuts: 0 };
      const door = createServer((near) => {
        const far = connect(redis.port, "127.0.0.1");
        const cut = () => [near, far].map((socket) => socket.destroy());
        for (const socket of [near, far]) socket.on("error", cut).on("close", cut);
        far.pipe(near);
        near.on("data", (bytes) => {
          if (!gate.shut || !/subscribe/i.test(String(bytes))) return far.write(bytes);
          gate.cuts++;
          cut();
        });
      });
      door.listen(0, "127.0.0.1");
      await once(door, "listening");
      open.push({ close: async () => door.close() });
      const harbour = await harbourOver(openBackend(name, (door.address() as AddressInfo).port));
      const ada = await enter(harbour, "ada");
      const unhandled: unknown[] = [];
      const note = (error: unknown) => unhandled.push(error);
      process.on("unhandledRejection", note);
      open.push({ close: async () => process.off("unhandledRejection", note) });
      gate.shut = true;
      await redis.command("CLIENT", "KILL", "TYPE", "pubsub");
      await until(() => gate.cuts === 3);
      gate.shut = false;
      await emitUntilTaken(harbour, 1);
      await until(() => loads(ada).length > 0);
      expect(unhandled).toEqual([]);
    },
  );

  it("find the last event of a room that falls silent, though its message was lost", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port, { compareMs: 100 }));
    const ada = await enter(harbour, "ada");
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    await ada.got("ship_loaded");
    await logUnheard();
    await until(() => loads(ada).length === 2);
    expect(loads(ada)).toEqual([1, 2].map((number) => [number, number]));
  });

  it("let nobody in who would be given what came before, where it could not be read", async () => {
    await start();
    const gate = { fails: 0 };
    const door = createServer((near) => {
      const far = connect(redis.port, "127.0.0.1");
      const cut = () => [near, far].map((socket) => socket.destroy());
      for (const socket of [near, far]) socket.on("error", cut).on("close", cut);
      far.pipe(near);
      near.on("data", (bytes) => {
        const text = bytes.toString("latin1");
        const isRead = gate.fails > 0 && text.includes(readScript.sha);
        if (isRead) gate.fails--;
        // Redis knows no such command, and says so.
        far.write(isRead ? text.replace(/EVALSHA(?=\r\n\$40\r\n)/, "EVALSHX") : text, "latin1");
      });
    });
    door.listen(0, "127.0.0.1");
    await once(door, "listening");
    open.push({ close: async () => door.close() });
    const harbour = await harbourOver(openBackend("redis", (door.address() as AddressInfo).port));
    const ada = await enter(harbour, "ada");
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    await ada.got("ship_loaded");
    await logUnheard();
    gate.fails = 1;
    const bob = harbour.plain("bob");
    const refused = await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    expect(gate.fails).toBe(0);
    await until(() => loads(ada).length === 2);
    const entered = await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    await harbour.server.to.quay("q1").emit("ship_loaded", load(3));
    await bob.got("ship_loaded");
    expect(loads(bob).map(([, crates]) => crates)).toEqual([3]);
    expect(refused).toEqual({ ok: false, error: { code: "internal" } });
    expect(entered).toMatchObject({ members: ["ada", "bob"] });
  });

  it("run a command again whose server is gone without an answer: at least once, and here it shows", async () => {
    await start();
    const [dying, other] = [openBackend("redis", redis.port), openBackend("ioredis", redis.port)];
    await Promise.all([dying.open(), other.open()]);
    open.push({ close: async () => other.close() });
    expect(await dying.begin("ada", "c1")).toEqual({ do: "run" });
    const verdict = await other.begin("ada", "c1");
    if (verdict.do !== "wait") throw new Error("the command is not running");
    await dying.close();
    // Nobody renews it any more; the time that this takes is not waited for.
    await redis.command("PEXPIRE", "gestaloka:{user ada}:command:c1", "1");
    await harbourOver(other);
    expect(await verdict.answer).toBeUndefined();
    expect(await other.begin("ada", "c1")).toEqual({ do: "run" });
  });

  it("let no other run a command that is still running, though Redis lost what it knew of it", async () => {
    await start();
    const [busy, other] = [openBackend("redis", redis.port), openBackend("ioredis", redis.port)];
    await Promise.all([busy.open(), other.open()]);
    open.push({ close: () => Promise.all([busy.close(), other.close()]) });
    expect(await busy.begin("ada", "c1")).toEqual({ do: "run" });
    await redis.command("FLUSHALL");
    await until(async () => (await redis.command("KEYS", "*:command:c1")).includes("ada"));
    const verdict = await other.begin("ada", "c1");
    if (verdict.do !== "wait") throw new Error("it would run twice");
    busy.finish("ada", "c1", "{}");
    // Who waits is told of it by a look each second, where there are no messages.
    expect(await verdict.answer).toBe("{}");
  });

  it.each([
    ["before it went away", "reject"],
    ["while it was away", "local-only"],
  ] as const)(
    "let no other run a command that was begun %s and is still running when it is back",
    async (when, whileAway) => {
      await start();
      const [busy, other] = [
        openBackend("redis", redis.port, { whileAway }),
        openBackend("ioredis", redis.port, { whileAway }),
      ];
      await Promise.all([busy.open(), other.open()]);
      open.push({ close: () => Promise.all([busy.close(), other.close()]) });
      const begin = async () => expect(await busy.begin("ada", "c1")).toEqual({ do: "run" });
      if (when === "before it went away") await begin();
      await redis.kill();
      const isUp = async (backend: Backend) => Promise.resolve(backend.health()).catch(() => false);
      await until(async () => !(await isUp(busy)));
      if (when === "while it was away") await begin();
      await redis.start();
      await until(async () => (await isUp(busy)) && (await isUp(other)));
      expect(await other.begin("ada", "c1")).toMatchObject({ do: "wait" });
    },
  );

  it("give nothing to clients of a server that hears no more, and wait for it no longer than its lease", async () => {
    await start();
    const proxy = await FaultProxy.start(redis.port);
    open.push(proxy);
    const presence = { presenceLeaseMs: 3_000 };
    const hearing = await harbourOver(openBackend("redis", redis.port, presence));
    const deaf = await harbourOver(openBackend("ioredis", proxy.port, { timeoutMs, ...presence }));
    const zoe = await enter(hearing, "zoe");
    const ada = await enter(deaf, "ada");
    const bob = await enter(deaf, "bob");
    const eve = await enter(deaf, "eve");
    await hearing.server.to.quay("q1").emit("ship_loaded", load(1));
    await until(() => loads(ada).length === 1);
    proxy.blackhole();
    const from = performance.now();
    await Promise.all([hearing.server.revoke("ada", "quay_q1"), hearing.server.disconnectUser("eve")]);
    // A lease is 5 s.
    expect(performance.now() - from).toBeLessThan(10_000);
    await hearing.server.to.quay("q1").emit("ship_loaded", load(2));
    await zoe.got("sailor_went", 3);
    expect(await hearing.server.members("quay_q1")).toEqual(["zoe"]);
    expect([loads(ada), loads(bob), loads(eve)].map((each) => each.length)).toEqual([1, 1, 1]);
    // Once it hears again it looks up what it was not told, before it goes on.
    proxy.clear();
    proxy.cut();
    await until(() => loads(bob).length === 2);
    await ada.got("$left");
    expect(await eve.got("$bye")).toMatchObject([{ code: "revoked" }]);
    expect([loads(ada), loads(eve)].map((each) => each.length)).toEqual([1, 1]);
  });

  it("know who is present as soon as a Redis that lost its memory is back, however seldom they say so", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port, { presenceLeaseMs: 300_000 }));
    await enter(harbour, "ada");
    await redis.kill();
    await redis.start();
    await until(async () => (await harbour.server.health()).ready);
    await until(async () => (await harbour.server.members("quay_q1")).includes("ada"));
  });

  it("tell that those came again whom they took for gone while their server stood still", async () => {
    await start();
    const proxy = await FaultProxy.start(redis.port);
    open.push(proxy);
    const presence = { presenceLeaseMs: 1_500 };
    const awake = await harbourOver(openBackend("redis", redis.port, presence));
    const frozen = await harbourOver(openBackend("redis", proxy.port, { timeoutMs, ...presence }));
    const zoe = await enter(awake, "zoe");
    for (const userId of ["ada", "bob"]) await enter(frozen, userId);
    await zoe.got("sailor_came", 2);
    proxy.blackhole();
    await zoe.got("sailor_went", 2);
    await enter(awake, "bob");
    proxy.clear();
    proxy.cut();
    await until(async () => (await awake.server.members("quay_q1")).includes("ada"));
    await zoe.got("sailor_came", 4);
    await awake.server.to.quay("q1").emit("ship_loaded", load(1));
    await zoe.got("ship_loaded");
    const came = zoe.named("sailor_came").map(([payload]) => (payload as { sailor_id: string }).sailor_id);
    expect(came).toEqual(["ada", "bob", "bob", "ada"]);
  });

  it("tell whose server is gone also where another of the process, of another contract, was there first", async () => {
    await start();
    const presence = { presenceLeaseMs: 1_500 };
    const shared = openBackend("redis", redis.port, presence);
    open.push(await openHarbour({ contract: gestaloka as never, backend: shared }));
    const harbour = await harbourOver(shared);
    const dying = await harbourOver(openBackend("ioredis", redis.port, presence));
    const zoe = await enter(harbour, "zoe");
    await enter(dying, "ada");
    await zoe.got("sailor_came");
    // Whom a server leaves behind is present until its lease ends.
    await dying.close();
    await zoe.got("sailor_went");
    expect(zoe.named("sailor_went").map(([payload]) => payload)).toEqual([{ sailor_id: "ada" }]);
  });

  it("tell who went while it was silent, by request or for good, once it answers again", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port, { timeoutMs, presenceLeaseMs: 1_500 }));
    const zoe = await enter(harbour, "zoe");
    const [ada, bob] = [await enter(harbour, "ada"), await enter(harbour, "bob")];
    await zoe.got("sailor_came", 2);
    redis.signal("SIGSTOP");
    bob.socket.disconnect();
    expect(await ada.socket.emitWithAck("undock", { quay_id: "q1" })).toMatchObject({ error: { code: "internal" } });
    redis.signal("SIGCONT");
    await zoe.got("sailor_went", 2);
    const went = zoe.named("sailor_went").map(([payload]) => (payload as { sailor_id: string }).sailor_id);
    expect(went.sort()).toEqual(["ada", "bob"]);
    expect(await harbour.server.members("quay_q1")).toEqual(["zoe"]);
  });

  it("have nobody present whose entry failed as it was silent, though it was carried out", async () => {
    await start();
    const backend = openBackend("redis", redis.port, { timeoutMs, presenceLeaseMs: 3_000 });
    const node = { failed() {}, gone() {}, came() {} } as unknown as BackendNode;
    await backend.open(node);
    open.push({ close: async () => backend.close(node) });
    expect(await backend.enter("quay_q1", "zoe", "c1")).toBe(true);
    redis.signal("SIGSTOP");
    await expect(backend.enter("quay_q1", "ada", "c2")).rejects.toMatchObject({ code: "log_unknown" });
    redis.signal("SIGCONT");
    // Whoever answers for the one would answer for the other as well.
    const members = async () => Promise.resolve(backend.members("quay_q1")).catch(() => []);
    await until(async () => (await members()).join() === "zoe");
  });

  it("say nothing of who went while it was silent and is back before that could be told", async () => {
    await start();
    const harbour = await harbourOver(openBackend("redis", redis.port, { timeoutMs }));
    const zoe = await enter(harbour, "zoe");
    const ada = await enter(harbour, "ada");
    await zoe.got("sailor_came");
    redis.signal("SIGSTOP");
    await ada.socket.emitWithAck("undock", { quay_id: "q1" });
    redis.signal("SIGCONT");
    await until(async () => (await harbour.server.health()).ready);
    expect(await ada.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: true });
    await ada.socket.emitWithAck("undock", { quay_id: "q1" });
    await zoe.got("sailor_went");
    expect(zoe.named("sailor_came")).toHaveLength(1);
  });

  it("tell who is back whom another server took for gone meanwhile, before this one could tell that they went", async () => {
    await start();
    const line = await FaultProxy.start(redis.port);
    open.push(line);
    const watching = await harbourOver(openBackend("ioredis", redis.port, { presenceLeaseMs: 1_500 }));
    // It answers for its users for so long that the test says when that is over.
    const cut = await harbourOver(openBackend("redis", line.port, { presenceLeaseMs: 600_000 }));
    const zoe = await enter(watching, "zoe");
    const ada = await enter(cut, "ada");
    await zoe.got("sailor_came");
    line.set({ accept: "reset" });
    line.cut();
    await until(async () => !(await cut.server.health()).backend);
    await ada.socket.emitWithAck("undock", { quay_id: "q1" });
    const [server] = /(\w+) ada\r/.exec(await redis.command("HKEYS", "gestaloka:{quay_q1}:present"))?.slice(1) ?? [];
    await redis.command("HSET", "gestaloka:{quay_q1}:leases", String(server), "1");
    await zoe.got("sailor_went");
    line.clear();
    await until(async () => (await cut.server.health()).ready);
    expect(await ada.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: true });
    expect((await zoe.got("sailor_came", 2))[0]).toEqual({ sailor_id: "ada" });
  });

  it("close who is disconnected while the server that let them in waits for its first connection", async () => {
    await start();
    const port = await freePort();
    const hearing = await harbourOver(openBackend("redis", redis.port));
    // Who was disconnected before it began may be let in again.
    const past = JSON.stringify(["order", "gone", "1", "disconnect", "bob", "revoked"]);
    await redis.command("XADD", "gestaloka:{nodes}:orders", "1-0", "t", past);
    const late = await harbourOver(openBackend("redis", port));
    const [eve, bob] = [late.plain("eve"), late.plain("bob")];
    await Promise.all([eve, bob].map(({ socket }) => once(socket as never, "connect")));
    const gone = once(eve.socket as never, "disconnect");
    await hearing.server.disconnectUser("eve");
    const door = createServer((near) => {
      const far = connect(redis.port, "127.0.0.1");
      for (const socket of [near, far]) socket.on("error", () => [near, far].map((each) => each.destroy()));
      near.pipe(far).pipe(near);
    });
    door.listen(port, "127.0.0.1");
    open.push({ close: async () => door.close() });
    await gone;
    expect(await bob.socket.emitWithAck("dock", { quay_id: "q1" })).toMatchObject({ members: ["bob"] });
  });

  it.each(["redis", "ioredis"] as const)(
    "give nobody what was taken back in one that lost who has to be waited for, over %s",
    async (name) => {
      await start();
      const shut = { for: /^$/ };
      const door = createServer((near) => {
        const far = connect(redis.port, "127.0.0.1");
        const cut = () => [near, far].map((socket) => socket.destroy());
        for (const socket of [near, far]) socket.on("error", cut).on("close", cut);
        far.pipe(near);
        near.on("data", (bytes) => (shut.for.test(String(bytes)) ? cut() : far.write(bytes)));
      });
      door.listen(0, "127.0.0.1");
      await once(door, "listening");
      open.push({ close: async () => door.close() });
      const sound = await harbourOver(openBackend("redis", redis.port));
      const late = await harbourOver(openBackend(name, (door.address() as AddressInfo).port));
      const ada = await enter(late, "ada");
      shut.for = /./;
      await redis.kill();
      await redis.start();
      await until(async () => (await sound.server.health()).ready);
      // Redis knows of no lease of the late one, which for a while believes that it has it still.
      await sound.server.revoke("ada", "quay_q1");
      shut.for = /script|evalsha|publish/i;
      await until(async () => (await redis.command("PUBSUB", "NUMSUB", "gestaloka:room:quay_q1")).endsWith(":1\r\n"));
      expect(await sound.server.to.quay("q1").emit("ship_loaded", load(1))).toMatchObject({ ok: true });
      shut.for = /^$/;
      await ada.got("$left");
      expect(loads(ada)).toEqual([]);
    },
  );

  it("show nobody the log on a server that hears nothing, though Redis answers it, and let nobody in there", async () => {
    await start();
    const ears = { deaf: false };
    const door = createServer((near) => {
      const far = connect(redis.port, "127.0.0.1");
      const cut = () => [near, far].map((socket) => socket.destroy());
      for (const socket of [near, far]) socket.on("error", cut).on("close", cut);
      let listens = false;
      near.on("data", (bytes) => {
        listens ||= /subscribe/i.test(String(bytes));
        far.write(bytes);
      });
      far.on("data", (bytes) => (listens && ears.deaf) || near.write(bytes));
    });
    door.listen(0, "127.0.0.1");
    await once(door, "listening");
    open.push({ close: async () => door.close() });
    const hearing = await harbourOver(openBackend("redis", redis.port));
    const deaf = await harbourOver(openBackend("redis", (door.address() as AddressInfo).port));
    const bob = deaf.announced("bob");
    await bob.got("$hello");
    const ada = await enter(deaf, "ada");
    await hearing.server.to.quay("q1").emit("ship_loaded", load(1));
    await until(() => loads(ada).length === 1);
    ears.deaf = true;
    // Waits for the lease of the deaf one, and no longer.
    await hearing.server.revoke("ada", "quay_q1");
    await hearing.server.to.quay("q1").emit("ship_loaded", load(2));
    const page = { epoch: ada.answer.epoch, after: 1, limit: 10 };
    expect(await ada.socket.emitWithAck("$page", page)).toEqual({ ok: false, error: { code: "internal" } });
    // Let in, he would be given what came before him as soon as the server hears again.
    expect(await bob.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: false });
    expect(loads(ada)).toHaveLength(1);
  });

  it("leave nobody waiting for a room that was left and asked for again as the link to Redis was given up", async () => {
    await start();
    const node = { deliver() {}, revoked() {}, stands() {}, failed() {} } as unknown as BackendNode;
    const backend = openBackend("redis", redis.port, { timeoutMs });
    await backend.open(node);
    redis.signal("SIGSTOP");
    void backend.watch("quay_q1");
    backend.unwatch("quay_q1");
    const watched = expect(backend.watch("quay_q1")).rejects.toThrow();
    await backend.close(node);
    redis.signal("SIGCONT");
    await watched;
  });
});
