import { performance } from "node:perf_hooks";
import type { Server } from "socket.io";
import { connectionOf } from "./connection-of.js";
import type { Socket } from "./socket-io.js";
import { TokenBuckets } from "./token-buckets.js";

interface Asking {
  readonly id: string;
  on(name: "packet", listener: (packet: { readonly data?: unknown }) => void): unknown;
  close(discard: boolean): void;
}

/** The part of a line, which Socket.IO's sockets of all namespaces share, that lets it into one, or ends it where it enters none. */
interface Line {
  readonly sockets?: ReadonlyMap<string, Socket>;
  /** Cleared by Socket.IO at an entry, and at the line's end. */
  connectTimeout?: NodeJS.Timeout | undefined;
  connect?(namespace: string, auth?: object): void;
}

// More than any application has namespaces.
const mostEntries = 100;
const entriesPerSecond = 1;
// Each of a server's namespaces may be served, and all of them have the same lines.
const bounded = new WeakSet<object>();

/**
 * Ends lines that ask for one namespace after the other: Socket.IO answers also a stranger each that there is not, and never
 * looks whether that is taken.
 */
export function boundEntries({ engine }: Server): void {
  if (bounded.has(engine)) return;
  bounded.add(engine);
  const entries = new TokenBuckets(entriesPerSecond, mostEntries);
  function onPacket(this: Asking, { data }: { readonly data?: unknown }): void {
    if (typeof data === "string" && data.startsWith("0") && entries.take(this.id, performance.now()) > 0)
      this.close(true);
  }
  engine.on("connection", (line: Asking) => line.on("packet", onPacket));
}

/** Tells a socket's connection whenever its client asks for another namespace; lines share one function, as sockets do. */
export function watchEntries(socket: Socket): void {
  const line = socket.client as unknown as Line;
  if (line.sockets && line.connect) line.connect = connect;
}

/** Whether the line of a socket that is in its namespace not yet is in another one. */
export function isShared({ client }: Socket): boolean {
  return ((client as unknown as Line).sockets?.size ?? 0) > 0;
}

/**
 * Gives a line that is in no namespace any more as long as a new one to enter one: its client may be on its way into another,
 * and otherwise it would stand there uncounted for as long as it likes.
 */
export function awaitEntry({ client, conn, nsp }: Socket): void {
  const line = client as unknown as Line;
  if (line.sockets?.size !== 0 || conn.readyState !== "open") return;
  clearTimeout(line.connectTimeout);
  line.connectTimeout = setTimeout(() => conn.close(), nsp.server.connectTimeout());
}

/** Socket.IO answers by itself whoever asks for a namespace that there is not, and never looks whether that is taken. */
function connect(this: Line, namespace: string, auth?: object): void {
  for (const socket of this.sockets?.values() ?? []) {
    const connection = connectionOf(socket);
    if (connection) connection.ends.asked(connection);
  }
  (Object.getPrototypeOf(this) as Line).connect?.call(this, namespace, auth);
}
