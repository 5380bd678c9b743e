import { createServer } from "node:net";
import { CommandRefusal, contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import {
  connected,
  createMemoryServer,
  expectEvent,
  type FakeTime,
  fakeTime,
  type MemoryServer,
  recordEvents,
} from "@gestaloka/events/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runCli } from "../cli/cli-run.js";

type Game = MemoryServer<NonNullable<(typeof contract)["~types"]>>;
const games: Game[] = [];
const open = (options: Partial<Parameters<typeof createMemoryServer>[0]> = {}): Game => {
  const game = createMemoryServer({ contract, ...(options as object) });
  games.push(game);
  return game;
};
let time: FakeTime | undefined;
afterEach(async () => {
  time?.restore();
  time = undefined;
  await Promise.all(games.splice(0).map((game) => game.close()));
});

const update = { current_sp: 150, amount_changed: 50, transaction_type: "purchase", description: "SP" } as const;

describe("a server in memory", () => {
  it("carries events, commands and rooms between real ends, and opens no port", async () => {
    const listen = vi.spyOn(createServer().constructor.prototype, "listen");
    const game = open();
    game.server.handle("game_action", ({ action }) => {
      if (action !== "open") throw new CommandRefusal("sp_insufficient");
      return {};
    });
    const alice = await game.connect("alice");
    expect(alice.connection.getSnapshot()).toMatchObject({
      mode: "announced",
      transport: "websocket",
      userId: "alice",
    });
    const told = expectEvent(alice, "sp:update");
    await game.server.to.user("alice").emit("sp_update", update);
    expect(await told).toMatchObject({ ...update, balance_before: 100 });
    expect(await alice.join(rooms.game("g"))).toMatchObject({ members: ["alice"] });
    await alice.send("game_action", { game_session_id: "g", action: "open" });
    await expect(alice.send("game_action", { game_session_id: "g", action: "jump" })).rejects.toMatchObject({
      code: "sp_insufficient",
    });
    expect(listen).not.toHaveBeenCalled();
    listen.mockRestore();
  });

  it("lets a connection be cut, and gives the client what it missed", async () => {
    const game = open();
    const alice = await game.connect("alice");
    const record = recordEvents(alice, contract);
    const lost = new Promise((resolve) => alice.once("ws:disconnected", resolve));
    game.cut();
    await lost;
    await game.server.to.user("alice").emit("sp_update", update);
    const told = expectEvent(alice, "sp:update");
    alice.connect();
    await told;
    expect(record.events.filter(({ event }) => event === "sp_update")).toMatchObject([
      { meta: { seq: 1, replayed: true } },
    ]);
  });

  it("refuses whom the application refuses, with its code", async () => {
    const game = open({ authenticate: () => null });
    await expect(game.connect("mallory")).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("lets nobody wait for a connection of a client, or of a server, that is closed before it is up", async () => {
    const game = open();
    const auth = () => new Promise<object>(() => {});
    const bob = createEventClient(game.url, { contract, auth, socket: game.socket });
    const waiting = connected(bob);
    const alice = game.connect("alice", { auth });
    await vi.waitUntil(() => bob.connection.getSnapshot().status === "connecting");
    bob.close();
    await expect(waiting).rejects.toMatchObject({ code: "closed" });
    void game.close();
    await expect(alice).rejects.toMatchObject({ code: "closed" });
  });

  it("lets nobody wait for a connection to a server that was closed before", async () => {
    const game = createMemoryServer({ contract });
    await game.close();
    await expect(game.connect("alice")).rejects.toMatchObject({ code: "closed" });
  });

  it("connects at once, whatever the options of the application's own clients say", async () => {
    const alice = await open().connect("alice", { autoConnect: false });
    expect(alice.connection.getSnapshot().status).toBe("connected");
  });

  it("says what a client fails on that tries for ever, and does not wait with it", async () => {
    const game = open({ authenticate: () => ({ userId: "alice", expiresAt: Date.now() - 1 }) });
    const client = createEventClient(game.url, { contract, auth: {}, socket: game.socket });
    await expect(connected(client, { withinMs: 500 })).rejects.toMatchObject({ code: "credential_expired" });
    client.close();
    const silent = createEventClient(game.url, { contract, auth: () => new Promise<object>(() => {}) });
    await expect(connected(silent, { withinMs: 1 })).rejects.toMatchObject({ code: "timeout" });
    silent.close();
    time = fakeTime(vi);
    const auth = () => {
      throw new Error("no token");
    };
    const refused = expect(open().connect("alice", { auth })).rejects.toMatchObject({ code: "unauthenticated" });
    await time.advance(4_000);
    await refused;
  });

  it("takes clients that it did not make, in the transport they ask for", async () => {
    const game = open();
    const client = createEventClient(game.url, {
      contract,
      auth: { userId: "bob" },
      socket: { ...game.socket, transports: ["polling"] },
    });
    await connected(client);
    expect(client.connection.getSnapshot()).toMatchObject({ mode: "announced", transport: "polling" });
    client.close();
  });
});

describe("fake time", () => {
  it("lets half a minute pass at once: a player who was lost has left after the 30 s of grace, and not before", async () => {
    time = fakeTime(vi);
    const game = open();
    const [alice, bob] = await Promise.all([game.connect("alice"), game.connect("bob")]);
    for (const client of [alice, bob]) await client.join(rooms.game("g"));
    const record = recordEvents(alice, contract);
    bob.close();
    await time.advance(29_000);
    expect(record.of("game:player_left")).toEqual([]);
    await time.advance(2_000);
    expect(record.of("game:player_left")).toMatchObject([{ user_id: "bob" }]);
  });

  it("passes for the server's pings as well: a connection is held for as long as nobody cuts it", async () => {
    time = fakeTime(vi);
    const game = open();
    const alice = await game.connect("alice");
    const lost = vi.fn();
    alice.on("ws:disconnected", lost);
    await time.advance(150_000);
    expect(lost).not.toHaveBeenCalled();
    game.cut();
    await time.advance(25);
    expect(lost).toHaveBeenCalledOnce();
  });

  it("says to Jest what to leave, which does not ask what to fake", () => {
    const jest = { useFakeTimers: vi.fn(), useRealTimers: vi.fn(), advanceTimersByTime: vi.fn() };
    time = fakeTime(jest);
    const [{ doNotFake }] = jest.useFakeTimers.mock.lastCall as [{ doNotFake: string[] }];
    expect(doNotFake).toEqual(expect.arrayContaining(["nextTick", "queueMicrotask", "setImmediate"]));
  });

  it("expires a command that found no server, after its 2 minutes", async () => {
    time = fakeTime(vi);
    const game = open();
    const alice = await game.connect("alice", { autoConnect: true });
    alice.close();
    const answer = alice.send("game_action", { game_session_id: "g", action: "open" }).catch((error: unknown) => error);
    await time.advance(121_000);
    expect(await answer).toMatchObject({ code: "expired" });
  });
});

describe("expectEvent", () => {
  it("waits for the one that is meant", async () => {
    const game = open();
    const alice = await game.connect("alice");
    const told = expectEvent(alice, "sp:update", { where: ({ current_sp }) => current_sp === 2 });
    for (const current_sp of [1, 2, 3])
      await game.server.to.user("alice").emit("sp_update", { ...update, current_sp, amount_changed: 0 });
    expect((await told).current_sp).toBe(2);
  });

  it("fails with what is thrown by a look at the event, and at once", async () => {
    const game = open();
    const onError = vi.fn();
    const alice = await game.connect("alice", { onError });
    const told = expectEvent(alice, "sp:update", {
      where: ({ current_sp }) => {
        expect(current_sp).toBe(2);
        return true;
      },
    });
    await game.server.to.user("alice").emit("sp_update", update);
    await expect(told).rejects.toThrow("expected 150 to be 2");
    expect(onError).not.toHaveBeenCalled();
  });

  it("says what came instead", async () => {
    const game = open();
    const alice = await game.connect("alice");
    const told = expectEvent(alice, "sp:insufficient", { withinMs: 30 });
    await game.server.to.user("alice").emit("sp_update", update);
    await expect(told).rejects.toThrow(
      / no sp:insufficient within 30 ms; meanwhile 0 of that name did not fit, [12] of other names came/,
    );
  });

  it("counts what the client tells by itself as none of the events that came", async () => {
    const alice = await open().connect("alice");
    const told = expectEvent(alice, "ws:disconnected", { where: () => false, withinMs: 30 });
    alice.close();
    await expect(told).rejects.toThrow("meanwhile 1 of that name did not fit, 0 of other names came");
  });
});

describe("the recorder", () => {
  it("has nothing to say of a name that no event has, such as a wire name", async () => {
    const record = recordEvents(await open().connect("alice"), contract);
    expect(record.of("sp:update")).toEqual([]);
    expect(() => record.of("sp_update" as "sp:update")).toThrow(/sp_update \(.*#unknown_event\)/);
  });

  it("writes a capture that validate accepts as a writer's", async () => {
    const game = open();
    const alice = await game.connect("alice");
    const record = recordEvents(alice, contract);
    const told = expectEvent(alice, "sp:update");
    await game.server.to.user("alice").emit("sp_update", update);
    await told;
    record.stop();
    await game.server.to.user("alice").emit("sp_update", update);
    expect(record.of("sp:update")).toMatchObject([{ current_sp: 150 }]);
    const { code, stdout } = await runCli(["validate", "-", "--as", "writer"], { stdin: record.toNdjson() });
    expect(stdout).toMatch(/[12] messages? in 1 file as writer of gestaloka@1.0.0: [12] valid, 0 invalid\n$/);
    expect(code).toBe(0);
  });
});
