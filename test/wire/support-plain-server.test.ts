import { readFileSync } from "node:fs";
import { io, type Socket } from "socket.io-client";
import { expect, it, onTestFinished } from "vitest";
import {
  hasPythonSocketio,
  type PlainServer,
  type PlainServerOptions,
  startPlainServer,
} from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";
import { sharedPlainServer } from "../support/shared-plain-server.js";

const openServer = sharedPlainServer();

/** One that a test may stop. */
async function start(options: PlainServerOptions = {}): Promise<PlainServer> {
  const server = await startPlainServer(options);
  onTestFinished(() => server.stop());
  return server;
}

type Frame = { event: string; args: unknown[] };
type Client = { socket: Socket; frames: Frame[]; next: (event: string) => Promise<Record<string, unknown>> };

/** A stock client that keeps every frame; `next` takes them by name, each once, in order. */
function open(server: PlainServer, options: object = {}): Client {
  const socket = io(server.url, { transports: ["websocket"], reconnection: false, forceNew: true, ...options });
  onTestFinished(() => void socket.disconnect());
  const frames: Frame[] = [];
  const taken = new Set<Frame>();
  socket.onAny((event: string, ...args: unknown[]) => frames.push({ event, args }));
  const next = async (event: string): Promise<Record<string, unknown>> => {
    const frame = await expect
      .poll(() => frames.find((one) => one.event === event && !taken.has(one)), { timeout: 5_000, interval: 5 })
      .toBeDefined()
      .then(() => frames.find((one) => one.event === event && !taken.has(one)) as Frame);
    taken.add(frame);
    expect(frame.args).toHaveLength(1);
    return frame.args[0] as Record<string, unknown>;
  };
  return { socket, frames, next };
}

const NAIVE_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/;
const BOTH = { game_session_id: "session-1", user_id: "user-1" };

const describePython = requireOrSkip("python-socketio", hasPythonSocketio());

