import { isCommandId } from "../delivery/command-id.js";
import { wireVersion } from "../delivery/hello.js";

/** Where a client says it stands in a room; the cursor is a stranger's and is judged by the log. */
export interface RoomCursorClaim {
  readonly room: string;
  readonly cursor: unknown;
}

/** What a client of this library says of itself beside the application's keys: `auth.$events`. */
export interface Announcement {
  /** `name@version` of its contract. */
  readonly contract: string;
  /** An id drawn in memory per client. */
  readonly client: string;
  readonly cursors: readonly RoomCursorClaim[];
}

// Only the rooms entered on authentication are asked for here, and there is one kind of those.
const maxCursors = 8;

/** Reads a stranger's announcement; one that is malformed, or of another wire version, is a plain peer's. */
export function readAnnouncement(value: unknown): Announcement | undefined {
  const { v, contract, client, cursors } = (value ?? {}) as { [key: string]: unknown };
  if (v !== wireVersion || typeof contract !== "string" || contract.length > 128 || !isCommandId(client))
    return undefined;
  return { contract, client, cursors: readCursors(cursors) };
}

function readCursors(value: unknown): RoomCursorClaim[] {
  if (!Array.isArray(value)) return [];
  const claims: RoomCursorClaim[] = [];
  for (const item of value.slice(0, maxCursors) as unknown[]) {
    const { room, epoch, seq } = (item ?? {}) as { [key: string]: unknown };
    if (typeof room === "string") claims.push({ room, cursor: { epoch, seq } });
  }
  return claims;
}
