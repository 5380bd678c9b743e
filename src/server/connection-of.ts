import type { Connection } from "./connection.js";
import type { Socket } from "./socket-io.js";

const connectionKey: unique symbol = Symbol("connection");

/** A socket that may be a connection's. */
export interface Served {
  [connectionKey]?: Connection;
}

/** The connection of a socket; `undefined` before it is one, and for sockets of somebody else. */
export function connectionOf(socket: Socket | Served | undefined): Connection | undefined {
  return (socket as Served | undefined)?.[connectionKey];
}

/** Makes a socket a connection's. */
export function belong(socket: Socket, connection: Connection): void {
  (socket as Served)[connectionKey] = connection;
}
