import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AuthenticatedUser, type Backend, createEventServer, serverOptions } from "@gestaloka/events/server";
import { Server, type ServerOptions } from "socket.io";
import { contract } from "./contract.js";
import type { Host, HostHooks } from "./host.js";
import { keyCount, type Layout } from "./layout.js";
import { RoomEmits } from "./room-emits.js";

/** Serves the harness's contract with the library. */
export async function openLibraryHost(
  layout: Layout,
  port: number,
  backend: Backend,
  hooks: HostHooks,
  pings: Partial<ServerOptions>,
): Promise<Host> {
  const http = createServer();
  const safe = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 10_000_000 });
  const io = new Server(http, { ...safe, ...pings });
  const dropped: Record<string, number> = {};
  let errors = 0;
  const server = createEventServer(io, {
    contract,
    authenticate: ({ auth }): AuthenticatedUser | null =>
      typeof auth.user === "string" ? { userId: auth.user } : null,
    authorize: () => true,
    limits: { connectionsPerUser: 100_000, commandsPerSecond: 1_000_000, commandBurst: 1_000_000 },
    backend,
    metrics: {
      count(counter, by, event) {
        if (counter === "lost") dropped[event] = (dropped[event] ?? 0) + by;
      },
    },
    onError(error, context) {
      if (errors++ < 5) console.error(context, error);
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
  const emits = new RoomEmits(server.to, layout);
  await new Promise<void>((resolve) => http.listen({ port, host: "127.0.0.1", backlog: 4_096 }, resolve));
  return {
    port: (http.address() as AddressInfo).port,
    emit: (...emit) => emits.emit(...emit),
    get failed() {
      return errors;
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
