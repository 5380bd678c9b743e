import type { IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import type { ErrorCode } from "../contract/error-codes.js";
import { unknownSid } from "../delivery/unknown-session.js";
import type { Reports } from "./reports.js";
import type { Server } from "./socket-io.js";

/** What Engine.IO tells of a request that it refused; `context.message` is the handshake judge's word. */
interface RefusedRequest {
  readonly req: IncomingMessage;
  readonly code: number;
  readonly message: string;
  readonly context?: { readonly message?: unknown; readonly sid?: unknown };
}

// Engine.IO's number for a session that this server did not open.
const unknownSession = 1;
// One page whose origin is not listed asks every few seconds, a stranger as often as they like.
const quietMs = 1_000;

/** Logs what an engine refuses. It is of no namespace: where several of a server's are served, the first of them logs it. */
class RefusedHandshakes {
  readonly told = new Set<Reports>();
  private toldAt = -Infinity;
  private untold = 0;

  readonly tell = ({ req, code, message, context }: RefusedRequest): void => {
    // No handshake: a client whose WebSocket waits asks whether it is this server that is slow.
    if (context?.sid === unknownSid) return;
    const now = performance.now();
    if (now - this.toldAt < quietMs) {
      this.untold++;
      return;
    }
    const reason = typeof context?.message === "string" ? context.message : message;
    const coded: ErrorCode = code === unknownSession ? "sticky_session" : "connection_failed";
    const fields = { code: coded, reason, origin: req.headers.origin, address: req.socket.remoteAddress };
    const [first] = this.told;
    first?.log("warn", { ...fields, ...(this.untold > 0 && { others: this.untold }) }, "handshake refused");
    this.toldAt = now;
    this.untold = 0;
  };
}

const watched = new WeakMap<object, RefusedHandshakes>();

/** Logs handshakes that are refused before there is a connection, until `closing`: whoever runs the server hears of them nowhere else. */
export function watchHandshakes({ engine }: Server, reports: Reports, closing: AbortSignal): void {
  if (!reports.logger || closing.aborted) return;
  const handshakes = watched.get(engine) ?? new RefusedHandshakes();
  const { told, tell } = handshakes;
  if (told.size === 0) engine.on("connection_error", tell);
  watched.set(engine, handshakes);
  told.add(reports);
  closing.addEventListener("abort", () => {
    if (told.delete(reports) && told.size === 0) engine.off("connection_error", tell);
  });
}
