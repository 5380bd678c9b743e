import { isEnvelope, maxSeq, toEnvelopeText, toEventText } from "./envelope.js";
import { type ReceivedEvent, toReceived } from "./received-event.js";
import { isDroppable, type StoredEvent } from "./stored-event.js";

/** One frame for announced connections, and the events `[from, to)` of the list it was built from. */
export interface PackedFrame {
  readonly text: string;
  /** UTF-8 bytes of `text`. */
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
  /** Whether a slow connection may do without all of it; a frame never mixes those with others. */
  readonly droppable: boolean;
}

const packStart = '["$pack",';

/**
 * Builds the fewest frames that carry `events` in their order: an event alone is an ordinary one, several are a `$pack`.
 *
 * A pack ends where the epoch changes, where numbered turns unnumbered or low turns not low, where a number is not the
 * next, and before it would pass `maxBytes`; a single event larger than that still gets its frame. A pack carries the
 * `at` of its first event.
 */
export function packEvents(events: readonly StoredEvent[], maxBytes: number): PackedFrame[] {
  const frames: PackedFrame[] = [];
  const { length } = events;
  let from = 0;
  while (from < length) {
    const first = events[from] as StoredEvent;
    const envelope = toEnvelopeText(first.epoch, first.seq, first.at);
    const droppable = isDroppable(first);
    // `["$pack",` envelope `,[` … `]]`, and around each event `[` `,` `]`, and commas between them.
    let bytes = packStart.length + envelope.length + 4 + first.bytes + 3;
    let to = from + 1;
    // An event to one socket has no epoch to share, and goes alone.
    for (; to < length && first.epoch !== ""; to++) {
      const event = events[to] as StoredEvent;
      const more = event.bytes + 4;
      if (
        event.epoch !== first.epoch ||
        event.seq !== (first.seq === 0 ? 0 : first.seq + to - from) ||
        isDroppable(event) !== droppable ||
        bytes + more > maxBytes
      )
        break;
      bytes += more;
    }
    if (to === from + 1) {
      const text = toEventText(first.name, first.payload, envelope);
      frames.push({ text, bytes: first.bytes + envelope.length + 4, from, to, droppable });
    } else {
      let text = `${packStart + envelope},[[${first.name},${first.payload}]`;
      for (let index = from + 1; index < to; index++) {
        const event = events[index] as StoredEvent;
        text += `,[${event.name},${event.payload}]`;
      }
      frames.push({ text: `${text}]]`, bytes, from, to, droppable });
    }
    from = to;
  }
  return frames;
}

/**
 * Takes a `$pack`'s two arguments apart into its events in order, each with its own number.
 *
 * `undefined` when anything in it is malformed: a pack is taken whole or not at all. Library frames do not travel in packs.
 */
export function unpackEvents(envelope: unknown, items: unknown): ReceivedEvent[] | undefined {
  if (!isEnvelope(envelope) || !envelope.epoch || !Array.isArray(items) || !items.length) return undefined;
  if (envelope.seq && envelope.seq + items.length - 1 > maxSeq) return undefined;
  const events: ReceivedEvent[] = [];
  for (const item of items as unknown[]) {
    if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== "string" || item[0][0] === "$")
      return undefined;
    events.push(toReceived(item[0], item[1], envelope, events.length));
  }
  return events;
}
