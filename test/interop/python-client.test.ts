import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandRefusal } from "@gestaloka/events";
import { contract } from "@gestaloka/events/schemas";
import {
  createEventServer,
  GameEventEmitter,
  NotificationEmitter,
  SPEventEmitter,
  serverOptions,
} from "@gestaloka/events/server";
import { Server } from "socket.io";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { closedAtEnd } from "../support/closed-at-end.js";
import { startFaultProxy } from "../support/fault-proxy.js";
import { hasPythonSocketio, startPlainClient } from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";

/** What must come about, however busy the machine is. */
const soon = (look: () => unknown) => expect.poll(look, { timeout: 15_000, interval: 5 });

const { definition } = contract;
const eventNames = definition.events.map(({ name }) => name);
const COMMANDS = ["game_action", "chat_message", "npc_action"] as const;

async function startServer() {
  const http = createServer();
  const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true }));
  const errors: unknown[] = [];
  const server = createEventServer(io, {
    contract,
    authenticate: ({ auth }) => (auth.token === "t" ? { userId: "u1" } : null),
    authorize: () => true,
    onError: (error) => errors.push(error),
  });
  const handled: [name: string, command: object][] = [];
  for (const name of COMMANDS) {
    server.handle(name, (command) => {
      handled.push([name, command]);
      const said = "action" in command ? command.action : command.message;
      if (said === "break") throw new Error("the secret of the database");
      if (said === "spend") throw new CommandRefusal("sp_insufficient");
      // With a value, and without one.
      return said === "quietly" ? undefined : {};
    });
  }
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  closedAtEnd(io);
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, server, handled, errors };
}

type PlainClient = Awaited<ReturnType<typeof startPlainClient>>;

const join = (client: PlainClient) => client.call("join_game", [{ game_session_id: "g1", user_id: "u1" }]);

/** Nothing arrived but events that it has a handler for, each as the one argument that a handler takes. */
function expectOneArgumentEach(client: PlainClient) {
  // A second argument would have been a TypeError in the handler.
  expect(client.process.of("exception")).toEqual([]);
  expect(client.process.of("unhandled")).toEqual([]);
}

const describePython = requireOrSkip("python-socketio", hasPythonSocketio());

