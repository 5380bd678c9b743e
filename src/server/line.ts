import { connectionOf } from "./connection-of.js";
import type { Socket } from "./socket-io.js";

/** The part of a line, which Socket.IO's sockets of all namespaces share, that lets it into one, or ends it where it enters none. */
interface Line {
  readonly sockets?: ReadonlyMap<string, Socket>;
  /** Cleared by Socket.IO at an entry, and at the line's end. */
  connectTimeout?: NodeJS.Timeout | undefined;
  connect?(namespace: string, auth?: object): void;
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
