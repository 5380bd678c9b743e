import { isCursor } from "../delivery/recovery.js";
import type { Connection } from "./connection.js";
import type { Stage } from "./stage.js";

/** Where a room stands. */
export interface Head {
  readonly room: string;
  readonly epoch: string;
  readonly seq: number;
}

/** What a client reports with its cursors: counts and latencies, as plain numbers; anything else is passed over. */
export type ClientStats = Readonly<Record<string, number>>;

// A connection is in a handful of rooms; a stranger may claim thousands.
const maxCursors = 100;
const maxStats = 64;
const statName = /^[a-z][a-z0-9_.:]{0,63}$/;

/** Reads a stranger's `$heads { cursors, stats }`; what is malformed in it is left out. */
export function readHeads(body: unknown): { readonly cursors: readonly Head[]; readonly stats: ClientStats } {
  const { cursors, stats } = (typeof body === "object" && body !== null ? body : {}) as { [key: string]: unknown };
  const claimed = (Array.isArray(cursors) ? cursors.slice(0, maxCursors) : []) as unknown[];
  return { cursors: claimed.filter(isHead), stats: readStats(stats) };
}

function isHead(value: unknown): value is Head {
  return isCursor(value) && typeof (value as { room?: unknown }).room === "string";
}

function readStats(value: unknown): ClientStats {
  if (typeof value !== "object" || value === null) return {};
  const numbers = Object.entries(value).filter(([name, number]) => statName.test(name) && Number.isFinite(number));
  return Object.fromEntries(numbers.slice(0, maxStats)) as ClientStats;
}

/** `$heads { cursors, stats }` → `{ heads }`: where the rooms stand that the connection is in, from this server's memory. */
export function answerHeads(stage: Stage, connection: Connection): { readonly heads: readonly Head[] } {
  const heads: Head[] = [];
  for (const name of connection.socket.rooms) {
    const room = stage.find(name);
    // While it is entered, its answer says where it stands.
    if (room && typeof room.get(connection) === "number") heads.push({ room: name, epoch: room.epoch, seq: room.seq });
  }
  return { heads };
}
