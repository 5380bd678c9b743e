import type { Connection } from "./connection.js";
import type { Socket } from "./socket-io.js";

/** What is done with what a socket gives. */
export interface SocketEnds {
  /** A packet: its name and arguments, the acknowledgement last where there is one. */
  received(connection: Connection, packet: readonly unknown[]): void;
  /** What came was no packet, and Socket.IO closes the connection for it. */
  unreadable(connection: Connection): void;
  /** Its client asked for another namespace, and is answered by Socket.IO where there is none. */
  asked(connection: Connection): void;
  /** The socket is about to leave its rooms. */
  closing(connection: Connection): void;
}

const connectionKey: unique symbol = Symbol("connection");

interface Served {
  [connectionKey]?: Connection;
}

/** The part of a socket that hands a packet to middleware and listeners; it is overridden where it is as it was known. */
interface Dispatching extends Served {
  dispatch(packet: unknown[]): void;
  run(packet: unknown[], done: (error?: unknown) => void): void;
  _onerror(error: unknown): void;
}

/** The part of a line, which Socket.IO's sockets of all namespaces share, that lets it into one, or ends it where it enters none. */
interface Line {
  readonly sockets?: ReadonlyMap<string, Socket>;
  /** Cleared by Socket.IO at an entry, and at the line's end. */
  connectTimeout?: NodeJS.Timeout | undefined;
  connect?(namespace: string, auth?: object): void;
}

/** The connection of a socket; `undefined` before it is one, and for sockets of somebody else. */
export function connectionOf(socket: Socket | undefined): Connection | undefined {
  return (socket as Served | undefined)?.[connectionKey];
}

/**
 * Takes a socket over: what a client sends goes through the application's middleware to the library, and to no listener.
 *
 * All sockets share these functions, so that an idle one costs no closure.
 */
export function takeOver(socket: Socket, connection: Connection): void {
  (socket as Served)[connectionKey] = connection;
  // Before the application's, which may throw.
  socket.prependListener("disconnecting", onDisconnecting);
  const own = socket as unknown as Dispatching;
  if ([own.dispatch, own.run, own._onerror].every((method) => typeof method === "function")) {
    own.dispatch = dispatch;
    own._onerror = onError;
  }
  // It never passes a packet on.
  else socket.use((packet) => connection.ends.received(connection, packet));
  const line = socket.client as unknown as Line;
  if (line.sockets && line.connect) line.connect = connect;
}

/** Socket.IO answers by itself whoever asks for a namespace that there is not, and never looks whether that is taken. */
function connect(this: Line, namespace: string, auth?: object): void {
  for (const socket of this.sockets?.values() ?? []) {
    const connection = connectionOf(socket);
    if (connection) connection.ends.asked(connection);
  }
  (Object.getPrototypeOf(this) as Line).connect?.call(this, namespace, auth);
}

function dispatch(this: Dispatching, packet: unknown[]): void {
  this.run(packet, (error) => {
    if (error) passOn(this, error);
    else if (this[connectionKey]) this[connectionKey].ends.received(this[connectionKey], packet);
  });
}

function onError(this: Dispatching, error: unknown): void {
  const connection = this[connectionKey];
  if (connection) connection.ends.unreadable(connection);
  passOn(this, error);
}

function passOn(socket: Dispatching, error: unknown): void {
  (Object.getPrototypeOf(socket) as Dispatching)._onerror.call(socket, error);
}

function onDisconnecting(this: Socket, reason: string): void {
  const connection = connectionOf(this);
  // Told again where a listener threw the last time.
  if (connection && !connection.closed) connection.ends.closing(connection);
  if (reason.endsWith("namespace disconnect")) queueMicrotask(() => awaitEntry(this));
}

/**
 * Gives a line that is in no namespace any more as long as a new one to enter one: its client may be on its way into another,
 * and otherwise it would stand there uncounted for as long as it likes.
 */
export function awaitEntry({ client, conn, nsp }: Socket): void {
  const line = client as unknown as Line;
  if (line.sockets?.size !== 0 || conn.readyState !== "open") return;
  clearTimeout(line.connectTimeout);
  line.connectTimeout = setTimeout(() => {
    if (line.sockets?.size === 0) conn.close();
  }, nsp.server.connectTimeout());
}
