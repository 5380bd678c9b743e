import { performance } from "node:perf_hooks";
import type { WaitingEvent } from "../delivery/coalesce.js";
import { RoomOutbox } from "../delivery/lanes.js";
import type { EmitResult } from "./event-target.js";

/** How the emitter of an event that waits is told; a low one has none, since it was answered at acceptance. */
export type Ticket = (result: EmitResult) => void;

// Rooms whose wait ends within so many ms of each other are looked after together.
const slackMs = 5;

const nothing: readonly never[] = [];

/** The events that wait in their rooms: for their like, or for the rest of a low batch. One timer serves all rooms. */
export class Outboxes {
  private readonly rooms = new Map<string, RoomOutbox<Ticket>>();
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Number.POSITIVE_INFINITY;

  /** `append` takes what is due in a room, in its order, at once. */
  constructor(private readonly append: (room: string, events: readonly WaitingEvent<Ticket>[]) => void) {}

  /** How many events wait. */
  get size(): number {
    let size = 0;
    for (const outbox of this.rooms.values()) size += outbox.size;
    return size;
  }

  /** Lets an event wait; true when it went into one that waits already. */
  wait(room: string, event: WaitingEvent<Ticket>): boolean {
    let outbox = this.rooms.get(room);
    if (!outbox) {
      outbox = new RoomOutbox();
      this.rooms.set(room, outbox);
    }
    const now = performance.now();
    const merged = outbox.wait(event, now);
    if (outbox.dueAt <= now) this.release(room, outbox, now);
    else this.schedule(outbox.dueAt, now);
    return merged;
  }

  /** Takes out what has to be appended before another event of the room. */
  before(room: string): readonly WaitingEvent<Ticket>[] {
    if (this.rooms.size === 0) return nothing;
    const outbox = this.rooms.get(room);
    if (!outbox) return nothing;
    const events = outbox.takeBefore();
    if (outbox.size === 0) this.rooms.delete(room);
    return events;
  }

  /** Lets nothing wait any longer. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.timerAt = Number.POSITIVE_INFINITY;
    for (const [room, outbox] of [...this.rooms]) {
      // What was just appended may have made somebody emit there: then another one waits for its time.
      if (this.rooms.get(room) !== outbox) continue;
      this.rooms.delete(room);
      this.append(room, outbox.takeAll());
    }
  }

  private release(room: string, outbox: RoomOutbox<Ticket>, now: number): void {
    const events = outbox.take(now);
    if (outbox.size === 0) this.rooms.delete(room);
    this.append(room, events);
  }

  private schedule(at: number, now: number): void {
    if (at >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = setTimeout(this.onDue, at - now);
  }

  private readonly onDue = (): void => {
    this.timer = undefined;
    this.timerAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [room, outbox] of [...this.rooms]) {
      if (outbox.dueAt <= now + slackMs) this.release(room, outbox, now + slackMs);
      if (outbox.dueAt < next) next = outbox.dueAt;
    }
    if (next < Number.POSITIVE_INFINITY) this.schedule(next, now);
  };
}
