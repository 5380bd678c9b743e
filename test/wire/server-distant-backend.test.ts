import { memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it } from "vitest";
import { distantBackend } from "../support/distant-backend.js";
import { type Harbour, openHarbour, type Peer } from "../support/harbour-server.js";
import { expectOrderOfEmits } from "../support/order-of-emits.js";
import { load, loads } from "../support/ship-loads.js";

interface Head {
  readonly epoch: string;
  readonly seq: number;
}

let harbour: Harbour;
afterEach(() => harbour.close());

const numbers = (peer: Peer) => loads(peer).map(([, crates]) => crates);

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Enters anew from where an entry before stood, and takes the right back `turns` turns of the event loop into it; `crates`
 * are emitted before, where they are given.
 */
async function revokeAmidEntry(userId: string, turns: number, crates?: number) {
  const peer = harbour.announced(userId);
  await peer.got("welcomed");
  const { epoch, seq } = (await peer.socket.emitWithAck("$enter", { room: "quay_q1" })) as Head;
  await peer.socket.emitWithAck("undock", { quay_id: "q1" });
  if (crates !== undefined) await harbour.server.to.quay("q1").emit("ship_loaded", load(crates));
  const request = { room: "quay_q1", cursor: { epoch, seq } };
  const entering = peer.socket.emitWithAck("$enter", request) as Promise<{ ok: boolean }>;
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  await harbour.server.revoke(userId, "quay_q1");
  const { ok } = await entering;
  return { peer, request, ok };
}

