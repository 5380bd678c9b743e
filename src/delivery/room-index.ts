import type { LoggedRoom } from "./logged-room.js";

const firstSize = 64;

/**
 * Rooms by name, for very many that are looked up in turn.
 *
 * A `Map` of 100,000 names is a walk through chains of entries all over memory, most of them missed by a processor's
 * caches: it took an eighth of an emit. Here what is looked at first is mostly the room itself (open addressing, at most
 * half of the places taken).
 */
export class RoomIndex {
  size = 0;
  private places: (LoggedRoom | undefined)[] = free(firstSize);

  /** `seed` is any integer, unknown outside, so that nobody chooses names that meet in one place. */
  constructor(private readonly seed: number) {}

  get(name: string): LoggedRoom | undefined {
    const { places } = this;
    const mask = places.length - 1;
    const hash = this.hash(name);
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const room = places[place];
      if (room === undefined || (room.hash === hash && room.name === name)) return room;
    }
  }

  /** Adds a room whose name is not in use. */
  add(room: LoggedRoom): void {
    room.hash = this.hash(room.name);
    this.size++;
    if (this.size * 2 > this.places.length) this.grow();
    this.put(room);
  }

  /** Takes out a room that was added. */
  delete(room: LoggedRoom): void {
    const { places } = this;
    const mask = places.length - 1;
    let place = room.hash & mask;
    while (places[place] !== room) place = (place + 1) & mask;
    places[place] = undefined;
    this.size--;
    // Those behind it are put anew, since a free place ends a search.
    for (place = (place + 1) & mask; ; place = (place + 1) & mask) {
      const behind = places[place];
      if (behind === undefined) return;
      places[place] = undefined;
      this.put(behind);
    }
  }

  private put(room: LoggedRoom): void {
    const { places } = this;
    const mask = places.length - 1;
    let place = room.hash & mask;
    while (places[place] !== undefined) place = (place + 1) & mask;
    places[place] = room;
  }

  private grow(): void {
    const before = this.places;
    this.places = free(before.length * 2);
    for (const room of before) if (room) this.put(room);
  }

  private hash(name: string): number {
    let hash = this.seed;
    for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x5bd1_e995);
    // Multiplying carries upwards only, and a place is the lowest bits.
    return hash ^ (hash >>> 15);
  }
}

function free(size: number): undefined[] {
  return new Array<undefined>(size).fill(undefined);
}
