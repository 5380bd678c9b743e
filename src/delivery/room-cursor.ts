import { pageEvents } from "./page.js";
import type { ReceivedEvent } from "./received-event.js";
import type { Cursor } from "./recovery.js";

/** A gap is held back so long before it is filled from the log: another node's entry may be on its way. */
export const holdBackMs = 200;

/**
 * What the server says of a room as it is entered. What is replayed are numbers `after` + 1 to `seq`; where `after` is
 * absent, those after the cursor of a recovered room, and none of another.
 */
export interface EntryAnswer {
  readonly epoch: string;
  readonly seq: number;
  readonly recovered: boolean;
  readonly reason?: string | undefined;
  readonly after?: number | undefined;
  /** Whether the replay has to be asked for, page by page; otherwise it follows the answer by itself. */
  readonly paged?: boolean | undefined;
}

/** A stretch of the log to ask for: at most `limit` events of `epoch` after number `after`. */
export interface FillRequest {
  readonly epoch: string;
  readonly after: number;
  readonly limit: number;
}

const live = 0;
const entering = 1;
const replaying = 2;

/**
 * A reader's place in one room: hands every numbered event on once and in order, or says that it could not.
 *
 * Events to hand on are pushed onto `out`, which the caller gives and empties. Between `enter` and a complete replay
 * nothing is; after it, what comes out of order waits for what is missing. Unnumbered events keep their place among the
 * others. A reason that is returned means: this room was not recovered, tell its views before handing `out` on.
 */
export class RoomCursor {
  /** "" before the room was entered for the first time. */
  epoch = "";
  /** The last number handed on. */
  seq = 0;
  private phase = entering;
  private trusted = true;
  /** The highest number known to exist. */
  private top = 0;
  /** Everything to here is held or was handed on, while replaying. */
  private through = 0;
  /** The last number of the log's as the room was entered. */
  private replayEnd = 0;
  private held = new Map<number, ReceivedEvent>();
  /** Unnumbered events, each with the number that it came after. */
  private loose: { after: number; event: ReceivedEvent }[] = [];
  /** When to ask for what is missing; Infinity when nothing is. */
  private fillAt = Number.POSITIVE_INFINITY;
  private filling = false;
  private filledAfter = 0;

  constructor(readonly room: string) {}

  /** What to send as this room's cursor; `undefined` before the first entry, and where it counts for nothing. */
  get cursor(): Cursor | undefined {
    return this.epoch && this.trusted ? { epoch: this.epoch, seq: this.seq } : undefined;
  }

  /** When `wanted` is to be asked next, ms; Infinity for never. */
  get dueAt(): number {
    return this.filling || this.phase === entering ? Number.POSITIVE_INFINITY : this.fillAt;
  }

  /** Begins to enter, at first and on each new connection: from here everything is held. */
  enter(): void {
    this.phase = entering;
    this.filling = false;
  }

  /** Events may have come that no log has: the next entry does not go on from here, and says so. */
  distrust(): void {
    this.trusted = false;
  }

  /** Takes the answer to an entry; ask `wanted` after it. */
  entered(answer: EntryAnswer, now: number, out: ReceivedEvent[]): string | undefined {
    const { epoch, seq } = answer;
    const same = epoch === this.epoch && seq >= this.seq;
    let reason: string | undefined;
    if (!answer.recovered || !same) {
      if (this.epoch) reason = this.trusted ? (answer.reason ?? "cursor_invalid") : "plain";
      this.epoch = epoch;
      // Never back over what was handed on already.
      this.seq = Math.max(answer.after ?? seq, same ? this.seq : 0);
    }
    this.trusted = true;
    this.top = this.replayEnd = seq;
    this.through = this.seq;
    for (const [number, event] of this.held) {
      if (number <= this.seq || event.epoch !== epoch) this.held.delete(number);
      else if (number > this.top) this.top = number;
    }
    this.loose = this.loose.filter(({ event }) => event.epoch === epoch);
    // It was placed among numbers that may have been another epoch's.
    for (const one of this.loose) one.after = Math.min(one.after, this.top);
    this.fillAt = Number.POSITIVE_INFINITY;
    this.phase = replaying;
    this.drain(now, out);
    if (answer.paged && this.fillAt < Number.POSITIVE_INFINITY) this.fillAt = now;
    return reason;
  }

