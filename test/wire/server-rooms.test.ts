import { memoryBackend, memoryMetrics } from "@gestaloka/events/server";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { CommandEntry } from "../../src/contract/contract.js";
import { contract } from "../fixtures/contract.js";
import { type Harbour, openHarbour } from "../support/harbour-server.js";

let harbour: Harbour;
afterEach(() => harbour.close());

describe("rooms", () => {
  it("serves a plain peer's join: the answering event, the acknowledgement, and word to the others", async () => {
    harbour = await openHarbour();
    const [ada, bob] = [harbour.plain("ada"), harbour.plain("bob")];
    expect(await ada.socket.emitWithAck("dock", { quay_id: "q1" })).toEqual({ quay_id: "q1", members: ["ada"] });
    expect(await bob.socket.emitWithAck("dock", { quay_id: "q1" })).toEqual({ quay_id: "q1", members: ["ada", "bob"] });
    expect(await ada.got("sailor_came")).toEqual([{ sailor_id: "bob" }]);
    expect(ada.named("docked")).toEqual([[{ quay_id: "q1" }]]);
    expect(bob.named("sailor_came")).toEqual([]);
    expect((await harbour.io.in("quay_q1").fetchSockets()).length).toBe(2);
    expect(await harbour.server.members("quay_q1")).toEqual(["ada", "bob"]);
  });

  it("asks the backend who is in a room where the answer to a join tells of it, and nowhere else", async () => {
    const backend = memoryBackend();
    const asked = vi.spyOn(backend, "members");
    const join = async (spoken: typeof contract) => {
      harbour = await openHarbour({ contract: spoken, backend });
      const answer: unknown = await harbour.announced("ada").socket.emitWithAck("$enter", { room: "quay_q1" });
      await harbour.close();
      return answer;
    };
    const [dock, undock] = ["dock", "undock"].map((name) => contract.commands.get(name) as CommandEntry) as [
      CommandEntry,
      CommandEntry,
    ];
    const commands = new Map(contract.commands).set("dock", { ...dock, ack: undock.ack });
    expect(await join({ ...contract, commands })).toMatchObject({ ok: true, data: {} });
    expect(asked).not.toHaveBeenCalled();
    expect(await join(contract)).toMatchObject({ ok: true, data: { members: ["ada"] } });
    expect(asked).toHaveBeenCalledOnce();
  });

  it("serves an announced client's $enter with the same code", async () => {
    harbour = await openHarbour();
    const [ada, bob] = [harbour.announced("ada"), harbour.plain("bob")];
    const answer = await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    expect(answer).toEqual({
      ok: true,
      epoch: expect.stringMatching(/^[\w-]{11}$/),
      seq: 0,
      recovered: false,
      data: { quay_id: "q1", members: ["ada"] },
    });
    await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    await ada.got("sailor_came");
    expect(ada.named("docked")).toHaveLength(1);
  });

  it("takes another entry of one who is in for none, and one who may not be in any more out of it", async () => {
    let allowed = true;
    const metrics = memoryMetrics();
    harbour = await openHarbour({ metrics, authorize: ({ user }) => user.userId !== "ada" || allowed });
    const [ada, bob] = [harbour.announced("ada"), harbour.plain("bob")];
    await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    for (let entry = 0; entry < 2; entry++)
      expect(await ada.socket.emitWithAck("$enter", { room: "quay_q1", cursor: null })).toMatchObject({ ok: true });
    expect(ada.named("docked")).toHaveLength(1);
    expect(metrics.snapshot().total("joins")).toBe(2);
    allowed = false;
    expect(await ada.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: false });
    await bob.got("sailor_went");
    expect(bob.named("sailor_came")).toHaveLength(1);
    expect(await harbour.server.members("quay_q1")).toEqual(["bob"]);
  });

  it("leaves on request, and tells the others at once", async () => {
    harbour = await openHarbour();
    const [ada, bob] = [harbour.plain("ada"), harbour.announced("bob")];
    await ada.socket.emitWithAck("dock", { quay_id: "q1" });
    await bob.socket.emitWithAck("$enter", { room: "quay_q1" });
    expect(await bob.socket.emitWithAck("undock", { quay_id: "q1" }, { id: "i" })).toEqual({ ok: true, data: {} });
    await ada.got("sailor_went");
    expect(bob.named("cast_off")).toHaveLength(1);
    await harbour.server.to.quay("q1").emit("sailor_came", { sailor_id: "zoe" });
    await ada.got("sailor_came", 2);
    expect(bob.named("sailor_came")).toEqual([]);
    expect(await harbour.server.members("quay_q1")).toEqual(["ada"]);
    expect(await bob.socket.emitWithAck("undock", { quay_id: "q1" })).toEqual({ ok: true, data: {} });
  });

  it("lets whoever leaves a room while they are asked for be gone from it: entering comes first", async () => {
    harbour = await openHarbour({ authorize: () => new Promise((resolve) => setImmediate(resolve, true)) });
    const ada = harbour.plain("ada");
    ada.socket.emit("dock", { quay_id: "q1" });
    await ada.socket.emitWithAck("undock", { quay_id: "q1" });
    expect(ada.events.map(([name]) => name)).toEqual(["welcomed", "docked", "cast_off"]);
    expect(await harbour.server.members("quay_q1")).toEqual([]);
  });

  it("counts users, not connections, and lets a lost one come back within the grace", async () => {
    const graceMs = 60_000;
    harbour = await openHarbour({ presenceGraceMs: graceMs });
    const watcher = harbour.plain("watcher");
    await watcher.socket.emitWithAck("dock", { quay_id: "q1" });
    const [one, two] = [harbour.plain("ada"), harbour.plain("ada")];
    await one.socket.emitWithAck("dock", { quay_id: "q1" });
    await two.socket.emitWithAck("dock", { quay_id: "q1" });
    await one.socket.emitWithAck("undock", { quay_id: "q1" });
    two.socket.io.engine.close();
    const three = harbour.plain("ada");
    expect(await three.socket.emitWithAck("dock", { quay_id: "q1" })).toMatchObject({ members: ["watcher", "ada"] });
    three.socket.io.engine.close();
    await expect.poll(async () => (await harbour.server.health()).connections).toBe(2);
    const now = performance.now.bind(performance);
    const passed = vi.spyOn(performance, "now").mockImplementation(() => now() + graceMs / 2);
    onTestFinished(() => passed.mockRestore());
    // It is looked for who is gone four times a second.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(watcher.named("sailor_went")).toEqual([]);
    passed.mockImplementation(() => now() + graceMs);
    await watcher.got("sailor_went");
    expect(watcher.named("sailor_came")).toHaveLength(1);
    expect(watcher.named("sailor_went")).toEqual([[{ sailor_id: "ada" }]]);
    expect(await harbour.server.members("quay_q1")).toEqual(["watcher"]);
  });

  it("tells that somebody went whose server closed, where another one shares its backend", async () => {
    const options = { backend: memoryBackend(), presenceGraceMs: 20 };
    harbour = await openHarbour(options);
    const other = await openHarbour(options);
    const watcher = harbour.plain("watcher");
    await watcher.socket.emitWithAck("dock", { quay_id: "q1" });
    await other.plain("ada").socket.emitWithAck("dock", { quay_id: "q1" });
    await other.close();
    expect(await watcher.got("sailor_went")).toEqual([{ sailor_id: "ada" }]);
    expect(await harbour.server.members("quay_q1")).toEqual(["watcher"]);
  });

  it("are still those of a socket as the application's listeners are told that it goes", async () => {
    harbour = await openHarbour();
    const rooms = new Promise<Set<string>>((resolve) => {
      harbour.io.on("connection", (socket) => socket.on("disconnecting", () => resolve(new Set(socket.rooms))));
    });
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    const { id } = ada.socket;
    ada.socket.disconnect();
    expect(await rooms).toEqual(new Set([id, "sailor_ada", "quay_q1"]));
    await expect.poll(() => harbour.io.sockets.adapter.rooms.size).toBe(0);
  });

  it("answers a foreign room, one that cannot exist and one that nobody joins alike", async () => {
    harbour = await openHarbour({ authorize: ({ id }) => id !== "private" });
    const ada = harbour.announced("ada");
    const forbidden = { ok: false, error: { code: "forbidden" } };
    const rooms = [
      "quay_private",
      "quay_",
      "quay_e\u0301",
      `quay_${"a".repeat(129)}`,
      "quay_a\u0000",
      "sailor_bob",
      "sailor_ada",
      "*",
      "nope",
      ada.socket.id,
      7,
      null,
      { a: 1 },
    ];
    for (const room of rooms) expect(await ada.socket.emitWithAck("$enter", { room })).toEqual(forbidden);
    for (const body of [undefined, null, 1, "quay_q1", []])
      expect(await ada.socket.emitWithAck("$enter", body)).toEqual(forbidden);
    const bob = harbour.plain("bob");
    expect(await bob.socket.emitWithAck("dock", { quay_id: "private" })).toEqual(forbidden);
    expect(await bob.got("refused")).toHaveLength(1);
    // To a plain peer that is the name of nothing.
    const unknown = { ok: false, error: { code: "unknown_command" } };
    expect(await bob.socket.emitWithAck("$enter", { room: "quay_q1" })).toEqual(unknown);
    expect(harbour.io.sockets.adapter.rooms.has("quay_private")).toBe(false);
  });

  it("revokes: nothing that is emitted afterwards reaches the user, and the client is told", async () => {
    harbour = await openHarbour();
    const [ada, bob] = [harbour.announced("ada"), harbour.plain("bob")];
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    await harbour.server.revoke("ada", "quay_q1");
    void harbour.server.to.quay("q1").emit("sailor_came", { sailor_id: "zoe" });
    await bob.got("sailor_came");
    expect(await ada.got("$left")).toEqual([{ room: "quay_q1", code: "revoked" }]);
    await ada.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    expect(ada.named("sailor_came").map(([payload]) => (payload as { sailor_id: string }).sailor_id)).toEqual(["bob"]);
    expect(await harbour.server.members("quay_q1")).toEqual(["bob"]);
    await bob.got("sailor_went");
  });

  it("revokes on every connection of the user", async () => {
    harbour = await openHarbour();
    const [one, other] = [harbour.announced("ada"), harbour.plain("ada")];
    await one.socket.emitWithAck("$enter", { room: "quay_q1" });
    await other.socket.emitWithAck("dock", { quay_id: "q1" });
    await harbour.server.revoke("ada", "quay_q1");
    await Promise.all([one.got("$left"), other.got("cast_off")]);
    expect(await harbour.server.members("quay_q1")).toEqual([]);
  });

  it("revokes one who was lost, and counts them out without waiting for them to come back", async () => {
    harbour = await openHarbour();
    const bob = harbour.plain("bob");
    await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    for (let time = 1; time <= 2; time++) {
      const ada = harbour.announced("ada");
      await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
      ada.socket.disconnect();
      await expect.poll(async () => (await harbour.server.health()).connections).toBe(1);
      await harbour.server.revoke("ada", "quay_q1");
      expect(await harbour.server.members("quay_q1")).toEqual(["bob"]);
      expect(await bob.got("sailor_went", time)).toEqual([{ sailor_id: "ada" }]);
    }
  });

  it("revokes after what was emitted before in the same turn", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    const { length } = ada.events;
    void harbour.server.to.quay("q1").emit("sailor_came", { sailor_id: "zoe" });
    await harbour.server.revoke("ada", "quay_q1");
    await ada.got("$left");
    expect(ada.events.slice(length).map(([name]) => name)).toEqual(["sailor_came", "$left"]);
  });

  it("lets go of whom the application takes out by Socket.IO's own means", async () => {
    harbour = await openHarbour();
    const [ada, bob] = [harbour.announced("ada"), harbour.plain("bob")];
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    harbour.io.in(ada.socket.id as string).socketsLeave("quay_q1");
    expect(await ada.got("$left")).toEqual([{ room: "quay_q1", code: "revoked" }]);
    expect(await bob.got("sailor_went")).toEqual([{ sailor_id: "ada" }]);
    void harbour.server.to.quay("q1").emit("sailor_came", { sailor_id: "zoe" });
    await bob.got("sailor_came");
    await ada.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    expect(ada.named("sailor_came")).toHaveLength(1);
    harbour.io.in("quay_q1").socketsLeave("quay_q1");
    expect(await bob.got("cast_off")).toEqual([{ quay_id: "q1" }]);
    expect(await harbour.server.members("quay_q1")).toEqual([]);
    // Those of the two sailors.
    expect(await harbour.server.health()).toMatchObject({ connections: 2, rooms: 2 });
  });

  it("lets go of them also where the adapter was set after the server was made", async () => {
    harbour = await openHarbour();
    harbour.io.adapter(harbour.io.sockets.adapter.constructor as never);
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    harbour.io.in("sailor_ada").socketsLeave("quay_q1");
    expect(await ada.got("$left")).toEqual([{ room: "quay_q1", code: "revoked" }]);
  });

  it("does not let in whose right was taken back while it was asked for", async () => {
    let decide: (verdict: boolean) => void = () => {};
    let asked: () => void = () => {};
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    harbour = await openHarbour({
      authorize: () => {
        asked();
        return new Promise<boolean>((resolve) => {
          decide = resolve;
        });
      },
    });
    const ada = harbour.announced("ada");
    const entering = ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    await asking;
    await harbour.server.revoke("ada", "quay_q1");
    decide(true);
    expect(await entering).toEqual({ ok: false, error: { code: "forbidden" } });
  });

  it("leaves out whom the application takes out while they are let in again", async () => {
    let asked: (() => void) | undefined;
    let allow = () => {};
    harbour = await openHarbour({
      authorize: () =>
        !asked ||
        new Promise<boolean>((resolve) => {
          allow = () => resolve(true);
          asked?.();
        }),
    });
    const [ada, bob] = [harbour.announced("ada"), harbour.plain("bob")];
    await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const again = ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    await asking;
    harbour.io.in(ada.socket.id as string).socketsLeave("quay_q1");
    allow();
    expect(await again).toEqual({ ok: false, error: { code: "forbidden" } });
    expect(await bob.got("sailor_went")).toEqual([{ sailor_id: "ada" }]);
    expect(await harbour.server.members("quay_q1")).toEqual(["bob"]);
    expect(harbour.io.sockets.adapter.rooms.get("quay_q1")?.size).toBe(1);
  });

  it.each(["disconnectUser", "revoke"] as const)(
    "counts nobody in who is put out at any step of an entry by %s",
    async (by) => {
      let steps = 0;
      harbour = await openHarbour({
        presenceGraceMs: 1,
        async authorize({ user: { userId } }) {
          const putOut = async () => {
            for (let step = 0; step < steps; step++) await undefined;
            await harbour.server[by](userId, "quay_q1");
          };
          void putOut();
          return true;
        },
      });
      for (; steps < 40; steps++) {
        const peer = steps % 2 === 0 ? harbour.announced(`u${steps}`) : harbour.plain(`u${steps}`);
        await peer.got("welcomed");
        const gone = new Promise((resolve) => peer.socket.once("disconnect", resolve));
        if (steps % 2 === 0) peer.socket.emit("$enter", { room: "quay_q1" });
        else peer.socket.emit("dock", { quay_id: "q1" });
        if (by === "revoke") await peer.socket.emitWithAck("undock", { quay_id: "q1" });
        else await gone;
      }
      await expect.poll(() => harbour.server.members("quay_q1")).toEqual([]);
    },
  );

  it("closes them after what was emitted before in the same turn", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    const { length } = ada.events;
    const gone = new Promise((resolve) => ada.socket.once("disconnect", resolve));
    void harbour.server.to.quay("q1").emit("sailor_came", { sailor_id: "zoe" });
    void harbour.server.disconnectUser("ada");
    await gone;
    expect(ada.events.slice(length).map(([name]) => name)).toEqual(["sailor_came", "$bye"]);
  });

  it.each(["disconnectUser", "close"] as const)(
    "closes one that is not welcomed yet after what it was told, by %s",
    async (way) => {
      harbour = await openHarbour();
      const { io, server } = harbour;
      io.on("connection", ({ id }) => {
        void server.to.socket(id).emit("refused", { message: "banned" });
        void (way === "close" ? server.close() : server.disconnectUser("ada"));
      });
      const ada = harbour.announced("ada");
      await new Promise((resolve) => ada.socket.once("disconnect", resolve));
      expect(ada.events.map(([name]) => name)).toEqual(["$bye", "refused"]);
    },
  );

  it("closes every connection of a user", async () => {
    harbour = await openHarbour();
    const peers = [harbour.announced("ada"), harbour.plain("ada"), harbour.plain("bob")];
    await Promise.all(peers.map((peer) => peer.got("welcomed")));
    const gone = peers.slice(0, 2).map(({ socket }) => new Promise((resolve) => socket.once("disconnect", resolve)));
    await harbour.server.disconnectUser("ada");
    await Promise.all(gone);
    expect(peers[2]?.socket.connected).toBe(true);
  });
});
