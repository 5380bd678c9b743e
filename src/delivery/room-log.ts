import { maxSeq } from "./envelope.js";
import { LogSlots } from "./log-slots.js";
import { LoggedRoom } from "./logged-room.js";
import { type Cursor, judgeCursor, type Recovery } from "./recovery.js";
import { RoomIndex } from "./room-index.js";
import type { Emission, StoredEvent } from "./stored-event.js";

/** What rooms' logs may hold. */
export interface RoomLogLimits {
  /** An event is kept while younger than this, ms, … */
  readonly keepMs: number;
  /** … or among so many last of its room, … */
  readonly keepCount: number;
  /** … and never above so many bytes in all: the oldest go first. */
  readonly maxBytes: number;
  /** A head is kept so long after its last use, ms (and up to 1/1440 of it longer), … */
  readonly headMs: number;
  /**
   * … and for so many rooms at most: those used longest ago are forgotten first. Where more are in use at a time, they push each
   * other out, and their members are told `ws:resync` without an end.
   */
  readonly maxRooms: number;
}

/** The limits where none are given: 2 minutes or 1,000 events, 64 MiB, 24 hours, 100,000 rooms. */
export const roomLogLimits: RoomLogLimits = {
  keepMs: 120_000,
  keepCount: 1_000,
  maxBytes: 64 * 1024 * 1024,
  headMs: 86_400_000,
  maxRooms: 100_000,
};

// What an event takes beside its texts: its slot, its text's place, its place in its room.
const entryBytes = 100;

// A room's place by last use is kept to this part of `headMs`, a minute in a day: few emits pay for it.
const useGrains = 1_440;

// An append takes out at most so many old events of its room, so that none pays for a whole burst; `sweep` does the rest.
const trimmedPerAppend = 4;

/**
 * The log of every room, in memory. All times are monotonic ms but `at`, which is Unix ms and only passed through.
 *
 * Appending costs the same whatever the number of rooms and the length of their logs, but for what a processor's caches
 * miss when very many rooms are written to in turn.
 */
export class RoomLog {
  /** Bytes held, texts and their keeping. */
  bytes = 0;
  /** Events that left before their time, because of `maxBytes`. */
  evicted = 0;
  private readonly rooms: RoomIndex;
  private oldestRoom: LoggedRoom | undefined = undefined;
  private newestRoom: LoggedRoom | undefined = undefined;
  private readonly slots = new LogSlots();
  private readonly useGrainMs: number;
  /** The rooms with more than `keepCount` events, which time alone may trim. */
  private readonly long = new Set<LoggedRoom>();

  /** `createEpoch` is called for each room that is new, or was forgotten; `seed` is a random integer. */
  constructor(
    private readonly createEpoch: () => string,
    private readonly limits: RoomLogLimits = roomLogLimits,
    seed = 0,
  ) {
    this.rooms = new RoomIndex(seed);
    // In a grain of 0 ms no use would ever be the last.
    this.useGrainMs = limits.headMs / useGrains || 1;
  }

  get roomCount(): number {
    return this.rooms.size;
  }

  /** Appends to a room, and gives the event with its number: one above the last of its epoch. */
  append(name: string, emission: Emission, at: number, now: number): StoredEvent {
    let room = this.use(name, now);
    if (room.seq === maxSeq) {
      this.forget(room);
      room = this.use(name, now);
    }
    const bytes = this.slots.add(room, emission, at, now);
    this.bytes += bytes + entryBytes;
    const over = room.length - this.limits.keepCount;
    if (over > 0) {
      if (over === 1) this.long.add(room);
      this.trim(room, now, trimmedPerAppend);
    }
    while (this.bytes > this.limits.maxBytes && this.slots.oldest >= 0) {
      const pressed = this.slots.room(this.slots.oldest);
      if (!this.isOverdue(pressed, now)) this.evicted++;
      this.drop(pressed);
    }
    const { name: event, payload, lane } = emission;
    return { epoch: room.epoch, seq: room.seq, at, name: event, payload, bytes, lane, key: undefined };
  }

