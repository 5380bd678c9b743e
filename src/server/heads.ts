import { performance } from "node:perf_hooks";
import type { Contract } from "../contract/contract.js";
import { isCursor } from "../delivery/recovery.js";
import { Arrivals } from "./arrivals.js";
import { readReport } from "./client-report.js";
import type { Connection } from "./connection.js";
import type { Reports } from "./reports.js";
import type { Stage } from "./stage.js";

/** Where a room stands. */
export interface Head {
  readonly room: string;
  readonly epoch: string;
  readonly seq: number;
}

// A connection is in a handful of rooms; a stranger may claim thousands.
const maxCursors = 100;
// A client of this library reports every 15 s at most; more of it is not looked at.
const reportMs = 250;

/** Reads the cursors of a stranger's `$heads { cursors, stats }`; what is malformed in it is left out. */
export function readCursors(body: unknown): readonly Head[] {
  const { cursors } = (body ?? {}) as { [key: string]: unknown };
  const claimed = (Array.isArray(cursors) ? cursors.slice(0, maxCursors) : []) as unknown[];
  return claimed.filter(isHead);
}

function isHead(value: unknown): value is Head {
  return isCursor(value) && typeof (value as { room?: unknown }).room === "string";
}

/** Answers where the rooms stand that a connection is in, and counts what its client reports with the question. */
export class Heads {
  private readonly arrivals: Arrivals;
  private readonly reportedAt = new WeakMap<Connection, number>();

  constructor(
    private readonly contract: Contract,
    private readonly stage: Stage,
    private readonly reports: Reports,
  ) {
    this.arrivals = new Arrivals(contract, reports);
  }

  /** `$heads { cursors, stats }` → `{ heads, at }`, from this server's memory; `at` is its clock, Unix ms. */
  answer(connection: Connection, body: unknown): { readonly heads: readonly Head[]; readonly at: number } {
    if (this.reports.counting) this.take(connection, body);
    const heads: Head[] = [];
    for (const name of connection.socket.rooms) {
      const room = this.stage.find(name);
      // While it is entered, its answer says where it stands.
      if (room && typeof room.get(connection) === "number")
        heads.push({ room: name, epoch: room.epoch, seq: room.seq });
    }
    return { heads, at: Date.now() };
  }

  private take(connection: Connection, body: unknown): void {
    const now = performance.now();
    const before = this.reportedAt.get(connection);
    const elapsed = before === undefined ? Date.now() - connection.socket.handshake.issued : now - before;
    if (before !== undefined && elapsed < reportMs) return;
    this.reportedAt.set(connection, now);
    for (const { room: name, epoch, seq } of readCursors(body)) {
      const room = this.stage.find(name);
      if (room) this.arrivals.reported(connection, room, epoch, seq);
    }
    const { measurements, resyncs } = readReport(this.contract, (body as { stats?: unknown } | null)?.stats, elapsed);
    for (const { histogram, ms, times, event, lane } of measurements)
      this.reports.observe(histogram, ms, times, event, lane);
    for (const [reason, times] of resyncs) this.reports.count("resync", times, "", reason);
  }
}
