import { readFileSync } from "node:fs";
import { createEventClient } from "@gestaloka/events/client";
import { contract } from "@gestaloka/events/schemas";
import { afterEach, expect, it } from "vitest";
import { toSnapshot } from "../../src/export/snapshot.js";
import { nextLocal, record, snapshot } from "../support/awaited-client.js";
import { hasPythonSocketio } from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";
import { type ModuleServer, startModuleServer } from "./module-server.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const { definition } = contract;
const { events, rooms } = toSnapshot(contract as never);

async function meet(transports: string[]) {
  const server = await startModuleServer();
  closers.push(() => server.stop());
  const client = createEventClient(server.url, {
    contract,
    auth: { token: "t" },
    userId: "u1",
    socket: { transports },
  });
  closers.push(() => client.close());
  const heard = record(client, ...events.map(({ appName }) => appName));
  await snapshot(client, { status: "connected", mode: "plain" });
  await client.join(contract.rooms.game("g1"));
  await expect.poll(() => heard.some(({ name }) => name === "game:joined")).toBe(true);
  const [socket] = await server.sockets();
  return { server, client, heard, sid: socket?.sid ?? "" };
}

const fieldsOf = (name: string) => {
  const payload = events.find((event) => event.name === name)?.payload;
  return new Set(payload?.kind === "object" ? payload.fields.map((field) => field.name) : []);
};

const snake = (text: string) => text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

/** Every example of every event with an emitter, as the keyword arguments of its method. */
function emitterCalls() {
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
        [room.parameter]: room.kind === "user" ? "u1" : "g1",
      };
      return { name: event.name, appName: event.appName, call: `${cls}.${snake(method)}`, keywords };
    });
  });
}

const describePython = requireOrSkip("python-socketio", hasPythonSocketio());

describePython("a python-socketio server with the exported module", () => {
  it.each([[["websocket"]], [["polling"]]])(
    "emits every event so that the client takes it, over %s",
    async (transports) => {
      const { server, client, heard, sid } = await meet(transports);
      expect(client.connection.getSnapshot()).toMatchObject({ transport: transports[0] });
      const calls = emitterCalls();
      expect(new Set(calls.map(({ name }) => name)).size).toBe(events.filter(({ emitter }) => emitter).length);
      heard.length = 0;
      for (const { call, keywords } of calls) {
        expect([call, await server.emitter(call, keywords)]).toEqual([call, { ok: true, error: null, issues: [] }]);
      }
      await heard.atLeast(calls.length);
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
      await heard.atLeast(others.length);
      expect(heard.map(({ name }) => name)).toEqual(others.map(({ appName }) => appName));
      expect(client.counts).toMatchObject({ invalid: 0, unknown: 0, dropped: 0 });
      expect(calls.length + others.length).toBeGreaterThan(33);
    },
  );

  it("fills what is derived as the TypeScript emitters do", async () => {
    const { server, heard } = await meet(["websocket"]);
    heard.length = 0;
    await server.emitter("SPEventEmitter.emit_sp_update", {
      user_id: "u1",
      current_sp: 120,
      amount_changed: -30,
      transaction_type: "free_action",
      description: "自由行動",
    });
    await server.emitter("SPEventEmitter.emit_sp_daily_recovery", {
      user_id: "u1",
      success: true,
      recovered_amount: 10,
      subscription_bonus: 20,
      login_bonus: 5,
      consecutive_days: 7,
      balance_after: 205,
    });
    await heard.atLeast(2);
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(heard[0]?.payload).toMatchObject({ type: "sp_update", balance_before: 150, balance_after: 120, timestamp });
    expect(heard[1]?.payload).toMatchObject({ total_amount: 35, message: "SP +35 を獲得しました！", timestamp });
  });

  it("emits nothing that the contract refuses, says where, and goes on", async () => {
    const { server, client, heard } = await meet(["websocket"]);
    heard.length = 0;
    const update = { user_id: "u1", current_sp: 1, amount_changed: 1, transaction_type: "purchase", description: "d" };
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
    await heard.atLeast(1);
    expect(heard).toHaveLength(1);
    expect(client.connection.getSnapshot()).toMatchObject({ status: "connected" });
  });

  it("survives a bare NaN and several arguments that something else put on the wire", async () => {
    const { server, client, heard } = await meet(["websocket"]);
    await server.emit(
      "chat_message",
      [{ user_id: "u2", message: "two", timestamp: "2026-11-24T05:30:19" }, { extra: true }],
      { room: "game_g1" },
    );
    await server.emitNonFinite("sp_update", [{ current_sp: "NaN" }], { room: "user_u1" });
    await expect.poll(() => client.connection.getSnapshot().status, { timeout: 15_000 }).not.toBe("connected");
    await snapshot(client, { status: "connected" });
    await expect.poll(async () => (await server.calls("join_game")).length).toBe(2);
    heard.length = 0;
    expect(
      await server.emitter("GameEventEmitter.emit_system_message", { game_session_id: "g1", message: "back" }),
    ).toMatchObject({ ok: true });
    await expect.poll(() => heard.some(({ name }) => name === "game:system_message")).toBe(true);
  });

  it("acknowledges with and without a value, and judges every command as its reader", async () => {
    const { server, client } = await meet(["websocket"]);
    const act = (action: string) => client.send("game_action", { game_session_id: "g1", action }, { ttlMs: 1_500 });
    expect(await act("look")).toBeUndefined();
    await server.setAck("game_action", [{}]);
    // A bare value of a plain server says "applied" and is not handed on unchecked.
    expect(await act("walk")).toBeUndefined();
    await server.setAck("game_action", [{ note: "of today's server" }]);
    expect(await act("run")).toBeUndefined();
    await server.fail("chat_message", { times: 1 });
    await expect(
      client.send("chat_message", { game_session_id: "g1", message: "hi" }, { ttlMs: 500 }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/timeout|expired/) });
    expect(await client.send("chat_message", { game_session_id: "g1", message: "hi" })).toBeUndefined();
    const judged = await server.judgedCommands();
    expect(judged.map(([name]) => name)).toEqual([
      "join_game",
      "game_action",
      "game_action",
      "game_action",
      "chat_message",
      "chat_message",
    ]);
    expect(judged.flatMap(([, issues]) => issues)).toEqual([]);
  });

  it("is heard again in the rooms after the line was cut", async () => {
    const { server, client, heard } = await meet(["websocket"]);
    await server.drop("abort");
    await nextLocal(client, "ws:disconnected");
    await snapshot(client, { status: "connected" });
    await expect.poll(async () => (await server.calls("join_game")).length).toBe(2);
    heard.length = 0;
    await server.emitter("GameEventEmitter.emit_game_ended", { game_session_id: "g1", reason: "completed" });
    await expect.poll(() => heard.map(({ name }) => name)).toContain("game:ended");
  });

  it("judges the captured frames as the package does", async () => {
    const server: ModuleServer = await startModuleServer();
    closers.push(() => server.stop());
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
    for (const frame of frames("python-server-rejected.ndjson")) expect(await judge(frame)).not.toEqual([]);
  });
});