describePython("a Python client with one-parameter handlers", () => {
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
  // One process for all tests of a transport: Python takes longer to start than they do.
  let client: PlainClient;
  beforeAll(async () => {
    client = await startPlainClient(eventNames, { reconnection: true, reconnection_delay: 0.05 });
  }, 30_000);
  afterEach(async () => {
    await client.disconnect();
    client.process.forget();
  });
  afterAll(() => client.stop());

  describe.each(["websocket", "polling"])("over %s", (transport) => {
    const meet = async (url: string, by = client) =>
      (await by.connect(url, { auth: { token: "t" }, transports: [transport] })).transport;

    it("gets every event, each example of it as one argument", async () => {
      const { url, server } = await startServer();
      expect(await meet(url)).toBe(transport);
      const { sid } = (await client.next("connected")) as { sid: string };
      await join(client);
      await client.next("joined_game");
      const names: string[] = [];
      client.process.forget();
      for (const { name, audience, examples } of definition.events) {
        const targets = { user: server.to.user("u1"), game: server.to.game("g1"), socket: server.to.socket(sid) };
        const target = targets[audience as keyof typeof targets];
        const emit = target.emit.bind(target) as (name: string, input: object) => Promise<object>;
        for (const [i, example] of (examples.valid as readonly object[]).entries()) {
          expect([name, await emit(name, example)]).toEqual([name, expect.objectContaining({ ok: true })]);
          names.push(name);
          await soon(() => client.payloads(name).length).toBe(i + 1);
          // pydantic's Optional is null in an example of today's server; a writer leaves the field out.
          expect(client.payloads(name)[i]).toMatchObject(example);
        }
      }
      expect(new Set(names).size).toBe(33);
      expect(names.length).toBeGreaterThan(33);
      expect(client.process.of("event")).toHaveLength(names.length);
      expectOneArgumentEach(client);
    });

    it("gets one argument each of several events of one tick, and what the emitters fill", async () => {
      const { url, server } = await startServer();
      await meet(url);
      await join(client);
      const game = new GameEventEmitter(server);
      // Announced clients get these as one pack, and the one of the low lane in a batch.
      void game.emitProcessingStarted("g1", { action: "a", status: "s" });
      void game.emitProcessingStarted("g1", { action: "b", status: "s" });
      void game.emitGameProgress("g1", { percentage: 5, message: "m", details: {}, elapsed_time: 1 });
      void new NotificationEmitter(server).emitNotification("u1", { type: "friend_request", from_user: { name: "n" } });
      await new SPEventEmitter(server).emitSpUpdate("u1", {
        current_sp: 5,
        amount_changed: 5,
        transaction_type: "purchase",
        description: "d",
      });
      await client.next("sp_update");
      await client.next("notification");
      await client.next("game_progress");
      expect(client.payloads("processing_started")).toHaveLength(2);
      expect(client.payloads("sp_update")).toMatchObject([{ type: "sp_update", balance_before: 0, balance_after: 5 }]);
      expectOneArgumentEach(client);
    });

    it("sends every command, with an acknowledgement and without one", async () => {
      const { url, handled } = await startServer();
      await meet(url);
      const game = { game_session_id: "g1", user_id: "u1" };
      // The bare data, as a plain server's acknowledgement is.
      expect(await join(client)).toEqual([{ game_session_id: "g1", members: ["u1"] }]);
      const commands = {
        game_action: { ...game, action: "open" },
        chat_message: { ...game, message: "hello" },
        npc_action: { ...game, npc_id: "n1", action: "greet" },
      };
      for (const [name, command] of Object.entries(commands)) expect(await client.call(name, [command])).toEqual([{}]);
      expect(await client.call("game_action", [{ ...game, action: "quietly" }])).toEqual([{}]);
      const timestamp = "2026-11-24T05:30:20.123456";
      expect(await client.call("ping", [{ timestamp }])).toEqual([{ server_time: expect.stringMatching(/Z$/) }]);
      expect(await client.next("pong")).toMatchObject({ timestamp });

      handled.length = 0;
      for (const [name, command] of Object.entries(commands)) await client.emit(name, command);
      await client.emit("ping", { timestamp: "2026-11-24T05:30:21" });
      await client.next("pong", (data) => (data as { timestamp: string }).timestamp === "2026-11-24T05:30:21");
      await client.emit("leave_game", game);
      await client.next("left_game");
      await soon(() => handled.map(([name]) => name)).toEqual(Object.keys(commands));
      expect(handled.map(([, command]) => command)).toEqual(Object.values(commands));
      await client.emit("join_game", game);
      await client.next("joined_game");
      expect(await client.call("leave_game", [game])).toEqual([{}]);
      expectOneArgumentEach(client);
    });

    it("is told by code alone that a handler raised or refused, and goes on", async () => {
      const { url, handled, errors } = await startServer();
      await meet(url);
      await join(client);
      const act = (action: string, more = {}) => ({ game_session_id: "g1", action, ...more });
      const refused = (code: string) => [{ ok: false, error: expect.objectContaining({ code }) }];
      expect(await client.call("game_action", [act("break")])).toEqual(refused("internal"));
      expect(await client.next("error", (data) => (data as { error: string }).error === "internal")).toBeDefined();
      expect(errors).toHaveLength(1);
      expect(await client.call("game_action", [act("spend")])).toEqual(refused("sp_insufficient"));
      expect(await client.call("game_action", [act("open", { user_id: "somebody-else" })])).toEqual(
        refused("identity_mismatch"),
      );
      expect(await client.call("game_action", [{ action: 1 }])).toEqual(refused("payload_invalid"));
      expect(await client.call("no_such_thing", [{}])).toEqual(refused("unknown_command"));
      await client.emit("npc_action", { ...act("break"), npc_id: "n1" });
      await soon(() => errors.length).toBe(2);
      await soon(() => client.payloads("error").length).toBe(6);
      expect(JSON.stringify(client.payloads("error"))).not.toMatch(/secret|somebody-else/);
      expect(handled.map(([name]) => name)).toEqual(["game_action", "game_action", "npc_action"]);
      expect(await client.call("game_action", [act("open")])).toEqual([{}]);
      expectOneArgumentEach(client);
    });

    it("may send several arguments: the first is the command, and the rest is nobody's", async () => {
      const { url, handled } = await startServer();
      await meet(url);
      await join(client);
      const command = { game_session_id: "g1", action: "open" };
      expect(await client.call("game_action", [command, { id: "drawn" }])).toEqual([{}]);
      expect(await client.call("game_action", [command, 2, "three"])).toEqual([{}]);
      expect(await client.call("game_action", [])).toEqual([
        { ok: false, error: expect.objectContaining({ code: "payload_invalid" }) },
      ]);
      expect(handled).toEqual(Array(2).fill(["game_action", command]));
    });

    it("ends its own connection with a bare NaN, may come back, and disturbs nobody else", async () => {
      const { url, server, handled } = await startServer();
      const sinner = await startPlainClient(eventNames);
      onTestFinished(() => sinner.stop());
      await meet(url);
      await meet(url, sinner);
      await join(client);
      await sinner.emitNonFinite("game_action", { game_session_id: "g1", action: "NaN" });
      // python-socketio takes the end of a long poll for a goodbye: it comes back when it is told to.
      await sinner.process.next("disconnect", undefined, 15_000);
      await meet(url, sinner);
      await join(sinner);
      expect(handled).toEqual([]);
      await server.to.game("g1").emit("system_message", { message: "back" });
      await sinner.next("system_message");
      await client.next("system_message");
      expect(client.process.of("disconnect")).toEqual([]);
    });

    it("is heard and hears again after its line was cut", async () => {
      const { port, server } = await startServer();
      const proxy = closedAtEnd(await startFaultProxy(port));
      await meet(proxy.url);
      await join(client);
      client.process.forget();
      proxy.cut();
      await client.process.next("connect", undefined, 15_000);
      // The user's room at once, the game's once it is entered again.
      await server.to.user("u1").emit("purchase_failed", { purchase_id: "p", status: "failed", sp_amount: 5 });
      await client.next("purchase_failed");
      expect(await join(client)).toEqual([{ game_session_id: "g1", members: ["u1"] }]);
      await server.to.game("g1").emit("system_message", { message: "back" });
      await client.next("system_message");
      expectOneArgumentEach(client);
    });
  });

  it("is not let in without its credential", async () => {
    const { url } = await startServer();
    await expect(client.connect(url, { auth: { token: "wrong" }, transports: ["websocket"] })).rejects.toThrow(
      "refused",
    );
  });
});
