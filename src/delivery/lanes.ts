import { type WaitingEvent, WaitingEvents } from "./coalesce.js";
import type { Lane } from "./stored-event.js";

/** The longest that a coalescing event waits for its like, ms. */
export const coalesceMs = 50;
/** A low batch leaves after so many ms, or with so many events. */
export const lowBatchMs = 100;
export const lowBatchCount = 100;

/** Says whether an event waits in its room before it is appended: every low one, and what coalesces unless critical. */
export function waits(lane: Lane, coalesces: boolean): boolean {
  return lane === "low" || (coalesces && lane === "normal");
}

/**
 * Orders what one room has waiting before it gets its number, so that number order is emit order and only low is overtaken.
 *
 * An event that {@link waits} goes to `wait`; before any other is appended, `takeBefore` is appended. Whatever `take`
 * and `takeBefore` give is to be appended in that order, at once.
 */
export class RoomOutbox<TTicket> {
  private readonly normal = new WaitingEvents<TTicket>(coalesceMs, Infinity);
  private readonly low = new WaitingEvents<TTicket>(lowBatchMs, lowBatchCount);

  /** How many wait; an outbox with none can be thrown away. */
  get size(): number {
    return this.normal.size + this.low.size;
  }

  /** When `take` has something next: ms, Infinity for never, -Infinity for a batch that is full. */
  get dueAt(): number {
    return Math.min(this.normal.dueAt, this.low.dueAt);
  }

  /** Lets an event wait; true when it merged into one that waits already. */
  wait(event: WaitingEvent<TTicket>, now: number): boolean {
    return (event.emission.lane === "low" ? this.low : this.normal).add(event, now);
  }

  /** Gives what must be appended before an event that does not wait: all that waits but the low batch. */
  takeBefore(): readonly WaitingEvent<TTicket>[] {
    return this.normal.take();
  }

  /** Gives what has waited long enough; a low batch is never ahead of anything that was emitted before it ends. */
  take(now: number): readonly WaitingEvent<TTicket>[] {
    if (now >= this.low.dueAt) return this.takeAll();
    return now >= this.normal.dueAt ? this.normal.take() : [];
  }

  /** Gives everything, as on closing. */
  takeAll(): readonly WaitingEvent<TTicket>[] {
    return this.normal.take().concat(this.low.take());
  }
}
