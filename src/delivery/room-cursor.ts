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

/** The timer of a room: rings once, after the shortest of the times it was given since it rang or was stopped. */
export interface FillTimer {
  within(ms: number): void;
  stop(): void;
}

/** Where a cursor's words go. Whoever is told may come back to the cursor: it is consistent before each call. */
export interface CursorEvents {
  /** Hands an event on; `false` when its payload was refused. */
  handOn(event: ReceivedEvent): boolean;
  /** This room was not recovered: its views are to be told before what comes next. */
  resync(reason: string): void;
}

/**
 * A reader's place in one room: hands every numbered event on once and in order, or says that it could not.
 *
 * Between `enter` and a complete replay nothing is handed on; after it, what comes out of order waits for what is missing.
 * Unnumbered events keep their place among the others.
 */
export interface RoomCursor {
  /** "" before the room was entered for the first time. */
  readonly epoch: string;
  /** What to send as this room's cursor; `undefined` before the first entry, and where it counts for nothing. */
  readonly cursor: Cursor | undefined;
  /**
   * Begins to enter, at first and on each new connection: from here everything is held; what was held before will be
   * replayed, and its number is returned. After a plain server events may have come that no log has: the next entry does
   * not go on from here, and says so.
   */
  enter(wasPlain?: boolean): number;
  /** Takes the answer to an entry. */
  entered(answer: EntryAnswer): void;
  /** Takes an event of this room, or of an epoch not known yet while entering; false when it was seen already. */
  receive(event: ReceivedEvent): boolean;
  /** Takes the room's head from a comparison; false when its epoch is another, and the room must be entered again. */
  compared(head: Cursor): boolean;
  /** Says what to ask the log for, as its timer rings; `undefined` while the room is not entered. */
  wanted(): FillRequest | undefined;
  /**
   * Takes the events that answer what was wanted, or none and why. Where nothing of what is missing came, then or meanwhile,
   * it is given up: the reason that is told is the one given, `replay_failed` or `gap_lost`.
   */
  filled(request: FillRequest, events: readonly ReceivedEvent[], why?: string): void;
}

/** Makes the cursor of a room that is about to be entered. */
export function createRoomCursor(timer: FillTimer, events: CursorEvents): RoomCursor {
  let epoch = "";
  /** The last number handed on. */
  let seq = 0;
  let entering = true;
  let trusted = true;
  /** The highest number known to exist. */
  let top = 0;
  /** Everything to here is held or was handed on. */
  let through = 0;
  /** The last number of the log's as the room was entered: until all of it is held, a replay is under way. */
  let replayEnd = 0;
  const held = new Map<number, ReceivedEvent>();
  /** Unnumbered events, each with the number that it came after. */
  let loose: { after: number; event: ReceivedEvent }[] = [];
  /** What was asked for, and has no answer. */
  let asked: FillRequest | undefined;

  function keep(event: ReceivedEvent): boolean {
    const number = event.seq;
    if (number === 0) {
      loose.push({ after: top, event });
      return true;
    }
    // Before the answer to an entry, an unknown epoch may be the room's new one.
    if (event.epoch === epoch && number <= seq) return false;
    if (held.get(number)?.epoch === event.epoch) return false;
    held.set(number, event);
    top = Math.max(top, number);
    return true;
  }

  function handOn(event: ReceivedEvent): void {
    if (events.handOn(event) || event.seq === 0) return;
    // Its number is used up: what it would have said is known to be missing.
    if (!entering) events.resync("payload_invalid");
    // Whoever was told closed the client: the next connection replays from here on.
    else seq = event.seq - 1;
  }

  function drain(): void {
    // What was missing before is missing still, unless something moved. While it enters, the timer is the entry's.
    for (; !entering && held.has(through + 1); through++) timer.stop();
    // Handlers may close the client, or leave the room.
    while (!entering && through >= replayEnd) {
      const [first] = loose;
      const event = first && first.after <= seq ? loose.shift()?.event : held.get(seq + 1);
      if (!event) break;
      if (event.seq > 0) {
        held.delete(++seq);
        event.replayed = seq <= replayEnd;
      }
      handOn(event);
    }
    fillWithin(holdBackMs);
  }

  function fillWithin(ms: number): void {
    if (!entering && !asked && top > seq) timer.within(ms);
  }

  /** Goes on after what is missing. A replay is given up whole: nothing of it is handed on. */
  function giveUp(why: string | undefined): void {
    const isReplay = through < replayEnd;
    let next = isReplay ? replayEnd + 1 : top + 1;
    for (const number of held.keys()) {
      if (number >= next) continue;
      if (isReplay) held.delete(number);
      else next = number;
    }
    seq = through = next - 1;
    timer.stop();
    events.resync(why ?? (isReplay ? "replay_failed" : "gap_lost"));
    drain();
  }

  return {
    get epoch() {
      return epoch;
    },
    get cursor() {
      return epoch && trusted ? { epoch, seq } : undefined;
    },
    enter(wasPlain = false) {
      const { size } = held;
      held.clear();
      timer.stop();
      entering = true;
      asked = undefined;
      if (wasPlain) trusted = false;
      return size;
    },
    entered(answer) {
      const same = answer.epoch === epoch && answer.seq >= seq;
      let reason: string | undefined;
      if (!answer.recovered || !same) {
        if (!trusted) reason = "plain";
        else if (epoch) reason = answer.reason ?? "cursor_invalid";
        epoch = answer.epoch;
        // Never back over what was handed on already.
        seq = Math.max(answer.after ?? answer.seq, same ? seq : 0);
      }
      entering = false;
      trusted = true;
      top = replayEnd = answer.seq;
      through = seq;
      for (const [number, event] of held) {
        if (number <= seq || event.epoch !== epoch) held.delete(number);
        else top = Math.max(top, number);
      }
      loose = loose.filter(({ event }) => event.epoch === epoch);
      // It was placed among numbers that may have been another epoch's.
      for (const one of loose) one.after = Math.min(one.after, top);
      if (reason !== undefined) events.resync(reason);
      drain();
      if (answer.paged) fillWithin(0);
    },
    receive(event) {
      const number = event.seq;
      if (!entering && event.epoch !== epoch) return false;
      // In order with nothing missing: by far the most events.
      if (!entering && top === seq && (number === 0 || number === seq + 1)) {
        if (number > 0) seq = top = through = number;
        handOn(event);
        return true;
      }
      if (!keep(event)) return false;
      drain();
      return true;
    },
    compared(head) {
      if (entering) return true;
      if (head.epoch !== epoch) return false;
      if (head.seq > top) {
        top = head.seq;
        fillWithin(holdBackMs);
      }
      return true;
    },
    wanted() {
      if (entering) return undefined;
      let limit = 1;
      // No further than a page, whatever number a server says there is.
      while (limit < pageEvents && through + limit < top && !held.has(through + limit + 1)) limit++;
      asked = { epoch, after: through, limit };
      return asked;
    },
    filled(request, filling, why) {
      // Another entry has begun anew.
      if (asked !== request) return;
      asked = undefined;
      for (const event of filling) keep(event);
      drain();
      if (through === request.after) giveUp(why);
      // What is missing still was asked for already, and there is no point in waiting again.
      else fillWithin(0);
    },
  };
}