describePython("the imitation of today's server", () => {
  it("greets with its sid and a naive UTC timestamp, and lets in who brings no credential", async () => {
    const server = await openServer();
    const { socket, next } = open(server);
    const connected = await next("connected");
    expect(connected).toEqual({
      message: "正常に接続されました",
      sid: socket.id,
      timestamp: expect.stringMatching(NAIVE_UTC),
    });
    expect(Math.abs(Date.parse(`${connected.timestamp}Z`) - Date.now())).toBeLessThan(5_000);
    expect(await server.sockets()).toMatchObject([{ sid: socket.id, auth: null, rooms: [], transport: "websocket" }]);
  });

  it("shows the credential that a client brought, and does nothing with it", async () => {
    const server = await openServer();
    const { next } = open(server, { auth: { token: "t", $events: { v: 1 } } });
    await next("connected");
    expect(await server.sockets()).toMatchObject([{ auth: { token: "t", $events: { v: 1 } } }]);
  });

  it("plays a game of two in the shapes of the captured frames", async () => {
    const server = await openServer();
    const first = open(server);
    const second = open(server);
    await Promise.all([first.next("connected"), second.next("connected")]);
    first.socket.emit("join_game", BOTH);
    await first.next("joined_game");
    second.socket.emit("join_game", { ...BOTH, user_id: "user-2" });
    expect(await first.next("player_joined")).toMatchObject({ user_id: "user-2" });
    await second.next("joined_game");
    first.socket.emit("join_game", { user_id: "user-1" });
    expect(await first.next("error")).toEqual({ message: "ゲームセッションIDとユーザーIDが必要です" });
    first.socket.emit("game_action", { ...BOTH, action: "見回す" });
    expect(await first.next("action_received")).toMatchObject({ action: "見回す" });
    for (const client of [first, second]) {
      await client.next("processing_started");
      await client.next("game_progress");
      await client.next("game_update");
      await client.next("message_added");
      await client.next("processing_completed");
    }
    first.socket.emit("game_action", BOTH);
    expect(await first.next("error")).toEqual({ message: "必要なパラメータが不足しています" });
    first.socket.emit("chat_message", { ...BOTH, message: "こんにちは" });
    expect(await second.next("chat_message")).toMatchObject({ user_id: "user-1", message: "こんにちは" });
    first.socket.emit("npc_action", { ...BOTH, npc_id: "n1", action: "話す" });
    expect(await second.next("npc_action_result")).toMatchObject({ npc_id: "n1", result: expect.any(String) });
    first.socket.emit("ping", { timestamp: "2026-11-24T05:30:20.616Z" });
    expect(await first.next("pong")).toEqual({ timestamp: "2026-11-24T05:30:20.616Z" });
    second.socket.emit("leave_game", { ...BOTH, user_id: "user-2" });
    await second.next("left_game");
    expect(await first.next("player_left")).toMatchObject({ user_id: "user-2" });
    expect(second.frames.map((frame) => frame.event)).not.toContain("action_received");

    const captured = readFileSync(new URL("../fixtures/captures/python-server.ndjson", import.meta.url), "utf8");
    const shapes = new Map<string, string[]>();
    for (const line of captured.trim().split("\n")) {
      const { direction, event, args } = JSON.parse(line);
      if (direction === "server_to_client") shapes.set(event, Object.keys(args[0]).sort());
    }
    const compared = new Set<string>();
    for (const { event, args } of [...first.frames, ...second.frames]) {
      const shape = shapes.get(event);
      if (!shape) continue;
      compared.add(event);
      expect([event, Object.keys(args[0] as object).sort()]).toEqual([event, shape]);
    }
    expect(compared.size).toBe(13);
  });

  it("acknowledges with no value, and reports each call with its payload and count of arguments", async () => {
    const server = await openServer();
    const { socket, next } = open(server);
    await next("connected");
    const ack = await new Promise<unknown[]>((take) =>
      socket.emit("join_game", BOTH, (...all: unknown[]) => take(all)),
    );
    expect(ack).toEqual([]);
    expect(await server.calls("join_game")).toEqual([{ event: "join_game", sid: socket.id, args: [BOTH], argc: 1 }]);
    await server.forgetCalls();
    expect(await server.calls()).toEqual([]);
  });

  it("raises a TypeError on a second argument, and answers nothing", async () => {
    const server = await openServer();
    const { socket, next } = open(server);
    await next("connected");
    const answered = socket.timeout(300).emitWithAck("game_action", { ...BOTH, action: "x" }, { id: "1" });
    expect(await server.nextException("game_action")).toMatchObject({
      type: "TypeError",
      message: expect.stringContaining("takes 2 positional arguments but 3 were given"),
    });
    await expect(answered).rejects.toThrow("timed out");
    expect(await server.calls("game_action")).toMatchObject([{ argc: 2 }]);
  });
});

