import { readFileSync } from "node:fs";
import { createEventClient } from "@gestaloka/events/client";
import { contract } from "@gestaloka/events/schemas";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { toSnapshot } from "../../src/export/snapshot.js";
import { cutUntilLost, lost, record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { hasPythonSocketio } from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";
import { type ModuleServer, startModuleServer } from "./module-server.js";

const { definition } = contract;
const { events, rooms } = toSnapshot(contract as never);

// One process for all tests: Python takes longer to start than they do. Each test plays a game of its own.
let server: ModuleServer;
/** What must come about, however busy the machine is. */
const soon = (look: () => unknown) => expect.poll(look, { timeout: 15_000, interval: 5 });

beforeAll(async () => {
  server = await startModuleServer();
}, 30_000);
afterEach(async () => {
  await server.setAck("game_action");
  await server.fail("chat_message", { times: 0 });
});
afterAll(() => server.stop());

let games = 0;

async function meet(transport: string) {
  const game = `g${++games}`;
  const user = `u${games}`;
  const client = closedAtEnd(
    createEventClient(server.url, {
      contract,
      auth: { token: "t" },
      userId: user,
      socket: { transports: [transport] },
    }),
  );
  const heard = record(client, ...events.map(({ appName }) => appName));
  await snapshot(client, { status: "connected", mode: "plain", transport });
  await client.join(contract.rooms.game(game));
  await soon(() => heard.some(({ name }) => name === "game:joined")).toBe(true);
  const sid = (await server.sockets()).find((socket) => socket.rooms.includes(`game_${game}`))?.sid ?? "";
  heard.length = 0;
  return { client, heard, sid, game, user };
}

const fieldsOf = (name: string) => {
  const payload = events.find((event) => event.name === name)?.payload;
  return new Set(payload?.kind === "object" ? payload.fields.map((field) => field.name) : []);
};

const snake = (text: string) => text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

/** Every example of every event with an emitter, as the keyword arguments of its method. */
function emitterCalls(user: string, game: string) {
  return definition.events.flatMap((event) => {
    const { audience, emitter } = event as { audience: string; emitter?: string };
    const room = rooms.find(({ kind }) => kind === audience);
    if (emitter === undefined || !room) return [];
    const [cls, method] = emitter.split(".") as [string, string];
    return event.examples.valid.map((example) => {
      const { type, ...rest } = example as Record<string, unknown>;
      // The event's own name is no argument.
      const given =
        (event.derive as { type?: { kind: string } } | undefined)?.type?.kind === "event_name"
          ? rest
          : { type, ...rest };
      const keywords = {
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
        [room.parameter]: room.kind === "user" ? user : game,
      };
      return { name: event.name, appName: event.appName, call: `${cls}.${snake(method)}`, keywords };
    });
  });
}

const describePython = requireOrSkip("python-socketio", hasPythonSocketio());

describePython("a python-socketio server with the exported module", () => {
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
  describe.each(["websocket", "polling"])("over %s", (transport) => {
    it("emits every event so that the client takes it", async () => {
      const { client, heard, sid, user, game } = await meet(transport);
      const calls = emitterCalls(user, game);
      expect(new Set(calls.map(({ name }) => name)).size).toBe(events.filter(({ emitter }) => emitter).length);
      for (const { call, keywords } of calls) {
        expect([call, await server.emitter(call, keywords)]).toEqual([call, { ok: true, error: null, issues: [] }]);
      }
      await heard.atLeast(calls.length, 15_000);
      expect(heard.map(({ name }) => name)).toEqual(calls.map(({ appName }) => appName));
      for (const [i, { keywords, name }] of calls.entries()) {
        const { user_id, game_session_id, ...rest } = keywords as Record<string, unknown>;
        const carried = Object.entries({ user_id, game_session_id }).filter(([key]) => fieldsOf(name).has(key));
        const sent = { ...rest, ...Object.fromEntries(carried) };
        expect(heard[i]?.payload).toMatchObject(sent);
      }

      heard.length = 0;
      const others = definition.events.filter(({ emitter }: { emitter?: string }) => emitter === undefined);
      for (const event of others)
        expect([event.name, await server.emitToSocket(event.name, event.examples.valid[0] as object, sid)]).toEqual([
          event.name,
          [],
        ]);
      await heard.atLeast(others.length, 15_000);
      expect(heard.map(({ name }) => name)).toEqual(others.map(({ appName }) => appName));
      expect(client.counts).toMatchObject({ invalid: 0, unknown: 0, dropped: 0 });
      expect(new Set([...calls, ...others].map(({ name }) => name)).size).toBe(33);
    });

    it("takes every command, and judges each as its reader", async () => {
      const { client, heard, game, user } = await meet(transport);
      await server.forgetJudged();
      const room = { game_session_id: game };
      await client.send("game_action", { ...room, action: "look" });
      await client.send("chat_message", { ...room, message: "hi" });
      await client.send("npc_action", { ...room, npc_id: "n1", action: "greet" });
      await client.send("ping", { timestamp: "2026-11-24T05:30:20Z" });
      await client.leave(contract.rooms.game(game));
      await client.join(contract.rooms.game(game));
      const names = ["game_action", "chat_message", "npc_action", "ping", "leave_game", "join_game"];
      expect(await server.judgedCommands()).toEqual(names.map((name) => [name, []]));
      const answers = ["game:action_received", "chat:message", "game:npc_action_result", "server:pong", "game:left"];
      await soon(() => heard.map(({ name }) => name)).toEqual(expect.arrayContaining(answers));
      const [said] = (await server.calls("chat_message")).slice(-1);
      expect(said).toMatchObject({ argc: 1, args: [{ ...room, message: "hi", user_id: user }] });
    });

    it("acknowledges without a value, with one, and with several", async () => {
      const { client, game } = await meet(transport);
      const act = (action: string) => client.send("game_action", { game_session_id: game, action }, { ttlMs: 10_000 });
      expect(await act("look")).toBeUndefined();
      // Each bare value of a plain server says "applied" and is not handed on unchecked.
      for (const values of [[{}], [{ note: "of today's server" }], [null], ["one", { two: 2 }]]) {
        await server.setAck("game_action", values);
        expect([values, await act("walk")]).toEqual([values, undefined]);
      }
    });

    it("never answers where its handler raises: the command expires, and the next one is applied", async () => {
      const { client, game } = await meet(transport);
      const chat = { game_session_id: game, message: "hi" };
      await server.fail("chat_message", { times: 1 });
      await expect(client.send("chat_message", chat, { ttlMs: 700 })).rejects.toMatchObject({ code: "expired" });
      expect(await client.send("chat_message", chat)).toBeUndefined();
      expect(client.connection.getSnapshot()).toMatchObject({ status: "connected" });
    });

    it("may send several arguments of its own: the first is the event", async () => {
      const { client, heard, game } = await meet(transport);
      const chat = { user_id: "u0", message: "two", timestamp: "2026-11-24T05:30:19" };
      await server.emit("chat_message", [chat, { extra: true }, 3], { room: `game_${game}` });
      await heard.atLeast(1, 15_000);
      expect([...heard]).toMatchObject([{ name: "chat:message", payload: chat, meta: { replayed: false } }]);
      expect(client.counts).toMatchObject({ invalid: 0, unknown: 0 });
    });

    it("ends a connection with a bare NaN of its own, and is heard again in the rooms", async () => {
      const { client, heard, game, user } = await meet(transport);
      await server.forgetCalls();
      await lost(client, () => server.emitNonFinite("sp_update", [{ current_sp: "NaN" }], { room: `user_${user}` }));
      await snapshot(client, { status: "connected" }, 15_000);
      await soon(async () => (await server.calls("join_game")).length).toBeGreaterThan(0);
      const back = { game_session_id: game, message: "back" };
      expect(await server.emitter("GameEventEmitter.emit_system_message", back)).toMatchObject({ ok: true });
      await soon(() => heard.map(({ name }) => name)).toContain("game:system_message");
      expect(heard.map(({ name }) => name)).not.toContain("sp:update");
    });

    it("is heard again in the rooms after the line was cut", async () => {
      const { client, heard, sid, game } = await meet(transport);
      await server.forgetCalls();
      await cutUntilLost(client, () => server.drop("abort", sid));
      await snapshot(client, { status: "connected" }, 15_000);
      await soon(async () => (await server.calls("join_game")).length).toBeGreaterThan(0);
      await server.emitter("GameEventEmitter.emit_game_ended", { game_session_id: game, reason: "completed" });
      await soon(() => heard.map(({ name }) => name)).toContain("game:ended");
    });
  });

  it("fills what is derived as the TypeScript emitters do", async () => {
    const { heard, user } = await meet("websocket");
    await server.emitter("SPEventEmitter.emit_sp_update", {
      user_id: user,
      current_sp: 120,
      amount_changed: -30,
      transaction_type: "free_action",
      description: "自由行動",
    });
    await server.emitter("SPEventEmitter.emit_sp_daily_recovery", {
      user_id: user,
      success: true,
      recovered_amount: 10,
      subscription_bonus: 20,
      login_bonus: 5,
      consecutive_days: 7,
      balance_after: 205,
    });
    await heard.atLeast(2, 15_000);
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(heard[0]?.payload).toMatchObject({ type: "sp_update", balance_before: 150, balance_after: 120, timestamp });
    expect(heard[1]?.payload).toMatchObject({ total_amount: 35, message: "SP +35 を獲得しました！", timestamp });
  });

  it("emits nothing that the contract refuses, says where, and goes on", async () => {
    const { client, heard, user } = await meet("websocket");
    const update = { user_id: user, current_sp: 1, amount_changed: 1, transaction_type: "purchase", description: "d" };
    const emit = (changes: object, options = {}) =>
      server.emitter("SPEventEmitter.emit_sp_update", { ...update, ...changes }, options);
    expect(await emit({ current_sp: "1" })).toMatchObject({
      ok: false,
      error: "payload_invalid",
      issues: [["current_sp", "integer, at least 0", "string"], expect.anything(), expect.anything()],
    });
    expect(await emit({ transaction_type: "gift" })).toMatchObject({
      error: "payload_invalid",
      issues: [["transaction_type", expect.any(String), "string"]],
    });
    expect(await emit({ balance_after: 7 })).toMatchObject({
      issues: [["balance_after", "the same as current_sp", "number"]],
    });
    // A bare NaN on the wire would end every connection of the room.
    expect(await emit({ metadata: { rate: "NaN" } }, { nonFinite: true })).toMatchObject({
      issues: [["metadata.rate", "finite number", "non-finite number"]],
    });
    expect(await emit({ user_id: "a\nb" })).toMatchObject({ ok: false, error: "room_invalid" });
    expect(await emit({})).toMatchObject({ ok: true });
    await heard.atLeast(1, 15_000);
    expect(heard).toHaveLength(1);
    expect(client.connection.getSnapshot()).toMatchObject({ status: "connected" });
  });

  it("judges the captured frames as the package does", async () => {
    const frames = (file: string) =>
      readFileSync(new URL(`../fixtures/captures/${file}`, import.meta.url), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { direction: string; event: string; args: unknown[] });
    const judge = ({ direction, event, args }: { direction: string; event: string; args: unknown[] }) =>
      server.validate(event, args[0], { direction, role: "reader" });
    const accepted = frames("python-server.ndjson");
    expect(accepted).toHaveLength(38);
    for (const frame of accepted) expect([frame.event, await judge(frame)]).toEqual([frame.event, []]);
    const rejected = frames("python-server-rejected.ndjson");
    expect(rejected.length).toBeGreaterThan(0);
    for (const frame of rejected) expect(await judge(frame)).not.toEqual([]);
  });
});
