import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AuthenticatedUser,
  createEventServer,
  type MemoryBackendOptions,
  memoryBackend,
  serverOptions,
} from "@gestaloka/events/server";
import { Server } from "socket.io";
import { contract } from "./contract.js";
import { type Host, type HostHooks, pings } from "./host.js";
import { keyCount, type Layout, streamCount, userOf } from "./layout.js";

/** Serves the harness's contract with the library. */
export async function openLibraryHost(
  layout: Layout,
  port: number,
  log: MemoryBackendOptions["log"],
  hooks: HostHooks,
): Promise<Host> {
  const http = createServer();
  const safe = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 10_000_000 });
  const io = new Server(http, { ...safe, ...pings });
  const dropped: Record<string, number> = {};
  let failed = 0;
  const server = createEventServer(io, {
    contract,
    authenticate: ({ auth }): AuthenticatedUser | null =>
      typeof auth.user === "string" ? { userId: auth.user } : null,
    authorize: () => true,
    limits: { connectionsPerUser: 100_000, commandsPerSecond: 1_000_000, commandBurst: 1_000_000 },
    backend: memoryBackend({ log: log ?? {} }),
    metrics: {
      count(counter, by, event) {
        if (counter === "lost") dropped[event] = (dropped[event] ?? 0) + by;
      },
    },
    onError(error, context) {
      if (failed++ < 5) console.error(context, error);
    },
  });
  const act =
    (inTurn: boolean) =>
    async (command: { arena_id: string; k: number }, { userId }: { userId: string }) => {
      await hooks.act(Number(userId.slice(1)), command.k, inTurn, Number(command.arena_id));
      return { k: command.k };
    };
  server.handle("act", act(false));
  server.handle("act_in_turn", act(true));
  server.handle("look", ({ arena_id }) => {
    const { dial, board } = hooks.state();
    const at = Number(arena_id) * keyCount;
    return { dial: [...dial.subarray(at, at + keyCount)], board: [...board.subarray(at, at + keyCount)] };
  });
  const targets = Array.from({ length: streamCount(layout) }, (_, stream) =>
    stream < layout.arenas ? server.to.arena(String(stream)) : server.to.seat(userOf(stream - layout.arenas)),
  ) as unknown as { emit(name: string, payload: object): Promise<{ ok: boolean }> }[];
  const judge = ({ ok }: { ok: boolean }) => {
    if (!ok) failed++;
  };
  await new Promise<void>((resolve) => http.listen({ port, host: "127.0.0.1", backlog: 4_096 }, resolve));
  return {
    port: (http.address() as AddressInfo).port,
    emit: (stream, name, payload) => void targets[stream]?.emit(name, payload).then(judge),
    get failed() {
      return failed;
    },
    dropped,
    get connections() {
      return io.engine.clientsCount;
    },
    async close() {
      await server.close();
      await io.close();
    },
  };
}
