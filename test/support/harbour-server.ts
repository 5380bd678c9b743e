import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TypesOf } from "@gestaloka/events";
import {
  type AuthenticatedUser,
  createEventServer,
  type EventServer,
  type EventServerOptions,
  serverOptions,
} from "@gestaloka/events/server";
import { Server, type ServerOptions } from "socket.io";
import { io as connectSocket, type Socket } from "socket.io-client";
import { contract } from "../fixtures/contract.js";

export type HarbourTypes = TypesOf<typeof contract>;
export type HarbourServer = EventServer<HarbourTypes, AuthenticatedUser>;

/** A real server of the harbour contract on a port of its own, with the means to be spoken to. */
export interface Harbour {
  readonly http: HttpServer;
  readonly io: Server;
  readonly server: HarbourServer;
  readonly url: string;
  /** A Socket.IO client that does not know this library. */
  plain(userId: string, options?: object): Peer;
  /** A Socket.IO client that announces itself, as this library's does. */
  announced(userId: string, options?: PeerOptions): Peer;
  close(): Promise<void>;
}

export interface PeerOptions {
  readonly client?: string;
  readonly cursors?: readonly unknown[];
  readonly contract?: string;
  readonly options?: object;
}

/** A client with a record of every event that came, in order, arguments as they came. */
export interface Peer {
  readonly socket: Socket;
  readonly events: [name: string, ...args: unknown[]][];
  /** Waits until an event of this name has come `count` times, and gives the arguments of the last. */
  got(name: string, count?: number): Promise<unknown[]>;
  named(name: string): unknown[][];
}

let clients = 0;

export async function openHarbour(
  options: Partial<EventServerOptions<HarbourTypes, AuthenticatedUser>> = {},
  ioOptions: Partial<ServerOptions> = {},
  namespace = "/",
): Promise<Harbour> {
  const http = createServer();
  const safe = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 1_000_000 });
  const io = new Server(http, { ...safe, ...ioOptions });
  const server = createEventServer<HarbourTypes, AuthenticatedUser>(namespace === "/" ? io : io.of(namespace), {
    contract,
    authenticate: ({ auth }) => (typeof auth.token === "string" ? { userId: auth.token } : null),
    authorize: () => true,
    ...options,
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}${namespace === "/" ? "" : namespace}`;
  const peers: Peer[] = [];
  const open = (auth: object, more: object): Peer => {
    const peer = createPeer(url, auth, more);
    peers.push(peer);
    return peer;
  };
  return {
    http,
    io,
    server,
    url,
    plain: (userId, more = {}) => open({ token: userId }, more),
    announced: (
      userId,
      { client = `client-${++clients}`, cursors = [], contract: spoken = "harbour@1.0.0", options: more = {} } = {},
    ) => open({ token: userId, $events: { v: 1, contract: spoken, client, cursors } }, more),
    async close() {
      for (const { socket } of peers) socket.disconnect();
      await server.close();
      await io.close();
    },
  };
}

export function createPeer(url: string, auth: object, options: object = {}): Peer {
  const socket = connectSocket(url, {
    auth,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  const events: Peer["events"] = [];
  const waiting: (() => void)[] = [];
  socket.onAny((name: string, ...args: unknown[]) => {
    events.push([name, ...args]);
    for (const look of waiting.slice()) look();
  });
  const named = (name: string) => events.filter(([came]) => came === name).map(([, ...args]) => args);
  return {
    socket,
    events,
    named,
    got(name, count = 1) {
      return new Promise((resolve) => {
        const look = () => {
          const came = named(name);
          if (came.length < count) return;
          waiting.splice(waiting.indexOf(look), 1);
          resolve(came[count - 1] as unknown[]);
        };
        waiting.push(look);
        look();
      });
    },
  };
}

/** Waits for one event of an emitter. */
export function once(
  emitter: { once(name: string, listener: (...args: never[]) => void): unknown },
  name: string,
): Promise<unknown[]> {
  return new Promise((resolve) => emitter.once(name, (...args: unknown[]) => resolve(args)));
}
