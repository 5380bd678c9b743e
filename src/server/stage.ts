import { toEnvelopeText, toEventText, toPlainEventText } from "../delivery/envelope.js";
import { packEvents } from "../delivery/pack.js";
import type { StoredEvent } from "../delivery/stored-event.js";
import type { Connection } from "./connection.js";
import type { Frame } from "./frame.js";
import { type Holding, LiveRoom } from "./live-room.js";
import type { Reports } from "./reports.js";
import type { Wire } from "./wire.js";

/** Packs stay below the frame size that Engine.IO's clients and proxies are asked to take. */
const packBytes = 64 * 1024;

/**
 * Brings a room's events to its members on this server: one frame for all, one decision a connection.
 *
 * Events of a tick leave together, critical ones at once, and everything before an acknowledgement or an event to one
 * socket, so that what a handler emitted is there before its answer.
 */
export class Stage {
  private readonly rooms = new Map<string, LiveRoom>();
  private dirty: LiveRoom[] = [];
  private scheduled = false;

  constructor(
    private readonly wire: Wire,
    private readonly reports: Reports,
  ) {}

  get roomCount(): number {
    return this.rooms.size;
  }

  /** The room with its members here; `undefined` when it has none. */
  find(name: string): LiveRoom | undefined {
    return this.rooms.get(name);
  }

  /** Makes a connection a member that holds what comes. */
  add(name: string, connection: Connection, holding: Holding): LiveRoom {
    let room = this.rooms.get(name);
    if (!room) {
      room = new LiveRoom(name);
      this.rooms.set(name, room);
    }
    room.members.set(connection, holding);
    return room;
  }

  /** Takes a connection out; true when it was a member. What the tick still holds of before is written first. */
  remove(name: string, connection: Connection): boolean {
    const room = this.rooms.get(name);
    if (!room?.members.has(connection)) return false;
    if (room.dirty) this.flushRoom(room);
    room.members.delete(connection);
    if (room.members.size === 0) this.rooms.delete(name);
    return true;
  }

  /** Takes the next event of a room. */
  deliver(name: string, event: StoredEvent, except: string | undefined): void {
    const room = this.rooms.get(name);
    if (!room) return;
    if (except !== undefined) {
      if (room.dirty) this.flushRoom(room);
      this.send(room, [event], except);
      return;
    }
    if (room.tick.add(event)) {
      this.flushRoom(room);
      return;
    }
    if (room.dirty) return;
    room.dirty = true;
    this.dirty.push(room);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(this.onImmediate);
  }

  /** Writes what the rooms have of this tick. */
  flush(): void {
    const { dirty } = this;
    if (dirty.length === 0) return;
    this.dirty = [];
    for (const room of dirty) if (room.dirty) this.flushRoom(room);
  }

  /** Writes events to one connection, as it is spoken to. */
  write(connection: Connection, events: readonly StoredEvent[]): void {
    connection.notify(events);
    const frames = connection.announced ? this.packed(events) : this.plain(events);
    for (const frame of frames) connection.write(frame);
  }

  private readonly onImmediate = (): void => {
    this.scheduled = false;
    this.flush();
  };

  private flushRoom(room: LiveRoom): void {
    room.dirty = false;
    const events = room.tick.take();
    if (events.length > 0) this.send(room, events, undefined);
  }

  private send(room: LiveRoom, events: readonly StoredEvent[], except: string | undefined): void {
    let packed: readonly Frame[] | undefined;
    let plain: readonly Frame[] | undefined;
    for (const [connection, holding] of room.members) {
      if (except !== undefined && connection.userId === except) continue;
      if (holding) {
        holding.hold(events);
        continue;
      }
      connection.notify(events);
      let frames: readonly Frame[];
      if (connection.announced) {
        packed ??= this.packed(events);
        frames = packed;
      } else {
        plain ??= this.plain(events);
        frames = plain;
      }
      for (let index = 0; index < frames.length; index++) connection.write(frames[index] as Frame);
    }
    for (const event of events) this.reports.count("delivered", room.members.size, event.name, event.lane);
  }

  private packed(events: readonly StoredEvent[]): Frame[] {
    if (events.length === 1) {
      const event = events[0] as StoredEvent;
      const envelope = toEnvelopeText(event.epoch, event.seq, event.at);
      return [this.wire.frame(toEventText(event.name, event.payload, envelope))];
    }
    return packEvents(events, packBytes).map(({ text }) => this.wire.frame(text));
  }

  private plain(events: readonly StoredEvent[]): Frame[] {
    return events.map(({ name, payload }) => this.wire.frame(toPlainEventText(name, payload)));
  }
}
