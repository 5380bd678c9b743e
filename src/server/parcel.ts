import { toEnvelopeText } from "../delivery/envelope.js";
import { packEvents } from "../delivery/pack.js";
import { isDroppable, type StoredEvent } from "../delivery/stored-event.js";
import type { Frame } from "./frame.js";
import type { Wire } from "./wire.js";

/** Packs stay below what clients and proxies are asked to take in one frame. */
const packBytes = 64 * 1024;

/** One frame, with the events in it. */
export interface Parcel {
  readonly frame: Frame;
  readonly events: readonly StoredEvent[];
  /** Whether a slow connection may do without it. */
  readonly droppable: boolean;
}

/** Makes the frames for announced connections: an envelope each, several events in one. */
export function toParcels(events: readonly StoredEvent[], wire: Wire): Parcel[] {
  if (events.length === 1) {
    const event = events[0] as StoredEvent;
    const envelope = toEnvelopeText(event.epoch, event.seq, event.at);
    return [{ frame: wire.eventFrame(event, `,${envelope}]`), events, droppable: isDroppable(event) }];
  }
  return packEvents(events, packBytes).map(({ text, bytes, from, to, droppable }) => ({
    frame: wire.frame(text, bytes),
    events: events.slice(from, to),
    droppable,
  }));
}

/** Makes the frames for plain connections: name and payload, one event a frame. */
export function toPlainParcels(events: readonly StoredEvent[], wire: Wire): Parcel[] {
  return events.map((event) => ({
    frame: wire.eventFrame(event, "]"),
    events: [event],
    droppable: isDroppable(event),
  }));
}
