import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import type { GestalokaClient } from "@gestaloka/events/react";
import { createEventServer, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";

/** A real server of Gestaloka's contract: who says a name in `auth.token` is let in, wherever they want to go. */
export async function openGame(port = 0) {
  const http = createServer();
  const io = new Server(http, {
    ...serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 1_000_000 }),
    pingInterval: 1_000,
    pingTimeout: 5_000,
  });
  const server = createEventServer(io, {
    contract,
    authenticate: ({ auth }) => (typeof auth.token === "string" ? { userId: auth.token } : null),
    authorize: () => true,
  });
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const at = (http.address() as AddressInfo).port;
  return {
    io,
    server,
    port: at,
    url: `http://127.0.0.1:${at}`,
    /** How many connections are open. */
    connections: () => io.engine.clientsCount,
    /** Ends every connection without a word. */
    cut() {
      for (const socket of io.sockets.sockets.values()) socket.conn.close(true);
    },
    async close() {
      await server.close({ drainMs: 0 });
      await io.close();
    },
  };
}

/** A client of a game's server, without the waits between attempts. */
export function createClient(url: string, token = "ada", options: object = {}): GestalokaClient {
  return createEventClient(url, { contract, auth: { token }, ...options });
}

/** An SP event's input. */
export const spent = (current_sp: number, amount_changed: number) => ({
  current_sp,
  amount_changed,
  transaction_type: "free_action" as const,
  description: "自由行動",
});

/** A message of a game's record. */
export const message = (id: string) => ({
  id,
  content: `words of ${id}`,
  message_type: "gm_narrative" as const,
  sender_type: "gm" as const,
  turn_number: 1,
  created_at: "2026-11-24T05:30:19Z",
});
