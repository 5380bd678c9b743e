import { isCursor } from "../delivery/recovery.js";
import type { EntryAnswer } from "../delivery/room-cursor.js";

/** Judges what a server says of a room that was entered. */
export function isEntryAnswer(value: unknown): value is EntryAnswer & { readonly data?: unknown } {
  if (!isCursor(value)) return false;
  const { recovered, reason, after } = value as { recovered?: unknown; reason?: unknown; after?: unknown };
  return (
    typeof recovered === "boolean" &&
    (reason === undefined || typeof reason === "string") &&
    (after === undefined || Number.isSafeInteger(after))
  );
}
