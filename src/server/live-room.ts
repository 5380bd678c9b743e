import type { StoredEvent } from "../delivery/stored-event.js";
import type { Connection } from "./connection.js";
import { MemberMap } from "./member-map.js";
import { RecentEvents } from "./recent-events.js";

/** Live events wait for all rooms that a connection is entering within so many bytes. */
export const heldBytes = 1024 * 1024;

/** What a connection is kept from until it has entered a room and was given what it missed. */
export class Holding {
  /** Live events, in order; none once there were too many. */
  events: StoredEvent[] = [];
  overflown = false;
  /** The replay's epoch and last number, and the number it starts after, once the log was read. */
  epoch = "";
  until = 0;
  from = 0;
  /** When it is given up unless the client asks for the next page, monotonic ms. */
  deadline = Number.POSITIVE_INFINITY;

  constructor(
    readonly room: string,
    readonly connection: Connection,
  ) {}

  hold(events: readonly StoredEvent[]): void {
    if (this.overflown) return;
    for (const event of events) {
      this.events.push(event);
      this.connection.held += event.bytes;
    }
    if (this.connection.held <= heldBytes) return;
    this.overflown = true;
    this.clear();
  }

  /** Gives what was held and is not part of the replay. */
  take(): StoredEvent[] {
    const { events, epoch, until } = this;
    this.clear();
    return events.filter((event) => event.seq === 0 || event.epoch !== epoch || event.seq > until);
  }

  clear(): void {
    for (const event of this.events) this.connection.held -= event.bytes;
    this.events = [];
  }
}

/**
 * The members of one room on this server, and its events of the tick.
 *
 * A member is a number once it is served: it may be given numbers above that one again.
 */
export class LiveRoom extends MemberMap<Connection, Holding | number> {
  /** The events of this tick, which leave as one pack. */
  tick: StoredEvent[] | undefined = undefined;
  /** Where the room stands, as far as this server was told. */
  epoch = "";
  seq = 0;
  /** What its last numbers were; only where metrics are kept. */
  recent: RecentEvents | undefined = undefined;
  /** Pending while the backend is asked to tell of this room. */
  watched: Promise<void> | undefined = undefined;

  constructor(readonly name: string) {
    super();
  }

  /** Takes note of what an event of the room's log is. */
  note({ epoch, seq, name }: StoredEvent): void {
    this.recent ??= new RecentEvents();
    this.recent.note(epoch, seq, name);
  }

  /** Takes note of a number of the room's log. */
  stands(epoch: string, seq: number): void {
    if (epoch !== this.epoch) {
      this.epoch = epoch;
      this.seq = seq;
    } else if (seq > this.seq) this.seq = seq;
  }
}
