import { type ReceivedEvent, toReceived } from "./received-event.js";
import type { StoredEvent } from "./stored-event.js";

/** So many events are in a page at most. */
export const pageEvents = 1_000;

/**
 * Makes a page of a room's log: `{ events: [[name, payload, at], …], next? }`.
 *
 * `events` are consecutive from one above `after`, which was asked for, so no number is written. `next`, the `after` of the
 * following page, is there while `until` is not reached.
 */
export function toPage(events: readonly StoredEvent[], after: number, until: number): object {
  // The acknowledgement is encoded by Socket.IO, so texts are read back here; pages are rare and small.
  const items = events.map(({ name, payload, at }) => [JSON.parse(name), JSON.parse(payload), at]);
  const last = after + events.length;
  return last < until ? { events: items, next: last } : { events: items };
}

/** Reads a page's events, numbered from `after + 1`; `undefined` when anything in it is malformed. */
export function readPage(page: unknown, epoch: string, after: number): ReceivedEvent[] | undefined {
  const items = (page as { events?: unknown } | null | undefined)?.events;
  if (!Array.isArray(items)) return undefined;
  const events: ReceivedEvent[] = [];
  for (const item of items as unknown[]) {
    if (!Array.isArray(item) || typeof item[0] !== "string" || item[0][0] === "$" || !Number.isSafeInteger(item[2]))
      return undefined;
    events.push(toReceived(item[0], item[1], { epoch, seq: after + 1, at: item[2] as number }, events.length));
  }
  return events;
}
