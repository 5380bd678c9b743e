import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { PacketSource } from "../delivery/debugging.js";

/** Options of Socket.IO's own client that an application may set; the others are this client's business. */
export type DialOptions = Omit<
  Partial<ManagerOptions & SocketOptions>,
  | "auth"
  | "autoConnect"
  | "reconnection"
  | "forceNew"
  | "multiplex"
  | "retries"
  | "ackTimeout"
  | "tryAllTransports"
  | "timeout"
>;

/** Transports by name, or as the classes of a test's own. */
export type Transports = NonNullable<ManagerOptions["transports"]>;

/**
 * How a connection ended: it `hung` before the handshake, `failed` otherwise, was `refused` by the server's middleware,
 * was `lost`, or `closed` by the server on purpose.
 */
export interface End {
  readonly kind: "hung" | "failed" | "refused" | "lost" | "closed";
  /** A code of ours or the server's, or Socket.IO's words for a lost connection. */
  readonly reason: string;
}

/** What one connection tells. `opened` comes before any frame, `ended` once and last. */
export interface DialEvents {
  /** The transport is open; the server has not let us in yet. */
  readonly reached?: ((engine: PacketSource) => void) | undefined;
  opened(socket: Socket): void;
  /** A name and its arguments. */
  frame(packet: readonly unknown[]): void;
  transport(name: string): void;
  ended(end: End): void;
}

/** How long a server may take to answer Socket.IO's own handshake, after Engine.IO's, ms. */
const admissionMs = 20_000;

/**
 * Opens one Socket.IO connection, with nothing left over from one before it; the function that comes back closes it,
 * without another word.
 */
export function dial(
  url: string,
  options: DialOptions,
  auth: object,
  transports: Transports,
  timeoutMs: number,
  events: DialEvents,
): () => void {
  const socket = io(url, {
    ...options,
    auth: auth as Record<string, unknown>,
    transports,
    tryAllTransports: true,
    timeout: timeoutMs,
    autoConnect: false,
    reconnection: false,
    forceNew: true,
  });
  let admission: ReturnType<typeof setTimeout> | undefined;
  let open = false;
  let over = false;

  const stop = () => {
    over = true;
    clearTimeout(admission);
    socket.disconnect();
  };
  const end = (kind: End["kind"], reason: string) => {
    if (over) return;
    stop();
    events.ended({ kind, reason });
  };
  const opened = () => {
    if (open || over) return;
    open = true;
    clearTimeout(admission);
    const { engine } = socket.io;
    engine.on("upgrade", (transport) => {
      if (!over) events.transport(transport.name);
    });
    // Before anybody is told, who may close it: `opened` is what makes it one that can be closed.
    events.opened(socket);
    events.transport(engine.transport.name);
  };

  socket.io.on("open", () => {
    events.reached?.(socket.io.engine as PacketSource);
    admission = setTimeout(() => end("failed", "timeout"), admissionMs);
  });
  socket.on("connect", opened);
  takeEvents(socket, (packet) => {
    // What a server sent before it let us in comes just before `connect`.
    opened();
    if (!over) events.frame(packet);
  });
  socket.on("connect_error", (error: Error & { data?: { code?: unknown } }) => {
    if ("data" in error) end("refused", codeOf(error.data));
    else if (error.message === "timeout") end("hung", "timeout");
    else end("failed", isUnknownSession(error) ? "sticky_session" : "connection_failed");
  });
  socket.on("disconnect", (reason, details) => {
    if (reason === "io server disconnect") end("closed", reason);
    else end("lost", isUnknownSession(details) ? "sticky_session" : reason);
  });
  socket.connect();
  return stop;
}

/**
 * One receiver for everything, and no listener by name: no name from outside is ever looked up in an object.
 *
 * It stands in for the part of a socket that would look for listeners, where that is as it was known.
 */
function takeEvents(socket: Socket, receive: (packet: readonly unknown[]) => void): void {
  const own = socket as unknown as { emitEvent?: typeof receive };
  if (own.emitEvent) own.emitEvent = receive;
  else socket.onAny((...packet) => receive(packet));
}

function codeOf(data: { code?: unknown } | null | undefined): string {
  const code = data?.code;
  return typeof code === "string" && /^[a-z][a-z0-9_]{0,63}$/.test(code) ? code : "refused";
}

/** Whether a node answered that it knows nothing of a session which another node opened. */
function isUnknownSession(error: unknown): boolean {
  const { description, context } = (error ?? {}) as { description?: unknown; context?: { responseText?: unknown } };
  return description === 400 && /"code":1\b/.test(String(context?.responseText));
}
