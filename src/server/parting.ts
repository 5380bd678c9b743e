import type { ErrorCode } from "../contract/error-codes.js";
import type { Connection } from "./connection.js";
import type { ErrorContext, Reports } from "./reports.js";

// Who is put out gets what was written before, if it leaves within so many ms.
const partingMs = 1_000;

/**
 * Says whether what ends a connection passes: a client of Socket.IO alone comes back by itself where its link ended, and never
 * where it was told to go. For what passes the link is closed first, and takes no such word any more.
 */
export function passes(code: string): boolean {
  return transientCodes.has(code);
}

const transientCodes: ReadonlySet<string> = new Set<ErrorCode>(["server_closing", "backend_unavailable"]);

/** Ends connections, with a word where one can be said: in their time, soon, or at once. */
export class Parting {
  constructor(private readonly reports: Reports) {}

  /**
   * Closes a connection, and says why where it can be said; what waits for it is still written.
   *
   * Resolves once all of it was handed over, which a link that takes nothing does not do soon.
   */
  end(connection: Connection, code: string, spreadMs = 0, retryAfterMs = 0): Promise<void> {
    if (connection.closed) return Promise.resolve();
    if (connection.announced) connection.send("$bye", { code, retry_after_ms: retryAfterMs, spread_ms: spreadMs });
    // After that, where there was no `$hello`: a client that sees an event before either takes the server for a plain one.
    connection.greeted();
    const { socket, userId } = connection;
    const { conn } = socket;
    // Before the application's, which may throw.
    const gone = new Promise<void>((resolve) => conn.prependOnceListener("close", () => resolve()));
    if (!connection.announced && passes(code)) this.step(() => conn.close(), { userId });
    this.step(() => socket.disconnect(true), { userId });
    // Where that was broken off.
    this.step(() => conn.close(), { userId });
    return gone.then(() => connection.taken());
  }

  /** Closes a connection that may not stay: what it has not taken soon it does not get. */
  expel(connection: Connection, code: string, retryAfterMs = 0): void {
    const timer = setTimeout(() => connection.terminate(), partingMs).unref();
    void this.end(connection, code, 0, retryAfterMs).then(() => clearTimeout(timer));
  }

  /** Ends a connection at once, with all that waits for it: it takes nothing any more, or too little. */
  cut(connection: Connection, code: string | undefined): void {
    if (connection.closed) return;
    if (code !== undefined) connection.send("$bye", { code, retry_after_ms: 0, spread_ms: 0 });
    this.step(() => connection.socket.disconnect(), { userId: connection.userId });
    connection.terminate();
  }

  /** Listeners of the application are told of it, and what fails in them keeps no other connection open. */
  step(end: () => unknown, of: Pick<ErrorContext, "userId"> = {}): void {
    this.reports.guard({ during: "close", ...of }, end);
  }
}
