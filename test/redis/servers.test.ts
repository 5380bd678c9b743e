import type { BackendNode, EmitResult } from "@gestaloka/events/server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describeRedis } from "../support/describe-redis.js";
import { type Harbour, openHarbour } from "../support/harbour-server.js";
import { expectOrderAfterOne, expectOrderOfEmits } from "../support/order-of-emits.js";
import { RedisProcess } from "../support/redis-process.js";
import { type ClientName, openBackend } from "./backends.js";
import { consecutive, load, loads, until } from "./peers.js";
import { startCluster } from "./redis-cluster.js";

interface Kind {
  readonly client: ClientName;
  start(): Promise<Pick<RedisProcess, "port" | "command" | "kill" | "start" | "close">>;
}

const kinds: readonly Kind[] = [
  { client: "redis", start: () => RedisProcess.start() },
  { client: "ioredis", start: () => RedisProcess.start() },
  { client: "a cluster of redis", start: startCluster },
  { client: "a cluster of ioredis", start: startCluster },
];

describeRedis("two servers over one Redis", () => {
  describe.each(kinds)("with $client", ({ client, start }) => {
    let redis: Awaited<ReturnType<Kind["start"]>>;
    beforeAll(async () => {
      redis = await start();
    });
    afterAll(() => redis.close());
    let one: Harbour;
    let other: Harbour;
    const open = async (options: Parameters<typeof openHarbour>[0] = {}) => {
      await redis.command("FLUSHALL");
      const server = () => openHarbour({ backend: openBackend(client, redis.port), presenceGraceMs: 50, ...options });
      [one, other] = await Promise.all([server(), server()]);
    };
    afterEach(() => Promise.all([one.close(), other.close()]));

    it("bring a room's events to the members of both, numbered in one line", async () => {
      await open();
      const ada = one.announced("ada");
      const bob = other.announced("bob");
      await Promise.all([ada, bob].map(({ socket }) => socket.emitWithAck("$enter", { room: "quay_q1" })));
      const results = [];
      for (let crates = 1; crates <= 20; crates++)
        results.push((crates % 2 ? one : other).server.to.quay("q1").emit("ship_loaded", load(crates)));
      const numbers = (await Promise.all(results)).map((result) => (result.ok ? result.seq : result.error));
      expect([...numbers].sort((a, b) => Number(a) - Number(b))).toEqual(consecutive(20).map(([seq]) => seq));
      await until(() => loads(ada).length === 20 && loads(bob).length === 20);
      expect(loads(bob)).toEqual(loads(ada));
      expect(loads(ada).map(([seq]) => seq)).toEqual(consecutive(20).map(([seq]) => seq));
    });

    it("keep the order of emits that nobody waited for, whatever their kind", async () => {
      await open();
      const ada = other.announced("ada");
      await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
      await expectOrderOfEmits(one.server, ada);
    });

    it("keep that order where Redis forgot its scripts, and was taught some of them anew", async () => {
      await open();
      const ada = other.announced("ada");
      await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
      await other.announced("bob").socket.emitWithAck("$enter", { room: "quay_q1" });
      await ada.got("sailor_came");
      await redis.command("SCRIPT", "FLUSH");
      await expectOrderAfterOne(one.server, ada);
    });

    it("keep that order in rooms of a Redis that was not spoken to before, and while connections are cut", async () => {
      await open();
      const rooms = Array.from({ length: 20 }, (_, at) => one.server.to.quay(`q${at}`));
      const told = rooms.map((): Promise<EmitResult>[] => []);
      const emitToAll = (count: number) => {
        for (const [at, room] of rooms.entries())
          for (let nth = 0; nth < count; nth++) told[at]?.push(room.emit("ship_loaded", load(nth)));
      };
      emitToAll(10);
      await Promise.all(told.flat());
      for (let cuts = 0; cuts < 5; cuts++) {
        const cut = redis.command("CLIENT", "KILL", "TYPE", "normal");
        for (let turns = 0; turns < 40; turns++) {
          emitToAll(1);
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        await cut;
      }
      for (const results of await Promise.all(told.map((each) => Promise.all(each)))) {
        expect(results.slice(0, 10).map((result) => result.ok && result.seq)).toEqual(
          consecutive(10).map(([seq]) => seq),
        );
        const numbers = results.flatMap((result) => (result.ok ? [result.seq ?? 0] : []));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        // Between the cuts as well.
        expect(numbers.length).toBeGreaterThan(10);
      }
    });

    it("serve every room again once a Redis that was gone is back", async () => {
      await open();
      const rooms = Array.from({ length: 20 }, (_, at) => one.server.to.quay(`q${at}`));
      const emitToAll = async () => {
        const results = await Promise.all(rooms.map((room) => room.emit("ship_loaded", load(1))));
        return results.filter(({ ok }) => ok).length;
      };
      expect(await emitToAll()).toBe(20);
      await redis.kill();
      expect(await emitToAll()).toBeLessThan(20);
      await redis.start();
      await until(async () => (await emitToAll()) === 20);
    });

    it("hear a room whose last member left as the next one came", async () => {
      await open();
      const heard: number[] = [];
      const node = { deliver: (_: string, { seq }: { seq: number }) => heard.push(seq), revoked() {}, stands() {} };
      const backend = openBackend(client, redis.port);
      await backend.open(node as unknown as BackendNode);
      await backend.watch("quay_q1");
      for (let turns = 0; turns < 3; turns++) {
        backend.unwatch("quay_q1");
        const watched = backend.watch("quay_q1");
        if (turns % 2 === 0) await watched;
      }
      await backend.watch("quay_q1");
      await one.server.to.quay("q1").emit("ship_loaded", load(1));
      await until(() => heard.length > 0);
      expect(heard).toEqual([1]);
      await backend.close(node as unknown as BackendNode);
    });

    it("give a client of the one what it missed at the other", async () => {
      await open();
      const quay = one.server.to.quay("q1");
      const before = one.announced("ada");
      const first = (await before.socket.emitWithAck("$enter", { room: "quay_q1" })) as { epoch: string };
      await quay.emit("ship_loaded", load(1));
      await before.got("ship_loaded");
      before.socket.disconnect();
      for (let crates = 2; crates <= 5; crates++) await quay.emit("ship_loaded", load(crates));
      const after = other.announced("ada");
      const cursor = { epoch: first.epoch, seq: 1 };
      const answer = await after.socket.emitWithAck("$enter", { room: "quay_q1", cursor });
      expect(answer).toMatchObject({ ok: true, epoch: first.epoch, seq: 5, recovered: true });
      await quay.emit("ship_loaded", load(6));
      await until(() => loads(after).length === 5);
      expect(loads(after)).toEqual(consecutive(6).slice(1));
    });

    it("answer a command that was sent to both once each, and run it once", async () => {
      await open();
      let runs = 0;
      let finish: (() => void) | undefined;
      for (const { server } of [one, other]) {
        server.handle("load_ship", async ({ crates }) => {
          runs++;
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          return { on_board: crates };
        });
      }
      const command = [{ quay_id: "q1", ship_id: "s1", crates: 7 }, { id: "c1" }] as const;
      const first = one.announced("ada").socket.emitWithAck("load_ship", ...command);
      await until(() => runs === 1);
      const second = other.announced("ada").socket.emitWithAck("load_ship", ...command);
      await until(async () => (await redis.command("KEYS", "*command*")).includes("c1"));
      finish?.();
      const answer = { ok: true, data: { on_board: 7 } };
      expect(await Promise.all([first, second])).toEqual([answer, answer]);
      expect(await other.announced("ada").socket.emitWithAck("load_ship", ...command)).toEqual(answer);
      expect(runs).toBe(1);
    });

    it("take a right back on both before it is said to be done", async () => {
      await open();
      const ada = other.announced("ada");
      const bob = other.announced("bob");
      for (const { socket } of [ada, bob]) await socket.emitWithAck("$enter", { room: "quay_q1" });
      await one.server.revoke("ada", "quay_q1");
      await other.server.to.quay("q1").emit("ship_loaded", load(1));
      await bob.got("ship_loaded");
      await ada.got("$left");
      expect(loads(ada)).toEqual([]);
      expect(await one.server.members("quay_q1")).toEqual(["bob"]);
    });

    it("let nobody in whose right is taken back at the other, at any step of the entry", async () => {
      await open();
      for (let turns = 0; turns < 5; turns++) {
        const peer = other.announced(`u${turns}`);
        await peer.got("$hello");
        const entering = peer.socket.emitWithAck("$enter", { room: "quay_q1" });
        const rounds = Array.from({ length: turns * 2 }, () => () => redis.command("PING"));
        for (const round of rounds) await round();
        await one.server.revoke(`u${turns}`, "quay_q1");
        await one.server.to.quay("q1").emit("ship_loaded", load(turns));
        await entering;
        await peer.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
        const isIn = other.io.sockets.adapter.rooms.get("quay_q1")?.has(peer.socket.id as string) ?? false;
        // Who asked after the revocation is in by right; nobody else has anything of the room.
        if (!isIn) expect(loads(peer)).toEqual([]);
      }
    });

    it("replay nothing that was appended while a right was taken back, wherever that was asked", async () => {
      await open();
      const ada = one.announced("ada");
      const { epoch } = (await ada.socket.emitWithAck("$enter", { room: "quay_q1" })) as { epoch: string };
      await other.server.revoke("ada", "quay_q1");
      await one.server.to.quay("q1").emit("ship_loaded", load(1));
      const answer = await other
        .announced("ada")
        .socket.emitWithAck("$enter", { room: "quay_q1", cursor: { epoch, seq: 0 } });
      expect(answer).toMatchObject({ recovered: false, reason: "replay_denied", epoch, seq: 1 });
    });

    it("know who is present at either, and tell of each once", async () => {
      await open();
      const zoe = one.announced("zoe");
      await zoe.socket.emitWithAck("$enter", { room: "quay_q1" });
      const here = one.announced("ada");
      const there = other.announced("ada");
      for (const { socket } of [here, there]) await socket.emitWithAck("$enter", { room: "quay_q1" });
      expect(await one.server.members("quay_q1")).toEqual(["zoe", "ada"]);
      expect(await other.server.members("quay_q1")).toEqual(["zoe", "ada"]);
      here.socket.disconnect();
      await there.socket.emitWithAck("undock", { quay_id: "q1" });
      await zoe.got("sailor_went");
      expect(zoe.named("sailor_came").map(([payload]) => payload)).toEqual([{ sailor_id: "ada" }]);
      expect(zoe.named("sailor_went").map(([payload]) => payload)).toEqual([{ sailor_id: "ada" }]);
      expect(await other.server.members("quay_q1")).toEqual(["zoe"]);
    });

    it("tell at once of a user who came from one that was closed, and leaves by the other", async () => {
      await open();
      const [zoe, before] = [other.announced("zoe"), one.announced("ada")];
      for (const { socket } of [zoe, before]) await socket.emitWithAck("$enter", { room: "quay_q1" });
      await one.server.close({ drainMs: 0 });
      const ada = other.announced("ada");
      await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
      await ada.socket.emitWithAck("undock", { quay_id: "q1" });
      await zoe.got("sailor_went");
      expect(zoe.named("sailor_came").map(([payload]) => payload)).toEqual([{ sailor_id: "ada" }]);
      expect(await other.server.members("quay_q1")).toEqual(["zoe"]);
    });

    it("leave no old connection of a client behind on the other", async () => {
      await open();
      const old = one.announced("ada", { client: "tab" });
      await old.got("$hello");
      const gone = new Promise((resolve) => old.socket.once("disconnect", resolve));
      await other.announced("ada", { client: "tab" }).got("$hello");
      await gone;
      expect(old.named("$bye")).toMatchObject([[{ code: "evicted" }]]);
    });
  });
});
