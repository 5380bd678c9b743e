import { connectionOf } from "./connection-of.js";
import type { Socket } from "./socket-io.js";
import { TokenBuckets } from "./token-buckets.js";

/**
 * The part of Socket.IO's `Client`, which the sockets of one connection in all namespaces share, that lets it into one, or
 * ends it where it enters none.
 */
interface Client {
  readonly sockets?: ReadonlyMap<string, Socket>;
  /** Cleared by Socket.IO at an entry, and at the connection's end. */
  connectTimeout?: NodeJS.Timeout | undefined;
  connect?(namespace: string, auth?: object): void;
}

// More than any application has namespaces.
const mostEntries = 100;
const entriesPerSecond = 1;

/**
 * Judges connections that ask for one namespace after the other: Socket.IO answers also a stranger each that there is not, and
 * never looks whether that is taken.
 */
export class NamespaceEntries {
  private readonly entries = new TokenBuckets(entriesPerSecond, mostEntries);

  constructor(private readonly clock: () => number) {}

  /** Whether what an Engine.IO connection sent is one entry too many. */
  isTooMany(connectionId: string, data: unknown): boolean {
    // As Socket.IO reads a packet's type: to it, a blank is a 0 as well.
    const asks = typeof data === "string" && Number(data.charAt(0)) === 0;
    return asks && this.entries.take(connectionId, this.clock()) > 0;
  }
}

/** Tells a socket's connection whenever its client asks for another namespace; clients share one function, as sockets do. */
export function watchNamespaceEntries(socket: Socket): void {
  const client = socket.client as unknown as Client;
  if (client.sockets && client.connect) client.connect = connect;
}

/** Whether the client of a socket that is in its namespace not yet is in another one. */
export function isInAnotherNamespace({ client }: Socket): boolean {
  return ((client as unknown as Client).sockets?.size ?? 0) > 0;
}

/**
 * Gives a client that is in no namespace any more as long as a new one to enter one: it may be on its way into another, and
 * otherwise its connection would stand there uncounted for as long as it likes.
 */
export function awaitNamespaceEntry({ client: given, conn, nsp }: Socket): void {
  const client = given as unknown as Client;
  if (client.sockets?.size !== 0 || conn.readyState !== "open") return;
  clearTimeout(client.connectTimeout);
  client.connectTimeout = setTimeout(() => conn.close(), nsp.server.connectTimeout());
}

/** Socket.IO answers by itself whoever asks for a namespace that there is not, and never looks whether that is taken. */
function connect(this: Client, namespace: string, auth?: object): void {
  for (const socket of this.sockets?.values() ?? []) {
    const connection = connectionOf(socket);
    if (connection) connection.handlers.asked(connection);
  }
  (Object.getPrototypeOf(this) as Client).connect?.call(this, namespace, auth);
}