describePython("the imitation of today's server, told to misbehave", () => {
  it("emits any event to a room, a socket or everybody, with any number of arguments", async () => {
    const server = await openServer();
    const first = open(server);
    const second = open(server);
    await Promise.all([first.next("connected"), second.next("connected")]);
    await server.enter(second.socket.id as string, "user_2");
    await server.emit("a", [{ x: [1, null] }], { room: "user_2" });
    await server.emit("b", [1, "two", [3]], { sid: first.socket.id as string });
    await server.emit("c", []);
    await server.emit("d", [{}], { skip_sid: first.socket.id as string });
    await second.next("d");
    await expect.poll(() => first.frames.at(-1)?.event).toBe("c");
    expect(first.frames.slice(1)).toEqual([
      { event: "b", args: [1, "two", [3]] },
      { event: "c", args: [] },
    ]);
    expect(second.frames.slice(1)).toEqual([
      { event: "a", args: [{ x: [1, null] }] },
      { event: "c", args: [] },
      { event: "d", args: [{}] },
    ]);
  });

  it("emits a bare NaN, at which a stock client gives the connection up", async () => {
    const server = await openServer();
    const { socket, next } = open(server);
    await next("connected");
    const lost = new Promise((resolve) => socket.once("disconnect", resolve));
    await server.emitNonFinite("game_progress", [{ percentage: "NaN" }]);
    expect(await lost).toBe("parse error");
  });

  it("sends a packet as written", async () => {
    const server = await openServer();
    const { socket, next } = open(server);
    await next("connected");
    await server.raw(socket.id as string, '2["odd",{"a":1e2}]');
    expect(await next("odd")).toEqual({ a: 100 });
  });

  it("answers with the values that it was given, and with none again", async () => {
    const server = await openServer();
    const { socket, next } = open(server);
    await next("connected");
    const ask = (): Promise<unknown[]> =>
      new Promise((take) => socket.emit("ping", { timestamp: "t" }, (...all: unknown[]) => take(all)));
    await server.setAck("ping", [{ ok: true }]);
    expect(await ask()).toEqual([{ ok: true }]);
    await server.setAck("ping", [null, 2]);
    expect(await ask()).toEqual([null, 2]);
    await server.setAck("ping");
    expect(await ask()).toEqual([]);
  });

  it("raises in a handler once, and waits in one", async () => {
    const server = await openServer();
    const { socket, next } = open(server);
    await next("connected");
    await server.fail("ping", { message: "secret text", times: 1 });
    await expect(socket.timeout(200).emitWithAck("ping", { timestamp: "t" })).rejects.toThrow("timed out");
    expect(await server.nextException("ping")).toMatchObject({ type: "HandlerFailure", message: "secret text" });
    await server.delay("ping", 120);
    const begin = performance.now();
    await socket.emitWithAck("ping", { timestamp: "t" });
    expect(performance.now() - begin).toBeGreaterThanOrEqual(115);
  });

  it.each([
    ["disconnect", "io server disconnect"],
    ["abort", "transport close"],
  ] as const)("drops a connection by %s", async (how, reason) => {
    const server = await openServer();
    const { socket, next } = open(server);
    await next("connected");
    const lost = new Promise((resolve) => socket.once("disconnect", resolve));
    await server.drop(how, socket.id);
    expect(await lost).toBe(reason);
    await server.process.next("disconnect", (line) => line.sid !== undefined);
    await expect.poll(() => server.sockets()).toEqual([]);
  });

  it("aborts a connection that was upgraded from polling", async () => {
    const server = await openServer();
    const { socket, next } = open(server, { transports: ["polling", "websocket"] });
    const upgraded = new Promise((resolve) => socket.io.engine.once("upgrade", resolve));
    await Promise.all([next("connected"), upgraded]);
    const lost = new Promise((resolve) => socket.once("disconnect", resolve));
    await server.drop("abort");
    expect(await lost).toBe("transport close");
  });

  it("refuses connections with a reason, and lets them in again", async () => {
    const server = await openServer();
    await server.refuse(["not today"]);
    const refused = open(server);
    const error = await new Promise<Error>((resolve) => refused.socket.once("connect_error", resolve));
    expect(error.message).toBe("not today");
    await server.refuse();
    await open(server).next("connected");
  });

  it("is after a reset as it was at the start, to those who connect then", async () => {
    const server = await openServer();
    const before = open(server);
    await before.next("connected");
    await server.greet(false);
    await server.setAck("ping", [1]);
    await server.fail("game_action");
    await before.socket.emitWithAck("ping", { timestamp: "t" });
    await server.refuse(["not today"]);
    await server.reset();
    await expect.poll(() => before.socket.connected).toBe(false);
    expect([await server.sockets(), await server.calls(), server.process.lines]).toEqual([[], [], []]);
    const after = open(server);
    await after.next("connected");
    const answer = new Promise<unknown[]>((take) =>
      after.socket.emit("ping", { timestamp: "t" }, (...all: unknown[]) => take(all)),
    );
    expect(await answer).toEqual([]);
    after.socket.emit("game_action", { ...BOTH, action: "x" });
    await after.next("action_received");
  });

  it("stays silent on connect when told to", async () => {
    const server = await openServer();
    await server.greet(false);
    const { socket, frames } = open(server);
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    await socket.emitWithAck("ping", { timestamp: "t" });
    expect(frames.map((frame) => frame.event)).toEqual(["pong"]);
  });

  it("serves polling only, and starts again on the port it had", async () => {
    const server = await start({ server: { transports: ["polling"] } });
    const polling = open(server, { transports: ["polling"] });
    await polling.next("connected");
    await server.stop();
    const again = await start({ port: server.port });
    expect(again.port).toBe(server.port);
    await open(again).next("connected");
  });

  it("tells its test when it was killed instead of leaving it to wait", async () => {
    const server = await start();
    server.process.kill("SIGKILL");
    await expect(server.calls()).rejects.toThrow(`The process ${server.process.pid} has ended`);
    await expect(server.nextCall("ping")).rejects.toThrow("has ended");
  });
});