  /** A room's head; one that is new or was forgotten starts at 0 in an epoch of its own. Counts as a use. */
  head(name: string, now: number): Cursor {
    const { epoch, seq } = this.use(name, now);
    return { epoch, seq };
  }

  /** Whether any event of a room is kept. Counts as no use. */
  has(name: string): boolean {
    return (this.rooms.get(name)?.length ?? 0) > 0;
  }

  /** Says how a reader with `cursor` (a stranger's value, `undefined` for none) enters a room: see `judgeCursor`. */
  recover(name: string, cursor: unknown, now: number, history = 0): Recovery {
    return judgeCursor(this.use(name, now), cursor, history);
  }

  /**
   * Reads on from `after`: `limit` events and about `maxBytes` at most, but one at least if there is one.
   *
   * `undefined` when they cannot be given without a hole: another epoch, trimmed meanwhile, or a number not given out yet.
   */
  read(name: string, epoch: string, after: number, limit: number, maxBytes: number): StoredEvent[] | undefined {
    const room = this.rooms.get(name);
    if (!room || room.epoch !== epoch || !Number.isInteger(after)) return undefined;
    if (after < room.floor || after > room.seq) return undefined;
    const events: StoredEvent[] = [];
    let bytes = 0;
    let slot = after < room.seq ? this.slots.find(room, after + 1) : -1;
    for (let seq = after + 1; seq <= room.seq && events.length < limit; seq++) {
      const event = this.slots.event(slot, seq);
      bytes += event.bytes;
      if (bytes > maxBytes && events.length > 0) break;
      events.push(event);
      slot = this.slots.after(slot);
    }
    return events;
  }

  /** Takes out what time has made superfluous, `budget` events at most a call; true when there may be more. */
  sweep(now: number, budget = 10_000): boolean {
    let left = budget;
    for (const room of this.long) {
      left -= this.trim(room, now, left);
      if (left <= 0) return true;
      if (room.length <= this.limits.keepCount) this.long.delete(room);
    }
    const grain = Math.floor((now - this.limits.headMs) / this.useGrainMs);
    while (this.oldestRoom && this.oldestRoom.usedGrain < grain) {
      left -= this.forget(this.oldestRoom) + 1;
      if (left <= 0) return true;
    }
    return false;
  }

  private use(name: string, now: number): LoggedRoom {
    let room = this.rooms.get(name);
    const grain = Math.floor(now / this.useGrainMs);
    if (room) {
      if (room.usedGrain === grain) return room;
      room.usedGrain = grain;
      this.unlink(room);
    } else {
      room = new LoggedRoom(name, this.createEpoch(), grain);
      this.rooms.add(room);
      if (this.oldestRoom && this.rooms.size > this.limits.maxRooms) this.forget(this.oldestRoom);
    }
    room.older = this.newestRoom;
    if (this.newestRoom) this.newestRoom.newer = room;
    else this.oldestRoom = room;
    this.newestRoom = room;
    return room;
  }

  private unlink(room: LoggedRoom): void {
    const { older, newer } = room;
    if (older) older.newer = newer;
    else this.oldestRoom = newer;
    if (newer) newer.older = older;
    else this.newestRoom = older;
    room.older = room.newer = undefined;
  }

  private forget(room: LoggedRoom): number {
    const count = room.length;
    while (room.length > 0) this.drop(room);
    this.rooms.delete(room);
    this.unlink(room);
    return count;
  }

  private trim(room: LoggedRoom, now: number, most: number): number {
    let dropped = 0;
    for (; dropped < most && this.isOverdue(room, now); dropped++) this.drop(room);
    return dropped;
  }

  private isOverdue(room: LoggedRoom, now: number): boolean {
    const { keepCount, keepMs } = this.limits;
    return room.length > keepCount && this.slots.loggedAt(room.first) <= now - keepMs;
  }

  private drop(room: LoggedRoom): void {
    this.bytes -= this.slots.shift(room) + entryBytes;
  }
}
