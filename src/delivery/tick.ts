import type { StoredEvent } from "./stored-event.js";

/**
 * A room's events of one tick, in the order in which they were appended, until they leave as one pack.
 *
 * They leave at `setImmediate`, before any ack, event to one socket, disconnect or close, and when `add` says so.
 */
export class RoomTick {
  private events: StoredEvent[] = [];

  /** Adds an event; true when the tick is to leave at once: with a critical event, and all that came before it. */
  add(event: StoredEvent): boolean {
    this.events.push(event);
    return event.lane === "critical";
  }

  /** Takes out what is to leave now. */
  take(): StoredEvent[] {
    const taken = this.events;
    if (taken.length > 0) this.events = [];
    return taken;
  }
}
