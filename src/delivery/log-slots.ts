import type { LoggedRoom } from "./logged-room.js";
import type { Emission, Lane, StoredEvent } from "./stored-event.js";
import { TextArena } from "./text-arena.js";
import { widened } from "./widened.js";

const lanes: readonly Lane[] = ["critical", "normal", "low"];
const firstSize = 1_024;

/**
 * The events of all rooms by slot, in the order in which they were appended, and within each room.
 *
 * No object of the garbage collector's is kept for an event, so that an append costs the same however many are.
 */
export class LogSlots {
  /** The slot of the event appended longest ago, -1 without any. */
  oldest = -1;
  private newest = -1;
  /** The first free slot, -1 for none; each one's `newer` is the next. */
  private free = -1;
  private size = 0;
  private readonly payloads = new TextArena();
  private readonly names: string[] = [];
  private readonly rooms: (LoggedRoom | undefined)[] = [];
  private at = new Float64Array(0);
  private loggedAts = new Float64Array(0);
  private bytes = new Uint32Array(0);
  private lane = new Uint8Array(0);
  private older = new Int32Array(0);
  private newer = new Int32Array(0);
  private olderOfRoom = new Int32Array(0);
  private newerOfRoom = new Int32Array(0);

  /** Adds a room's next event, behind all others, and gives its bytes. */
  add(room: LoggedRoom, emission: Emission, at: number, loggedAt: number): number {
    if (this.free < 0) this.grow();
    const slot = this.free;
    this.free = this.newer[slot] as number;
    const bytes = emission.name.length + this.payloads.set(slot, emission.payload);
    this.names[slot] = emission.name;
    this.rooms[slot] = room;
    this.at[slot] = at;
    this.loggedAts[slot] = loggedAt;
    this.bytes[slot] = bytes;
    this.lane[slot] = lanes.indexOf(emission.lane);
    this.older[slot] = this.newest;
    this.newer[slot] = -1;
    if (this.newest < 0) this.oldest = slot;
    else this.newer[this.newest] = slot;
    this.newest = slot;
    if (room.length === 0) room.first = slot;
    else {
      this.olderOfRoom[slot] = room.last;
      this.newerOfRoom[room.last] = slot;
    }
    room.last = slot;
    room.length++;
    room.seq++;
    return bytes;
  }

  /** Takes out a room's oldest event, and gives its bytes. */
  shift(room: LoggedRoom): number {
    const slot = room.first;
    const older = this.older[slot] as number;
    const newer = this.newer[slot] as number;
    if (older < 0) this.oldest = newer;
    else this.newer[older] = newer;
    if (newer < 0) this.newest = older;
    else this.older[newer] = older;
    room.first = this.newerOfRoom[slot] as number;
    room.length--;
    this.payloads.delete(slot);
    this.names[slot] = "";
    this.rooms[slot] = undefined;
    this.newer[slot] = this.free;
    this.free = slot;
    return this.bytes[slot] as number;
  }

  room(slot: number): LoggedRoom {
    return this.rooms[slot] as LoggedRoom;
  }

  loggedAt(slot: number): number {
    return this.loggedAts[slot] as number;
  }

  /** Finds the slot of a number that the room keeps, from whichever end is nearer. */
  find(room: LoggedRoom, seq: number): number {
    const back = room.seq - seq;
    const forth = room.length - 1 - back;
    let slot = back < forth ? room.last : room.first;
    const links = back < forth ? this.olderOfRoom : this.newerOfRoom;
    for (let step = Math.min(back, forth); step > 0; step--) slot = links[slot] as number;
    return slot;
  }

  /** The slot of the room's next event; there must be one. */
  after(slot: number): number {
    return this.newerOfRoom[slot] as number;
  }

  /** Gives the event of a slot, which is number `seq` of its room. */
  event(slot: number, seq: number): StoredEvent {
    return {
      epoch: this.room(slot).epoch,
      seq,
      at: this.at[slot] as number,
      name: this.names[slot] as string,
      payload: this.payloads.get(slot),
      bytes: this.bytes[slot] as number,
      lane: lanes[this.lane[slot] as number] as Lane,
      key: undefined,
    };
  }

  private grow(): void {
    const { size } = this;
    this.size = size * 2 || firstSize;
    for (const name of ["at", "loggedAts"] as const) this[name] = widened(this[name], this.size);
    for (const name of ["older", "newer", "olderOfRoom", "newerOfRoom"] as const)
      this[name] = widened(this[name], this.size);
    this.bytes = widened(this.bytes, this.size);
    this.lane = widened(this.lane, this.size);
    for (let slot = size; slot < this.size; slot++) this.newer[slot] = slot + 1 < this.size ? slot + 1 : -1;
    this.free = size;
  }
}
