import type { StoredEvent } from "../delivery/stored-event.js";
import type { Backend } from "./backend.js";
import type { Connection } from "./connection.js";
import { Holding, LiveRoom } from "./live-room.js";
import type { Network } from "./network.js";
import { type Parcel, toParcels, toPlainParcels } from "./parcel.js";
import type { Reports } from "./reports.js";
import { isThenable } from "./thenable.js";
import type { Wire } from "./wire.js";

/**
 * Brings a room's events to its members on this server: one frame for all, one decision a connection.
 *
 * Events of a tick leave together, critical ones at once, and everything before an acknowledgement or an event to one
 * socket, so that what a handler emitted, and the backend has delivered, is there before its answer.
 */
export class Stage {
  private readonly rooms = new Map<string, LiveRoom>();
  private dirty: LiveRoom[] = [];
  private scheduled = false;

  constructor(
    private readonly backend: Backend,
    private readonly wire: Wire,
    private readonly network: Network,
    private readonly reports: Reports,
  ) {}

  get roomCount(): number {
    return this.rooms.size;
  }

  /** The room with its members here; `undefined` when it has none. */
  find(name: string): LiveRoom | undefined {
    return this.rooms.get(name);
  }

  /** Makes a connection a member that holds what comes; whoever waits for `watched` misses nothing from then on. */
  add(name: string, connection: Connection, holding: Holding): Promise<void> | undefined {
    let room = this.rooms.get(name);
    const isNew = !room;
    if (!room) {
      room = new LiveRoom(name);
      this.rooms.set(name, room);
    }
    const before = room.get(connection);
    if (before instanceof Holding) before.clear();
    room.set(connection, holding);
    if (!isNew) return room.watched;
    const watched = this.backend.watch(name);
    room.watched = isThenable(watched) ? Promise.resolve(watched) : undefined;
    return room.watched;
  }

  /** Takes a connection out; true when it was a member. What the tick still holds of before is written first. */
  remove(name: string, connection: Connection): boolean {
    const room = this.rooms.get(name);
    if (!room?.has(connection)) return false;
    this.flushRoom(room);
    const member = room.get(connection);
    // It was cut for what was too much for it, and taken out with that.
    if (member === undefined) return false;
    if (member instanceof Holding) member.clear();
    for (const event of connection.outflow.forget(room.epoch))
      this.reports.count("lost", 1, event.name, "slow_consumer");
    room.delete(connection);
    if (room.size === 0) {
      this.rooms.delete(name);
      this.reports.guard({ during: "backend", room: name }, () => this.backend.unwatch(name));
    }
    return true;
  }

  /** Takes the next event of a room. */
  deliver(name: string, event: StoredEvent, except: string | undefined): void {
    const room = this.rooms.get(name);
    if (!room) return;
    if (event.seq > 0) {
      room.stands(event.epoch, event.seq);
      if (this.reports.counting) room.note(event);
    }
    // Nothing waits before it, or it may not wait with the others.
    if (except !== undefined || (event.lane === "critical" && !room.tick)) {
      this.flushRoom(room);
      this.send(room, [event], except);
      return;
    }
    if (room.tick) room.tick.push(event);
    else {
      room.tick = [event];
      this.schedule(room);
    }
    if (event.lane === "critical") this.flushRoom(room);
  }

  /** Writes what the rooms have of this tick. */
  flush(): void {
    const { dirty } = this;
    if (dirty.length === 0) return;
    this.dirty = [];
    for (const room of dirty) this.flushRoom(room);
  }

  /** Writes events to one connection, as it is spoken to; so many of them, the first, are counted as replayed elsewhere. */
  write(connection: Connection, events: readonly StoredEvent[], replayed = 0): void {
    if (events.length === 0) return;
    connection.notify(events);
    this.delivered(events, 1, replayed);
    this.give(connection, connection.announced ? toParcels(events, this.wire) : toPlainParcels(events, this.wire));
  }

  /** Writes low events whose turn has come: they were told of and judged when they were held. */
  writeHeld(connection: Connection, events: readonly StoredEvent[]): void {
    const parcels = connection.announced ? toParcels(events, this.wire) : toPlainParcels(events, this.wire);
    for (const { frame } of parcels) connection.write(frame, true);
    this.delivered(events, 1);
  }

  private delivered(events: readonly StoredEvent[], times: number, from = 0): void {
    if (!this.reports.counting) return;
    for (let index = from; index < events.length; index++) {
      const { name, lane } = events[index] as StoredEvent;
      this.reports.count("delivered", times, name, lane);
    }
  }

  private schedule(room: LiveRoom): void {
    this.dirty.push(room);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(this.onImmediate);
  }

  private readonly onImmediate = (): void => {
    this.scheduled = false;
    this.flush();
  };

  private flushRoom(room: LiveRoom): void {
    const { tick } = room;
    if (!tick) return;
    room.tick = undefined;
    this.send(room, tick, undefined);
  }

  private send(room: LiveRoom, events: readonly StoredEvent[], except: string | undefined): void {
    let parcels: readonly Parcel[] | undefined;
    let plain: readonly Parcel[] | undefined;
    let written = 0;
    room.forEach((member, connection) => {
      if (except !== undefined && connection.userId === except) return;
      if (typeof member !== "number") {
        member.hold(events);
        return;
      }
      written++;
      connection.notify(events);
      if (connection.announced) {
        parcels ??= toParcels(events, this.wire);
        this.give(connection, parcels);
      } else {
        plain ??= toPlainParcels(events, this.wire);
        this.give(connection, plain);
      }
    });
    this.delivered(events, written);
  }

  private give(connection: Connection, parcels: readonly Parcel[]): void {
    const { outflow } = connection;
    for (let index = 0; index < parcels.length; index++) {
      const { frame, events, droppable } = parcels[index] as Parcel;
      let verdict = outflow.judge(droppable);
      if (verdict !== "write") {
        // The count only grows between readings: nobody is cut or kept waiting by an old one.
        connection.measure();
        verdict = outflow.judge(droppable);
      }
      if (verdict === "write") connection.write(frame, droppable);
      else if (verdict === "cut") {
        this.network.cut(connection);
        // It gets the rest no more; what a log has of that is replayed to it.
        for (const rest of parcels.slice(index)) if (rest.droppable) this.spare(rest.events, () => true);
        return;
      } else {
        this.spare(events, (event) => !outflow.hold(event));
        this.network.hasten();
      }
    }
  }

  /** Takes back that events were written: they were counted with those of the same turn, and are again if they are. */
  private spare(events: readonly StoredEvent[], isLost: (event: StoredEvent) => boolean): void {
    this.delivered(events, -1);
    for (const event of events) if (isLost(event)) this.reports.count("lost", 1, event.name, "slow_consumer");
  }
}