describe("a backend that is far away", () => {
  it("keeps the order of emits that nobody waited for, whatever their kind", async () => {
    const { backend } = distantBackend(memoryBackend());
    harbour = await openHarbour({ backend });
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    await expectOrderOfEmits(harbour.server, ada);
  });

  it("misses and repeats nothing for those who enter while events are emitted", async () => {
    const { backend } = distantBackend(memoryBackend());
    harbour = await openHarbour({ backend, authorize: async () => ({ history: 1_000 }) });
    const quay = harbour.server.to.quay("q1");
    let crates = 0;
    let going = true;
    const emitting = (async () => {
      while (going) {
        void quay.emit("ship_loaded", load(++crates));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const peers = [harbour.announced("ada"), harbour.plain("bob"), harbour.announced("eve"), harbour.plain("zoe")];
    await Promise.all(
      peers.map(({ socket }, at) =>
        at % 2 === 0
          ? socket.emitWithAck("$enter", { room: "quay_q1" })
          : socket.emitWithAck("dock", { quay_id: "q1" }),
      ),
    );
    going = false;
    await emitting;
    await quay.emit("ship_loaded", load(++crates));
    await until(() => peers.every((peer) => numbers(peer).at(-1) === crates));
    const all = Array.from({ length: crates }, (_, at) => at + 1);
    for (const peer of peers) expect(numbers(peer)).toEqual(all);
  });

  it("leaves nothing behind of those who go while they enter", async () => {
    const { backend } = distantBackend(memoryBackend());
    const caught: unknown[] = [];
    harbour = await openHarbour({ backend, presenceGraceMs: 5, onError: (error) => caught.push(error) });
    for (let turns = 0; turns < 12; turns++) {
      const peer = turns % 2 === 0 ? harbour.announced(`u${turns}`) : harbour.plain(`u${turns}`);
      await new Promise((resolve) => peer.socket.once("connect", () => resolve(undefined)));
      peer.socket.emit(turns % 2 === 0 ? "$enter" : "dock", turns % 2 === 0 ? { room: "quay_q1" } : { quay_id: "q1" });
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      peer.socket.disconnect();
    }
    await until(async () => {
      const { connections, rooms } = await harbour.server.health();
      return connections === 0 && rooms === 0;
    });
    await until(async () => (await harbour.server.members("quay_q1")).length === 0);
    expect(harbour.io.sockets.adapter.rooms.size).toBe(0);
    expect(caught).toEqual([]);
  });

  it("does not let in whose right is taken back at any step of the entry", async () => {
    const { backend } = distantBackend(memoryBackend());
    harbour = await openHarbour({ backend });
    const quay = harbour.server.to.quay("q1");
    for (let turns = 0; turns < 12; turns++) {
      const peer = harbour.announced(`u${turns}`);
      await peer.got("welcomed");
      const entering = peer.socket.emitWithAck("$enter", { room: "quay_q1" }) as Promise<{ ok: boolean }>;
      for (let turn = 0; turn < turns * 2; turn++) await new Promise((resolve) => setImmediate(resolve));
      await harbour.server.revoke(`u${turns}`, "quay_q1");
      await quay.emit("ship_loaded", load(turns));
      await entering;
      await peer.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
      const admittedLater = harbour.io.sockets.adapter.rooms.get("quay_q1")?.has(peer.socket.id as string) ?? false;
      // Who asked after the revocation is in by right; nobody else has it, or anything of it.
      if (!admittedLater) expect(numbers(peer)).toEqual([]);
      peer.socket.disconnect();
    }
  });

  it("replays nothing that was appended after a right was taken back amid an entry", async () => {
    const { backend } = distantBackend(memoryBackend());
    harbour = await openHarbour({ backend });
    const quay = harbour.server.to.quay("q1");
    let refused = 0;
    for (let turns = 0; turns < 12; turns++) {
      const { peer, request, ok } = await revokeAmidEntry(`u${turns}`, turns);
      await quay.emit("ship_loaded", load(turns));
      const again = await peer.socket.emitWithAck("$enter", request);
      if (!ok) expect(again).toMatchObject({ recovered: false, reason: "replay_denied" });
      if (!ok) refused++;
      peer.socket.disconnect();
    }
    expect(refused).toBeGreaterThan(0);
  });

  it("leaves nobody in Socket.IO's room whose right is taken back amid an entry", async () => {
    const { backend } = distantBackend(memoryBackend());
    harbour = await openHarbour({ backend });
    let refused = 0;
    for (let turns = 0; turns < 16; turns++) {
      const { peer, ok } = await revokeAmidEntry(`u${turns}`, turns, turns);
      const isIn = harbour.io.sockets.adapter.rooms.get("quay_q1")?.has(peer.socket.id as string) ?? false;
      if (!ok) expect(isIn).toBe(false);
      if (!ok) refused++;
      peer.socket.disconnect();
    }
    expect(refused).toBeGreaterThan(0);
  });

  it.each(["announced", "plain"] as const)(
    "tells no %s peer that it is in a room that it was put out of",
    async (kind) => {
      const { backend } = distantBackend(memoryBackend());
      harbour = await openHarbour({ backend });
      const [command, body] = kind === "plain" ? ["dock", { quay_id: "q1" }] : ["$enter", { room: "quay_q1" }];
      for (let turns = 0; turns < 16; turns++) {
        const peer = harbour[kind](`u${turns}`);
        await peer.got("welcomed");
        const told: string[] = [];
        for (const name of ["$left", "cast_off", "docked"]) peer.socket.on(name, () => told.push(name));
        const entering = new Promise<void>((resolve) => {
          peer.socket.emit(command as string, body, ({ ok }: { ok?: boolean }) => {
            told.push(ok === false ? "refused" : "in");
            resolve();
          });
        });
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
        await harbour.server.revoke(`u${turns}`, "quay_q1");
        await entering;
        // The last word is that it is out, unless it asked after that.
        const isIn = harbour.io.sockets.adapter.rooms.get("quay_q1")?.has(peer.socket.id as string) ?? false;
        if (!isIn) await expect.poll(() => told.at(-1)).toMatch(/^(\$left|cast_off|refused)$/);
        if (!isIn) expect(told.lastIndexOf("docked")).toBeLessThanOrEqual(told.indexOf("in"));
        peer.socket.disconnect();
      }
    },
  );

  it.each(["enter", "members"] as const)("lets nobody half in when it fails at %s", async (step) => {
    const { backend, fail } = distantBackend(memoryBackend());
    harbour = await openHarbour({ backend });
    const zoe = harbour.announced("zoe");
    await zoe.socket.emitWithAck("$enter", { room: "quay_q1" });
    const ada = harbour.announced("ada");
    const bob = harbour.plain("bob");
    for (const peer of [ada, bob]) await peer.got("welcomed");
    const enterBoth = () =>
      Promise.all([
        ada.socket.emitWithAck("$enter", { room: "quay_q1" }),
        bob.socket.emitWithAck("dock", { quay_id: "q1" }),
      ]);
    fail(step);
    expect(await enterBoth()).toMatchObject([{ ok: false }, { ok: false }]);
    fail();
    expect(await harbour.server.members("quay_q1")).toEqual(["zoe"]);
    expect(harbour.io.sockets.adapter.rooms.get("quay_q1")?.size).toBe(1);
    expect(await enterBoth()).toMatchObject([{ ok: true }, { quay_id: "q1" }]);
    expect((await harbour.server.members("quay_q1")).sort()).toEqual(["ada", "bob", "zoe"]);
    for (const peer of [ada, bob]) await peer.got("docked");
  });

  it("answers with a code while it is down, and tells the application why", async () => {
    const caught: string[] = [];
    const { backend, fail } = distantBackend(memoryBackend());
    harbour = await openHarbour({ backend, onError: (error, { during }) => caught.push(`${during}: ${error}`) });
    harbour.server.handle("whistle", () => undefined);
    const ada = harbour.announced("ada");
    const zoe = harbour.announced("zoe");
    await zoe.socket.emitWithAck("$enter", { room: "quay_q1" });
    await ada.got("welcomed");
    fail("append", "publish", "begin", "recover", "health", "leave");
    expect(await harbour.server.to.quay("q1").emit("ship_loaded", load(1))).toMatchObject({
      ok: false,
      error: { code: "backend_unavailable" },
    });
    expect(await harbour.server.to.quay("q1").emit("gull_seen", { count: 1 })).toEqual({ ok: true });
    expect(await ada.socket.emitWithAck("whistle", { quay_id: "q", tune: "a" }, { id: "c1" })).toEqual({
      ok: false,
      error: { code: "backend_unavailable" },
    });
    expect(await ada.socket.emitWithAck("$enter", { room: "quay_q1" })).toEqual({
      ok: false,
      error: { code: "internal" },
    });
    expect(await ada.socket.emitWithAck("dock", { quay_id: "q1" })).toEqual({ ok: false, error: { code: "internal" } });
    expect(await harbour.server.health()).toMatchObject({ ready: false, backend: false });
    expect(await zoe.socket.emitWithAck("undock", { quay_id: "q1" })).toEqual({
      ok: false,
      error: { code: "internal" },
    });
    const bob = harbour.announced("bob");
    expect(await bob.got("$bye")).toEqual([{ code: "backend_unavailable", retry_after_ms: 0, spread_ms: 0 }]);
    fail();
    expect(await ada.socket.emitWithAck("whistle", { quay_id: "q", tune: "a" }, { id: "c1" })).toEqual({
      ok: true,
      data: {},
    });
    expect(await ada.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: true });
    expect(caught.length).toBeGreaterThanOrEqual(4);
    expect(caught).toContain("backend: Error: begin: the line is down");
  });
});
