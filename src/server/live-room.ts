import type { StoredEvent } from "../delivery/stored-event.js";
import { RoomTick } from "../delivery/tick.js";
import type { Connection } from "./connection.js";

/** Live events that wait until a connection has entered a room and has what it missed. */
export class Holding {
  readonly events: StoredEvent[] = [];
  bytes = 0;

  hold(events: readonly StoredEvent[]): void {
    for (const event of events) {
      this.events.push(event);
      this.bytes += event.bytes;
    }
  }
}

/** The members of one room on this server, and its events of the tick. */
export class LiveRoom {
  /** The connections in the room; those that are still entering hold what comes. */
  readonly members = new Map<Connection, Holding | undefined>();
  readonly tick = new RoomTick();
  /** Whether its tick waits to be flushed. */
  dirty = false;

  constructor(readonly name: string) {}
}
