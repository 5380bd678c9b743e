import { CommandError, createEventClient } from "@gestaloka/events/client";
import { contract } from "@gestaloka/events/schemas";
import { expect, it, onTestFinished, vi } from "vitest";
import { lost, nextLocal, record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { startFaultProxy } from "../support/fault-proxy.js";
import { hasPythonSocketio } from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";
import { sharedPlainServer } from "../support/shared-plain-server.js";

const startServer = sharedPlainServer();

function createClient(url: string, options: object = {}) {
  return closedAtEnd(createEventClient(url, { contract, auth: { token: "t" }, userId: "u1", ...options }));
}

const describePython = requireOrSkip("python-socketio", hasPythonSocketio());

describePython("a client of today's Python server", () => {
  it("connects in plain mode, announces itself beside the application's keys, and hears the greeting", async () => {
    const server = await startServer();
    const client = createClient(server.url);
    const heard = record(client, "server:connected");
    const connected = await nextLocal(client, "ws:connected");
    expect(connected).toEqual({ mode: "plain", userId: "u1" });
    expect(client.connection.getSnapshot()).toMatchObject({
      status: "connected",
      mode: "plain",
      transport: "websocket",
      userId: "u1",
    });
    await heard.atLeast(1);
    expect(heard[0]?.meta).toEqual({ room: undefined, seq: undefined, at: undefined, replayed: false });
    const [socket] = await server.sockets();
    expect(socket?.auth).toEqual({
      token: "t",
      $events: { v: 1, contract: "gestaloka@1.0.0", client: expect.stringMatching(/^[\w-]{20}$/), cursors: [] },
    });
  });

  it("takes a server that says nothing for a plain one after 2 s", async () => {
    const server = await startServer();
    await server.greet(false);
    const started = performance.now();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected", mode: "plain" });
    expect(performance.now() - started).toBeGreaterThan(1_900);
  });

  it("plays a game through one-parameter handlers, with the identity that they ask for", async () => {
    const server = await startServer();
    const client = createClient(server.url);
    const heard = record(
      client,
      "game:joined",
      "game:action_received",
      "game:message_added",
      "game:left",
      "server:error",
    );
    expect(await client.join(contract.rooms.game("g1"))).toBeUndefined();
    expect(await client.join(contract.rooms.game("g1"))).toBeUndefined();
    expect(await client.send("game_action", { game_session_id: "g1", action: "look" })).toBeUndefined();
    await heard.atLeast(3);
    await client.leave(contract.rooms.game("g1"));
    await heard.atLeast(4);
    expect(heard.map(({ name }) => name)).toEqual([
      "game:joined",
      "game:action_received",
      "game:message_added",
      "game:left",
    ]);
    const calls = await server.calls();
    expect(calls.map(({ event, argc }) => [event, argc])).toEqual([
      ["join_game", 1],
      ["game_action", 1],
      ["leave_game", 1],
    ]);
    expect(calls[0]?.args).toEqual([{ game_session_id: "g1", user_id: "u1" }]);
    expect(calls[1]?.args).toEqual([{ game_session_id: "g1", action: "look", user_id: "u1" }]);
    expect(client.counts).toMatchObject({ invalid: 0, unknown: 0, dropped: 0 });
  });

  it("enters its rooms again after a reconnect, and tells their views that events may be missing", async () => {
    const server = await startServer();
    const client = createClient(server.url);
    const heard = record(client, "chat:message", "ws:resync");
    await client.join(contract.rooms.game("g1"));
    await client.join(contract.rooms.game("g2"));
    await client.leave(contract.rooms.game("g2"));
    await server.forgetCalls();
    await server.drop("abort");
    await nextLocal(client, "ws:disconnected");
    await snapshot(client, { status: "connected" });
    await expect.poll(async () => (await server.calls("join_game")).length).toBe(1);
    expect((await server.calls("join_game"))[0]?.args).toEqual([{ game_session_id: "g1", user_id: "u1" }]);
    await heard.atLeast(2);
    expect(heard.payloads("ws:resync")).toEqual([
      { room: "user_u1", reason: "plain" },
      { room: "game_g1", reason: "plain" },
    ]);
    await server.emit("chat_message", [{ user_id: "u2", message: "hi", timestamp: "2026-11-24T05:30:19" }], {
      room: "game_g1",
    });
    await heard.atLeast(3);
    expect(heard.payloads("chat:message")).toHaveLength(1);
  });

  it("never writes a command twice: one whose answer was lost with the connection is rejected", async () => {
    const server = await startServer();
    const client = createClient(server.url);
    await client.join(contract.rooms.game("g1"));
    await server.delay("game_action", 300);
    const states = record(client, "ws:command");
    const sent = client.send("game_action", { game_session_id: "g1", action: "fight" });
    await server.nextCall("game_action");
    await server.drop("abort");
    const error = await sent.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ code: "timeout", command: "game_action", commandId: expect.any(String) });
    await snapshot(client, { status: "connected" });
    await client.send("chat_message", { game_session_id: "g1", message: "again" });
    expect(await server.calls("game_action")).toHaveLength(1);
    expect(states.payloads("ws:command").map((event) => (event as { state: string }).state)).toEqual([
      "queued",
      "sent",
      "expired",
      "queued",
      "sent",
      "applied",
    ]);
  });

  it("never writes a command twice through a proxy that cuts at any moment", async () => {
    const server = await startServer();
    const proxy = closedAtEnd(await startFaultProxy(server.port));
    const client = createClient(proxy.url);
    await client.join(contract.rooms.game("g1"));
    const outcomes: Promise<unknown>[] = [];
    for (let round = 0; round < 8; round++) {
      const sent = [0, 1, 2, 3, 4].map((i) =>
        client.send("chat_message", { game_session_id: "g1", message: `${round}.${i}` }),
      );
      outcomes.push(Promise.allSettled(sent));
      const gone = nextLocal(client, "ws:disconnected");
      // The cut falls before, while or after they reach the server, and in every other round after it answered one.
      if (round % 2) await Promise.any(sent);
      else await new Promise((resolve) => setTimeout(resolve, round));
      proxy.cut();
      await gone;
      await snapshot(client, { status: "connected" });
    }
    await Promise.all(outcomes);
    const messages = (await server.calls("chat_message")).map(({ args }) => (args[0] as { message: string }).message);
    expect(messages.length).toBeGreaterThanOrEqual(4);
    expect(new Set(messages).size).toBe(messages.length);
  });

  it("sends what waited while offline after the rooms are entered, in order, and drops a ping", async () => {
    const server = await startServer();
    const client = createClient(server.url, { autoConnect: false });
    const joined = client.join(contract.rooms.game("g1"));
    const waiting = [1, 2, 3].map((i) => client.send("chat_message", { game_session_id: "g1", message: String(i) }));
    await expect(client.send("ping", { timestamp: "2026-11-24T05:30:20Z" })).rejects.toMatchObject({ code: "offline" });
    client.connect();
    await joined;
    await Promise.all(waiting);
    const calls = (await server.calls()).map(({ event, args }) => [event, (args[0] as { message?: string }).message]);
    expect(calls).toEqual([
      ["join_game", undefined],
      ["chat_message", "1"],
      ["chat_message", "2"],
      ["chat_message", "3"],
    ]);
  });

  it("rejects a command that a raising handler never acknowledges, when its time is over", async () => {
    const server = await startServer();
    const client = createClient(server.url);
    await client.join(contract.rooms.game("g1"));
    await server.fail("chat_message");
    const error = await client
      .send("chat_message", { game_session_id: "g1", message: "x" }, { ttlMs: 200 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "expired" });
  });

  it("asks to be let in again where join is called after an entry that was not acknowledged", async () => {
    const server = await startServer();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const client = createClient(server.url);
    await snapshot(client, { mode: "plain" });
    const resyncs = record(client, "ws:resync");
    await server.fail("join_game", { times: 1 });
    const room = contract.rooms.game("g1");
    const entry = client.join(room);
    entry.catch(() => {});
    await server.process.next("exception");
    vi.advanceTimersByTime(10_000);
    await expect(entry).rejects.toMatchObject({ code: "timeout", command: "join_game" });
    // Twice is once, on this connection as well.
    expect(await Promise.all([client.join(room), client.join(room)])).toEqual([undefined, undefined]);
    expect(await client.join(room)).toBeUndefined();
    expect(await server.calls("join_game")).toHaveLength(2);
    expect(resyncs.payloads("ws:resync")).toEqual([{ room, reason: "plain" }]);
  });

  it("hands a broken payload and an unknown event to no handler, and reports them without values", async () => {
    const server = await startServer();
    const invalid: unknown[] = [];
    const unknown: string[] = [];
    const client = createClient(server.url, {
      onInvalid: (issue: unknown) => invalid.push(issue),
      onUnknown: (name: string) => unknown.push(name),
    });
    const heard = record(client, "chat:message", "sp:update", "notification:received");
    await client.join(contract.rooms.game("g1"));
    const to = { room: "game_g1" };
    await server.emit("chat_message", [{ user_id: "u2", message: 5, timestamp: "2026-11-24T05:30:19" }], to);
    await server.emit("chat_message", ["secret"], to);
    await server.emit("chat_message", [], to);
    await server.emit("brand_new", [{ a: 1 }], to);
    await server.emit("__proto__", [{ a: 1 }], to);
    await server.emit("constructor", [{ a: 1 }], to);
    await server.emit("x".repeat(65), [{ a: 1 }], to);
    await server.emit("notification", [{ type: "tournament", timestamp: "2026-11-24T05:30:19" }], to);
    await server.emit(
      "chat_message",
      [{ user_id: "u2", message: "ok", timestamp: "2026-11-24T05:30:19", added_later: 1 }],
      to,
    );
    await heard.atLeast(1);
    expect(heard).toHaveLength(1);
    expect(invalid).toEqual([
      { event: "chat_message", direction: "server_to_client", path: "message", expected: "string", got: "number" },
      { event: "chat_message", direction: "server_to_client", path: "", expected: "object", got: "string" },
      { event: "chat_message", direction: "server_to_client", path: "", expected: "object", got: "missing" },
    ]);
    expect(unknown).toEqual(["brand_new", "__proto__", "constructor", "x".repeat(64), "notification"]);
    expect(client.counts).toMatchObject({ invalid: 3, unknown: 5 });
  });

  it("refuses a broken command before it reaches the wire", async () => {
    const server = await startServer();
    const client = createClient(server.url);
    await client.join(contract.rooms.game("g1"));
    await expect(client.send("game_action", { game_session_id: "g1", action: "" })).rejects.toMatchObject({
      code: "payload_invalid",
      path: "action",
    });
    const send = client.send as (name: string, payload: object) => Promise<unknown>;
    await expect(send("game_actions", {})).rejects.toMatchObject({ code: "unknown_command" });
    await expect(send("__proto__", {})).rejects.toMatchObject({ code: "unknown_command" });
    await expect(send("leave_game", { game_session_id: "g1" })).rejects.toMatchObject({ code: "command_invalid" });
    await expect((client.join as (room: string) => Promise<unknown>)("user_u1")).rejects.toMatchObject({
      code: "room_invalid",
    });
    await client.send("chat_message", { game_session_id: "g1", message: "x" });
    expect((await server.calls()).map(({ event }) => event)).toEqual(["join_game", "chat_message"]);
  });

  it("stays out, with the status refused, when the server refuses, until connect is called", async () => {
    const server = await startServer();
    await server.refuse(["no entry"]);
    const client = createClient(server.url);
    const errors = record(client, "ws:error");
    const refused = await snapshot(client, { status: "refused", reason: "refused" });
    expect(refused.mode).toBeUndefined();
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "refused", error: { code: "refused" } }]);
    await server.refuse();
    client.connect();
    await snapshot(client, { status: "connected", mode: "plain" });
  });

  it("comes back after the server disconnected it without a word", async () => {
    const server = await startServer();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    expect(await lost(client, () => server.drop("disconnect"))).toEqual({ reason: "io server disconnect" });
    await snapshot(client, { status: "connected" });
  });
});
