import type { StoredEvent } from "./stored-event.js";

/** Past so many bytes waiting for the network, a connection's low events coalesce or drop. */
export const softCapBytes = 256 * 1024;
/** Past so many it is cut with `slow_consumer`. */
export const hardCapBytes = 1024 * 1024;

/** What to do with a frame for one connection: write it, give its events to `hold`, or cut the connection. */
export type OutflowVerdict = "write" | "hold" | "cut";

/**
 * Decides for one connection what is written to it, by the bytes that the network has not taken yet.
 *
 * One low frame at most is on its way at a time, so that a critical one waits behind no more than that; the low events
 * that come meanwhile are held, and over the soft cap replaced by the latest of their key or dropped, and counted.
 * Numbered events are never held or dropped: past the hard cap the connection is cut, and recovers them from the log.
 */
export class Outflow {
  /** Bytes written and not yet taken: the last reading, and what was written since. */
  buffered = 0;
  /** Low events that were dropped, or replaced by a later one of their key. */
  dropped = 0;
  // Bytes that have to be taken before the low frame on its way is out, 0 when none is.
  private lowAhead = 0;
  private held: StoredEvent[] | undefined = undefined;
  private heldBytes = 0;
  /** Where the last event of each key is held: known once it is asked for, until some of what is held goes. */
  private places: Map<unknown, number> | undefined = undefined;

  /** Whether the connection is past the hard cap; look after every reading, since a cut must not wait for a frame. */
  get overflown(): boolean {
    return this.buffered > hardCapBytes;
  }

  /** Whether low events wait for `release`. */
  get holds(): boolean {
    return this.held !== undefined;
  }

  /** Judges a frame; `droppable` as in {@link PackedFrame}. */
  judge(droppable: boolean): OutflowVerdict {
    if (this.overflown) return "cut";
    return droppable && (this.lowAhead > 0 || this.held !== undefined || this.buffered > softCapBytes)
      ? "hold"
      : "write";
  }

  /** Counts a frame that was written. */
  wrote(bytes: number, low: boolean): void {
    this.buffered += bytes;
    if (low) this.lowAhead = this.buffered;
  }

  /** Takes a reading of the bytes that the network has not taken yet. */
  read(buffered: number): void {
    const taken = this.buffered - buffered;
    if (taken > 0) this.lowAhead = Math.max(0, this.lowAhead - taken);
    this.buffered = buffered;
  }

  /**
   * Holds a droppable event back, within the soft cap; over it, it replaces the last one held of its key, or is dropped.
   *
   * False when an event was dropped for it: this one, or the one that it replaced.
   */
  hold(event: StoredEvent): boolean {
    const held = this.held ?? [];
    if (this.buffered + this.heldBytes + event.bytes > softCapBytes) {
      // Thousands may be held, and each that comes would look through all of them.
      this.places ??= placesOf(held);
      const like = this.places.get(likenessOf(event));
      this.dropped++;
      if (like === undefined) return false;
      this.heldBytes += event.bytes - (held[like] as StoredEvent).bytes;
      held[like] = event;
      return false;
    }
    this.places?.set(likenessOf(event), held.length);
    held.push(event);
    this.held = held;
    this.heldBytes += event.bytes;
    return true;
  }

  /**
   * Gives the held events of the next low frame once the one before is out: one room's, `maxBytes` at most (but always
   * one event). Call it after every reading until it gives none.
   */
  release(maxBytes: number): StoredEvent[] | undefined {
    const { held } = this;
    if (!held || this.lowAhead > 0 || this.buffered > softCapBytes) return undefined;
    const { epoch } = held[0] as StoredEvent;
    let count = 0;
    let bytes = 0;
    for (const event of held) {
      if (count > 0 && (event.epoch !== epoch || bytes + event.bytes > maxBytes)) break;
      bytes += event.bytes;
      count++;
    }
    this.heldBytes -= bytes;
    this.places = undefined;
    if (count === held.length) {
      this.held = undefined;
      return held;
    }
    return held.splice(0, count);
  }

  /** Drops what is held for a room that the connection left or may not see any more, and gives it to be counted. */
  forget(epoch: string): readonly StoredEvent[] {
    const { held } = this;
    if (!held) return [];
    this.places = undefined;
    const kept = held.filter((event) => event.epoch !== epoch);
    const gone = held.filter((event) => event.epoch === epoch);
    this.dropped += gone.length;
    this.held = kept.length > 0 ? kept : undefined;
    this.heldBytes = kept.reduce((sum, event) => sum + event.bytes, 0);
    return gone;
  }
}

function placesOf(held: readonly StoredEvent[]): Map<unknown, number> {
  return new Map(held.map((event, place) => [likenessOf(event), place]));
}

/** What is the same for events that may replace each other; without a key an event is like none but itself. */
function likenessOf(event: StoredEvent): unknown {
  const { epoch, name, key } = event;
  // An epoch is a word, and a name as JSON ends where it says.
  return key === undefined ? event : `${epoch} ${name} ${key}`;
}