  /** Takes an event of this room, or of an epoch not known yet while entering; false when it was seen already. */
  receive(event: ReceivedEvent, clock: () => number, out: ReceivedEvent[]): boolean {
    const { seq } = event;
    if (this.phase !== entering && event.epoch !== this.epoch) return false;
    // In order with nothing missing: by far the most events. Reading the time would cost more than all the rest.
    if (this.phase === live && this.top === this.seq && (seq === 0 || seq === this.seq + 1)) {
      if (seq > 0) this.seq = this.top = seq;
      out.push(event);
      return true;
    }
    if (!this.keep(event)) return false;
    this.drain(clock(), out);
    return true;
  }

  /** Takes the room's head from a comparison; false when its epoch is another, and the room must be entered again. */
  compared(head: Cursor, now: number): boolean {
    if (this.phase === entering) return true;
    if (head.epoch !== this.epoch) return false;
    if (head.seq > this.top) {
      this.top = head.seq;
      this.fillAt = Math.min(this.fillAt, now + holdBackMs);
    }
    return true;
  }

  /** Says what to ask the log for now, once: `filled` must follow, or `enter`. */
  wanted(now: number): FillRequest | undefined {
    if (now < this.dueAt) return undefined;
    this.filling = true;
    const after = Math.max(this.through, this.seq);
    this.filledAfter = after;
    let limit = 1;
    // No further than a page, whatever number a server says there is.
    while (limit < pageEvents && after + limit < this.top && !this.held.has(after + limit + 1)) limit++;
    return { epoch: this.epoch, after, limit };
  }

  /**
   * Takes the events that answer `wanted`, or none and why. Where nothing of what is missing came, then or meanwhile, it
   * is given up: the reason that is returned is the one given, `replay_failed` or `gap_lost`.
   */
  filled(events: readonly ReceivedEvent[], now: number, out: ReceivedEvent[], why?: string): string | undefined {
    if (!this.filling) return undefined;
    this.filling = false;
    for (const event of events) this.keep(event);
    this.drain(now, out);
    if (Math.max(this.through, this.seq) === this.filledAfter) return this.giveUp(why, now, out);
    // What is missing still was asked for already, and there is no point in waiting again.
    if (this.fillAt < Number.POSITIVE_INFINITY) this.fillAt = now;
    return undefined;
  }

  /** Goes on after what is missing. A replay is given up whole: nothing of it is handed on. */
  private giveUp(why: string | undefined, now: number, out: ReceivedEvent[]): string {
    const isReplay = this.phase === replaying;
    let next = isReplay ? this.replayEnd + 1 : this.top + 1;
    if (!isReplay) for (const number of this.held.keys()) if (number < next) next = number;
    for (const number of this.held.keys()) if (number < next) this.held.delete(number);
    this.seq = this.through = next - 1;
    this.drain(now, out);
    return why ?? (isReplay ? "replay_failed" : "gap_lost");
  }

  private keep(event: ReceivedEvent): boolean {
    const { seq } = event;
    if (seq === 0) {
      this.loose.push({ after: this.top, event });
      return true;
    }
    // Before the answer to an entry, an unknown epoch may be the room's new one.
    if (event.epoch === this.epoch && seq <= this.seq) return false;
    if (this.held.get(seq)?.epoch === event.epoch) return false;
    this.held.set(seq, event);
    if (seq > this.top) this.top = seq;
    return true;
  }

  private drain(now: number, out: ReceivedEvent[]): void {
    const { held, loose } = this;
    if (this.phase === entering) return;
    if (this.phase === replaying) {
      while (held.has(this.through + 1)) this.through++;
      if (this.through < this.replayEnd) {
        this.fillAt = now + holdBackMs;
        return;
      }
      this.phase = live;
    }
    const { seq } = this;
    for (;;) {
      while (loose[0] && loose[0].after <= this.seq) out.push((loose.shift() as (typeof loose)[number]).event);
      const event = held.get(this.seq + 1);
      if (!event) break;
      held.delete(++this.seq);
      event.replayed = this.seq <= this.replayEnd;
      out.push(event);
    }
    // What was missing before is missing still, unless something moved.
    if (this.top === this.seq) this.fillAt = Number.POSITIVE_INFINITY;
    else if (this.seq > seq || this.fillAt === Number.POSITIVE_INFINITY) this.fillAt = now + holdBackMs;
  }
}
