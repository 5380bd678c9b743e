import { readPage } from "../delivery/page.js";
import type { ReceivedEvent } from "../delivery/received-event.js";
import type { Cursor } from "../delivery/recovery.js";
import { type EntryAnswer, type FillRequest, RoomCursor } from "../delivery/room-cursor.js";
import { createAlarm } from "./alarm.js";
import { readAnswer } from "./answer.js";
import type { Channel } from "./channel.js";
import type { Clock } from "./clock.js";
import type { HandOn, ReceiveCounts } from "./handing-on.js";
import type { Tell } from "./local-events.js";

/** What a server says of a replay that it cannot go on with. */
const knownLosses: ReadonlySet<string> = new Set(["log_unknown", "held_too_much"]);

/** Puts the events of every entered room in order: duplicates dropped, gaps filled, or `ws:resync` told. */
export interface RoomStreams {
  open(room: string): RoomCursor;
  close(cursor: RoomCursor): void;
  entered(cursor: RoomCursor, answer: EntryAnswer, channel: Channel): void;
  receive(event: ReceivedEvent): void;
  /** What the log's head is now; `false` when the room must be entered again. */
  compared(cursor: RoomCursor, head: Cursor): boolean;
  /** The connection is gone: whatever was asked for will not come. What a plain one brought is in no log. */
  detach(plain: boolean): void;
}

/** Makes an empty set of streams. */
export function createRoomStreams(
  clock: Clock,
  handOn: HandOn,
  tell: Tell,
  counts: ReceiveCounts,
  /** An event came of an epoch that is no room's: one may have begun a new one. */
  strange: () => void,
): RoomStreams {
  const cursors = new Set<RoomCursor>();
  const byEpoch = new Map<string, RoomCursor>();
  // What is to be handed on now; empty again after every call.
  const out: ReceivedEvent[] = [];
  let channel: Channel | undefined;
  const alarm = createAlarm(clock, () => {
    for (const cursor of cursors) {
      const request = cursor.wanted(clock());
      if (request && channel) ask(cursor, channel, request);
      alarm.by(cursor.dueAt);
    }
  });

  const isOpen = (cursor: RoomCursor) => channel && cursors.has(cursor);

  function flush(cursor: RoomCursor, reason?: string): void {
    const { room } = cursor;
    alarm.by(cursor.dueAt);
    // Handlers may come back here, so they are given a list of their own.
    const events = out.length > 1 ? out.splice(0) : out;
    if (reason !== undefined) tell("ws:resync", { room, reason });
    for (let event = events.shift(); event; event = events.shift()) {
      const { seq, at, replayed } = event;
      if (isOpen(cursor) && handOn(event.name, event.payload, { room, seq: seq || undefined, at, replayed })) continue;
      if (isOpen(cursor)) {
        // Its number is used up: what it would have said is known to be missing.
        if (seq) tell("ws:resync", { room, reason: "payload_invalid" });
      } else if (seq && cursors.has(cursor)) {
        // Whoever was told closed the client: the next connection replays from here on.
        cursor.seq = Math.min(seq - 1, cursor.seq);
      } else counts.dropped++;
    }
  }

  function ask(cursor: RoomCursor, on: Channel, request: FillRequest): void {
    on.request("$page", [request], (outcome) => {
      // Another connection, or another entry, has begun anew.
      if (on !== channel || cursor.epoch !== request.epoch || !cursors.has(cursor)) return;
      if ("lost" in outcome && outcome.lost === "closed") return;
      const events = "answer" in outcome ? readPage(outcome.answer, request.epoch, request.after) : undefined;
      const answer = readAnswer(outcome);
      const why = !answer.ok && knownLosses.has(answer.code) ? answer.code : undefined;
      flush(cursor, cursor.filled(events ?? [], clock(), out, why));
    });
  }

  function unmap(cursor: RoomCursor): void {
    if (byEpoch.get(cursor.epoch) === cursor) byEpoch.delete(cursor.epoch);
  }

  return {
    open(room) {
      const cursor = new RoomCursor(room);
      cursors.add(cursor);
      return cursor;
    },
    close(cursor) {
      cursors.delete(cursor);
      unmap(cursor);
    },
    entered(cursor, answer, on) {
      channel = on;
      unmap(cursor);
      const reason = cursor.entered(answer, clock(), out);
      byEpoch.set(answer.epoch, cursor);
      flush(cursor, reason);
    },
    receive(event) {
      const known = byEpoch.get(event.epoch);
      let taken = false;
      if (known) {
        taken = known.receive(event, clock, out);
        if (taken) flush(known);
      } else {
        // The answer that tells whose epoch it is may be on its way: every room that is being entered holds it.
        for (const cursor of cursors) taken = cursor.receive(event, clock, out) || taken;
        if (!taken) strange();
      }
      if (!taken) counts.dropped++;
    },
    compared(cursor, head) {
      const same = cursor.compared(head, clock());
      flush(cursor);
      return same;
    },
    detach(plain) {
      channel = undefined;
      alarm.stop();
      for (const cursor of cursors) {
        cursor.enter();
        if (plain) cursor.distrust();
      }
    },
  };
}
