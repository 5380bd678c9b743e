import { type ReceivedEvent, toReceived } from "./received-event.js";
import type { StoredEvent } from "./stored-event.js";

/** So many events are in a page at most. */
export const pageEvents = 1_000;

/**
 * Writes the JSON of a page of a room's log: `{ "events": [[name, payload, at], …], "next"? }`.
 *
 * `events` are consecutive; the first one's number is one above the `after` that was asked for, so none is written.
 * `next`, the `after` of the following page, is there while `until` is not reached.
 */
export function toPageText(events: readonly StoredEvent[], until: number): string {
  let text = '{"events":[';
  let last = until;
  for (let index = 0; index < events.length; index++) {
    const event = events[index] as StoredEvent;
    text += `${index === 0 ? "[" : ",["}${event.name},${event.payload},${event.at}]`;
    last = event.seq;
  }
  return last < until ? `${text}],"next":${last}}` : `${text}]}`;
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
