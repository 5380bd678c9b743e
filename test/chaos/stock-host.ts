import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { type Host, type HostHooks, pings } from "./host.js";
import { arenasOf, keyCount, type Layout, roomOf, seatOf } from "./layout.js";

/** Serves the same events and commands with Socket.IO alone, its own recovery on: the negative control. */
export async function openStockHost(layout: Layout, port: number, hooks: HostHooks): Promise<Host> {
  const http = createServer();
  const io = new Server(http, {
    ...pings,
    connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true },
  });
  io.on("connection", (socket) => {
    const client = Number((socket.handshake.auth as { user: string }).user.slice(1));
    if (!socket.recovered)
      void socket.join([...arenasOf(layout, client), seatOf(layout, client)].map((stream) => roomOf(layout, stream)));
    const act =
      (inTurn: boolean) =>
      async ({ arena_id, k }: { arena_id: string; k: number }, ack: (answer: object) => void) => {
        await hooks.act(client, k, inTurn, Number(arena_id));
        ack({ k });
      };
    socket.on("act", act(false));
    socket.on("act_in_turn", act(true));
    socket.on("look", ({ arena_id }: { arena_id: string }, ack: (answer: object) => void) => {
      const { dial, board } = hooks.state();
      const at = Number(arena_id) * keyCount;
      ack({ dial: [...dial.subarray(at, at + keyCount)], board: [...board.subarray(at, at + keyCount)] });
    });
  });
  await new Promise<void>((resolve) => http.listen({ port, host: "127.0.0.1", backlog: 4_096 }, resolve));
  return {
    port: (http.address() as AddressInfo).port,
    emit(stream, name, payload) {
      io.to(roomOf(layout, stream)).emit(name, payload);
      return undefined;
    },
    failed: 0,
    dropped: {},
    get connections() {
      return io.engine.clientsCount;
    },
    close: () => io.close(),
  };
}
