import type { Connection } from "./connection.js";
import { belong, connectionOf, type Served } from "./connection-of.js";
import { awaitNamespaceEntry, watchNamespaceEntries } from "./namespace-entry.js";
import type { Socket } from "./socket-io.js";

/** The part of a socket that hands a packet to middleware and listeners; it is overridden where it is as it was known. */
interface Dispatching extends Served {
  dispatch(packet: unknown[]): void;
  run(packet: unknown[], done: (error?: unknown) => void): void;
  _onerror(error: unknown): void;
}

/**
 * Takes a socket over: what a client sends goes through the application's middleware to the library, and to no listener.
 *
 * All sockets share these functions, so that an idle one costs no closure.
 */
export function takeOver(socket: Socket, connection: Connection): void {
  belong(socket, connection);
  // Before the application's, which may throw.
  socket.prependListener("disconnecting", onDisconnecting);
  const own = socket as unknown as Dispatching;
  if ([own.dispatch, own.run, own._onerror].every((method) => typeof method === "function")) {
    own.dispatch = dispatch;
    own._onerror = onError;
  }
  // It never passes a packet on.
  else socket.use((packet) => connection.handlers.received(connection, packet));
  watchNamespaceEntries(socket);
}

function dispatch(this: Dispatching, packet: unknown[]): void {
  this.run(packet, (error) => {
    const connection = connectionOf(this);
    if (error) passOn(this, error);
    else if (connection) connection.handlers.received(connection, packet);
  });
}

function onError(this: Dispatching, error: unknown): void {
  const connection = connectionOf(this);
  if (connection) connection.handlers.unreadable(connection);
  passOn(this, error);
}

function passOn(socket: Dispatching, error: unknown): void {
  (Object.getPrototypeOf(socket) as Dispatching)._onerror.call(socket, error);
}

function onDisconnecting(this: Socket, reason: string): void {
  const connection = connectionOf(this);
  // Told again where a listener threw the last time.
  if (connection && !connection.closed) connection.handlers.closing(connection);
  if (reason.endsWith("namespace disconnect")) queueMicrotask(() => awaitNamespaceEntry(this));
}
