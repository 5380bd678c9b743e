import type { ErrorCode } from "../contract/error-codes.js";
import type { Connection } from "./connection.js";
import type { Parting } from "./parting.js";
import type { Reports } from "./reports.js";
import type { RoleEvents } from "./role-events.js";

/** Closes the connections of those who may not stay, and says so: to them, and to whoever runs the server. */
export class Expulsion {
  constructor(
    private readonly parting: Parting,
    private readonly roles: RoleEvents,
    private readonly reports: Reports,
  ) {}

  /** Closes a connection with a code; it is to stay away for `retryAfterMs`. */
  expel(connection: Connection, code: ErrorCode, retryAfterMs = 0): void {
    if (connection.closed) return;
    this.report(connection, code);
    if (!connection.announced) this.roles.refuse(connection, code);
    this.parting.expel(connection, code, retryAfterMs);
  }

  /** Counts and logs that a connection is closed for what it did. */
  report({ userId, socket }: Connection, code: ErrorCode): void {
    this.reports.count("rejected", 1, "", code);
    this.reports.log("warn", { userId, code, address: socket.handshake.address }, "connection closed");
  }
}
