import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { createEventServer, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { io as connectRaw, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toDeepJson } from "../support/deep-json.js";
import { hostilePayloads, soundPayloads, wireDefinitions } from "../support/hostile-payloads.js";

/** What the library answers by itself; an application cannot handle these. */
const ownCommands = new Set(["join_game", "leave_game", "ping"]);
const events = wireDefinitions.filter(({ direction }) => direction === "server_to_client");
const commands = wireDefinitions.filter(({ direction }) => direction === "client_to_server");

async function listen(http: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

describe("from a server, over a real connection", () => {
  const http = createServer();
  // The frames must arrive whole, however large: it is the payload that is judged here.
  const io = new Server(http);
  let emit: (name: string, payload: unknown) => void = () => undefined;
  let client: ReturnType<typeof createEventClient<NonNullable<(typeof contract)["~types"]>>>;
  const handled: { event: string; payload: unknown }[] = [];
  const refused: string[] = [];
  const unknown: string[] = [];
  let sentinel: () => void = () => undefined;

  beforeAll(async () => {
    const connected = new Promise<void>((resolve) => {
      io.on("connection", (socket) => {
        // Past the sender's own encoder, which some of these would break.
        const engine = socket.conn as unknown as { write(packet: string): void };
        emit = (name, payload) => engine.write(`2${toDeepJson([name, payload])}`);
        resolve();
      });
    });
    client = createEventClient(await listen(http), {
      contract,
      auth: {},
      onInvalid: (invalid) => refused.push(invalid.event ?? ""),
      onUnknown: (name) => {
        if (name === "sentinel") sentinel();
        else unknown.push(name);
      },
    });
    for (const name of contract.appEvents.keys()) {
      client.on(name as "sp:update", (payload) => handled.push({ event: name, payload }));
    }
    await connected;
  });
  afterAll(async () => {
    client.close();
    await io.close();
  });

  /** Resolves when all that was emitted so far has been judged: events keep their order. */
  function judged(): Promise<void> {
    return new Promise((resolve) => {
      sentinel = resolve;
      emit("sentinel", {});
    });
  }

  it.each(events.map((definition) => [definition.name, definition] as const))(
    "a hostile %s reaches no handler, and a sound one does",
    async (name, definition) => {
      const hostile = hostilePayloads(definition);
      const [invalidBefore, unknownBefore] = [refused.length, unknown.length];
      for (const { payload } of hostile) emit(name, payload);
      await judged();
      expect(handled.splice(0)).toEqual([]);
      expect(refused.length - invalidBefore + unknown.length - unknownBefore).toBe(hostile.length);
      expect(refused.slice(invalidBefore).every((event) => event === name)).toBe(true);

      const sound = soundPayloads(definition);
      for (const payload of sound) emit(name, payload);
      await judged();
      expect(handled.splice(0).map(({ payload }) => payload)).toEqual(sound);
    },
  );

  it("is tried for all 33 events", () => {
    expect(events).toHaveLength(33);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe("from a client, over a real connection", () => {
  const http = createServer();
  const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true, maxFrameBytes: 1_000_000 }));
  const handled: unknown[] = [];
  let socket: Socket;
  let nextAckId = 1_000;

  beforeAll(async () => {
    const server = createEventServer(io, {
      contract,
      authenticate: () => ({ userId: "u1" }),
      authorize: () => true,
      allowUnsafe: ["maxHttpBufferSize"],
      // Each hostile frame is to be judged for itself.
      limits: { commandsPerSecond: 1_000_000, commandBurst: 1_000_000, invalidFrames: 1_000_000 },
    });
    for (const name of contract.commands.keys()) {
      if (ownCommands.has(name)) continue;
      server.handle(name as "chat_message", (command) => {
        handled.push(command);
      });
    }
    socket = connectRaw(await listen(http), { transports: ["websocket"], reconnection: false });
    await new Promise<void>((resolve) => socket.on("connect", resolve));
  });
  afterAll(async () => {
    socket.disconnect();
    await io.close();
  });

  it.each(commands.map((definition) => [definition.name, definition] as const))(
    "a hostile %s reaches no handler and changes no room",
    async (name, definition) => {
      const before = new Set(io.sockets.adapter.rooms.keys());
      for (const { why, payload } of hostilePayloads(definition)) {
        if (!socket.connected) {
          // Too many broken frames may close a connection; the next one begins anew.
          socket.connect();
          await new Promise<void>((resolve) => socket.once("connect", resolve));
        }
        const answer: unknown = await new Promise((resolve) => {
          const ackId = nextAckId++;
          const engine = socket.io.engine as unknown as { write(packet: string): void };
          (socket as unknown as { acks: Record<number, (answer: unknown) => void> }).acks[ackId] = resolve;
          engine.write(`2${ackId}${toDeepJson([name, payload, { id: crypto.randomUUID() }])}`);
          socket.once("disconnect", () => resolve({ ok: false }));
        });
        expect({ why, ok: (answer as { ok?: boolean } | undefined)?.ok ?? false }).toEqual({ why, ok: false });
      }
      expect(handled).toEqual([]);
      expect(
        [...io.sockets.adapter.rooms.keys()].filter((room) => !before.has(room) && room.startsWith("game_")),
      ).toEqual([]);
    },
  );

  it("is tried for all 6 commands, and sound ones do reach their handlers", async () => {
    expect(commands).toHaveLength(6);
    await new Promise((resolve) => socket.emit("join_game", { game_session_id: "g1" }, resolve));
    for (const name of ["game_action", "chat_message", "npc_action"]) {
      const payload = { game_session_id: "g1", action: "a", message: "m", npc_id: "n" };
      await new Promise((resolve) => socket.emit(name, payload, resolve));
    }
    expect(handled).toHaveLength(3);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});
