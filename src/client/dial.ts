import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { PacketSource } from "../delivery/debugging.js";
import { unknownSid } from "../delivery/unknown-session.js";

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
 * How a connection ended: its handshake `hung`, or was `swallowed` on the way to a server that answers by polling; it `failed`
 * otherwise, was `refused` by the server's middleware, was `lost`, or `closed` by the server on purpose.
 */
export interface End {
  readonly kind: "hung" | "swallowed" | "failed" | "refused" | "lost" | "closed";
  /** A code of ours or the server's, or Socket.IO's words for a lost connection. */
  readonly reason: string;
  /** What the application threw when it was asked for its credential. */
  readonly error?: unknown;
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

/** What is known of an answer that was an error: its status, and the request. */
interface Answered {
  readonly description?: unknown;
  readonly context?: { readonly responseText?: string };
}

/** What polling has asked: its own `abort` aborts nothing. */
interface Asking {
  readonly id?: string | null;
  readonly transport?: { readonly pollXhr?: { readonly _xhr?: Pick<XMLHttpRequest, "upload" | "abort"> | null } };
}

/** How long an attempt may take, ms: neither what the application asks for its credential may hang for ever, nor a server. */
const attemptMs = 60_000;

/** A session that one node served for so long, ms, and then does not know has ended: browsers ask again where a request was cut. */
const steadyMs = 3_000;

/** Ends a connection: with these words, or without another one. */
export type HangUp = (end?: End) => void;

/**
 * Opens one Socket.IO connection, with nothing left over from one before it, once the credential is there.
 *
 * A handshake may take `timeoutMs`. Where polling may follow the first transport, which has no answer after a quarter of it, the
 * server is asked by polling for a session that nobody has: if it answers that, the handshake was swallowed. A proxy that
 * swallows upgrades answers nothing, so that no error makes Socket.IO go on to the next transport.
 */
export function dial(
  url: string,
  options: DialOptions,
  auth: Promise<object>,
  transports: Transports,
  timeoutMs: number,
  events: DialEvents,
): HangUp {
  let socket: Socket | undefined;
  let over = false;
  /** From then on a session that is not known has ended; 0 before it is open. */
  let steadyAt = 0;
  /** The wait for a handshake's answer, and the question that is asked after it. */
  let doubt: ReturnType<typeof setTimeout> | undefined;
  let unask: HangUp | undefined;
  const sure = () => {
    clearTimeout(doubt);
    unask?.();
  };

  const hangUp: HangUp = (end) => {
    if (over) return;
    over = true;
    clearTimeout(limit);
    sure();
    if (end) events.ended(end);
    // Socket.IO would keep what was emitted while not connected for its next connection, and this socket never has one.
    socket?.sendBuffer.splice(0);
    // Last, since with it what is under way comes to nothing, and that would let commands go out.
    const engine = socket?.disconnect().io.engine as Asking | undefined;
    // Engine.IO lets a question without an answer hang, and with it one of a page's few connections. What stands in for a
    // browser's in Node, and has no `upload`, throws where nobody can catch it after it was aborted.
    const asked = engine?.transport?.pollXhr?._xhr;
    if (asked?.upload && !engine?.id) asked.abort();
  };
  const lost = (kind: End["kind"], error?: Answered, reason?: string) => {
    // A node knows nothing of a session which another node opened.
    const isUnknown = error?.description === 400 && /"code":1\b/.test(error.context?.responseText as string);
    const astray = isUnknown && (!steadyAt || performance.now() < steadyAt);
    hangUp({ kind, reason: astray ? "sticky_session" : (steadyAt && reason) || "connection_failed" });
  };
  const limit = setTimeout(lost, attemptMs, "failed");
  const transport = ({ name }: { readonly name: string }) => {
    if (!over) events.transport(name);
  };

  // Only now are the options read: whoever is asked for the credential may put it into a header as well.
  function begin(credential: object): void {
    if (over) return;
    const on = io(url, {
      ...options,
      auth: credential as Record<string, unknown>,
      transports,
      tryAllTransports: true,
      timeout: timeoutMs,
      autoConnect: false,
      reconnection: false,
      forceNew: true,
    });
    socket = on;
    const opened = () => {
      if (steadyAt) return;
      steadyAt = performance.now() + steadyMs;
      clearTimeout(limit);
      const { engine } = on.io;
      engine.on("upgrade", transport);
      // Before anybody is told, who may close it: `opened` is what makes it one that can be closed.
      events.opened(on);
      transport(engine.transport);
    };
    on.io.on("open", () => {
      sure();
      events.reached?.(on.io.engine as PacketSource);
    });
    on.on("connect", opened);
    takeEvents(on, (packet) => {
      // What a server sent before it let us in comes just before `connect`.
      opened();
      if (!over) events.frame(packet);
    });
    on.on("connect_error", (error: Error & Answered & { data?: { code?: unknown } }) => {
      if ("data" in error) hangUp({ kind: "refused", reason: codeOf(error.data) });
      else lost(error.message === "timeout" ? "hung" : "failed", error);
    });
    on.on("disconnect", (reason, details) => {
      lost(reason === "io server disconnect" ? "closed" : "lost", details as Answered | undefined, reason);
    });
    on.connect();
    // A server that is only slow has the handshake before the question, and answers neither: the handshake goes on waiting.
    if ((transports as string[]).indexOf("polling") > 0)
      doubt = setTimeout(() => {
        const query = { ...options.query, sid: unknownSid };
        // What a URL asks for stands in for the option.
        const to = url.replace("?", `?sid=${unknownSid}&`);
        unask = dial(to, { ...options, query }, auth, ["polling"], timeoutMs, {
          ...events,
          ended: () => lost("swallowed"),
        });
      }, timeoutMs / 4);
  }

  auth.then(begin, (error) => hangUp({ kind: "failed", reason: "unauthenticated", error }));
  return hangUp;
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
