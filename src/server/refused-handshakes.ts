import type { IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import type { ErrorCode } from "../contract/error-codes.js";
import type { Reports } from "./reports.js";
import type { Server } from "./socket-io.js";

/** What Engine.IO tells of a request that it refused; `context.message` is the handshake judge's word. */
interface RefusedRequest {
  readonly req: IncomingMessage;
  readonly code: number;
  readonly message: string;
  readonly context?: { readonly message?: unknown };
}

// Engine.IO's number for a session that this server did not open.
const unknownSession = 1;
// One page whose origin is not listed asks every few seconds, a stranger as often as they like.
const quietMs = 1_000;

/** Logs handshakes that were refused before there was a connection: nobody else is told why. */
export class RefusedHandshakes {
  private engine: Server["engine"] | undefined;
  private toldAt = -Infinity;
  private untold = 0;

  constructor(private readonly reports: Reports) {}

  watch({ engine }: Server): void {
    this.engine = engine;
    engine.on("connection_error", this.tell);
  }

  close(): void {
    this.engine?.off("connection_error", this.tell);
  }

  private readonly tell = ({ req, code, message, context }: RefusedRequest): void => {
    const now = performance.now();
    if (now - this.toldAt < quietMs) {
      this.untold++;
      return;
    }
    const reason = typeof context?.message === "string" ? context.message : message;
    const coded: ErrorCode = code === unknownSession ? "sticky_session" : "connection_failed";
    const fields = { code: coded, reason, origin: req.headers.origin, address: req.socket.remoteAddress };
    this.reports.log("warn", { ...fields, ...(this.untold > 0 && { others: this.untold }) }, "handshake refused");
    this.toldAt = now;
    this.untold = 0;
  };
}
