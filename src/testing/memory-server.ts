import { createServer } from "node:http";
import { Server } from "socket.io";
import { type ClientOptions, createEventClient, type EventClient } from "../client/event-client.js";
import type { ContractTypes } from "../contract/contract-types.js";
import { CommandError } from "../contract/errors.js";
import type { AuthenticatedUser } from "../server/authenticate.js";
import { createEventServer } from "../server/create-event-server.js";
import type { EventServer, EventServerOptions } from "../server/event-server.js";
import { serverOptions } from "../server/server-options.js";
import { connected } from "./connected.js";
import { type MemoryLink, memoryLink } from "./memory-link.js";

/** As for `createEventServer`; without `authenticate`, `auth.userId` is believed, and without `authorize` all is allowed. */
export type MemoryServerOptions<TTypes extends ContractTypes, TUser extends AuthenticatedUser> = Pick<
  EventServerOptions<TTypes, TUser>,
  "contract"
> &
  Partial<EventServerOptions<TTypes, TUser>>;

/** A server of a contract in this process, and clients of it. */
export interface MemoryServer<TTypes extends ContractTypes, TUser extends AuthenticatedUser = AuthenticatedUser>
  extends MemoryLink {
  /** The Socket.IO server under it. */
  readonly io: Server;
  /** The server of the contract, which emits and handles. */
  readonly server: EventServer<TTypes, TUser>;
  /** A client of this user, as soon as it is {@link connected}; rejects as that does. `close` closes it too. */
  connect(userId: string, options?: Partial<ClientOptions<TTypes>>): Promise<EventClient<TTypes>>;
  /** Closes clients and server. */
  close(): Promise<void>;
}

/**
 * Serves a contract without a port: the same server, client and Socket.IO as in production, over streams in memory.
 *
 * Logs, presence and answers are kept in memory too, unless a `backend` is given.
 */
export function createMemoryServer<TTypes extends ContractTypes, TUser extends AuthenticatedUser = AuthenticatedUser>(
  options: MemoryServerOptions<TTypes, TUser>,
): MemoryServer<TTypes, TUser> {
  const http = createServer();
  // No address stands behind a stream, so all clients count as one: a test has more of them than one visitor.
  const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 100_000 }));
  const server = createEventServer<TTypes, TUser>(io, {
    authenticate: ({ auth }) => (typeof auth.userId === "string" ? ({ userId: auth.userId } as TUser) : null),
    authorize: () => true,
    ...options,
  });
  const link = memoryLink(http);
  const clients = new Set<EventClient<TTypes>>();
  let isClosed = false;
  return {
    ...link,
    io,
    server,
    async connect(userId, { socket, ...given } = {}) {
      // A client would try for as long as its test may take.
      if (isClosed) throw new CommandError("closed", { command: "connect" });
      const client = createEventClient<TTypes>(link.url, {
        contract: options.contract,
        auth: { userId },
        ...given,
        autoConnect: true,
        socket: { ...link.socket, ...socket },
      });
      clients.add(client);
      await connected(client);
      return client;
    },
    async close() {
      isClosed = true;
      for (const client of clients) client.close();
      await server.close({ drainMs: 0 });
      await io.close();
    },
  };
}
