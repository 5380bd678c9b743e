import { readPage } from "../delivery/page.js";
import type { ReceivedEvent } from "../delivery/received-event.js";
import type { Cursor } from "../delivery/recovery.js";
import { type EntryAnswer, RoomCursor } from "../delivery/room-cursor.js";
import { readAnswer } from "./answer.js";
import type { Channel } from "./channel.js";
import type { Clock } from "./clock.js";
import type { HandOn, ReceiveCounts } from "./handing-on.js";
import type { Tell } from "./local-events.js";

/** How long a page of a room's log may take, ms. */
const pageTimeoutMs = 10_000;

/** What a server says of a replay that it cannot go on with. */
const knownLosses: ReadonlySet<string> = new Set(["log_unknown", "held_too_much"]);

/** The numbered events of one room, on their way to the handlers. */
export interface RoomStream {
  readonly room: string;
  cursor: RoomCursor;
  /** From the request to enter until its answer. */
  entering: boolean;
  /** Whether a page is on its way. */
  asking: boolean;
  /** Where the replay of the last entry ends. */
  replayEnd: number;
}

/** Puts the events of every entered room in order: duplicates dropped, gaps filled, or `ws:resync` told. */
export interface RoomStreams {
  open(room: string): RoomStream;
  close(stream: RoomStream): void;
  /** From here on, live events of the room are held. */
  entering(stream: RoomStream): void;
  entered(stream: RoomStream, answer: EntryAnswer, channel: Channel): void;
  receive(event: ReceivedEvent): void;
  /** What the log's head is now; `false` when the room must be entered again. */
  compared(stream: RoomStream, head: Cursor): boolean;
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
  const streams = new Set<RoomStream>();
  const byEpoch = new Map<string, RoomStream>();
  // What is to be handed on now; empty again after every call.
  const out: ReceivedEvent[] = [];
  let channel: Channel | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  function flush(stream: RoomStream, reason?: string): void {
    const { room } = stream;
    const due = stream.cursor.dueAt;
    if (due < timerAt) schedule(due);
    // Handlers may come back here, so they are given a list of their own.
    const events = out.length > 1 ? out.splice(0) : out;
    if (reason !== undefined) tell("ws:resync", { room, reason });
    for (let event = events.shift(); event; event = events.shift()) {
      if (!streams.has(stream)) {
        counts.dropped++;
        continue;
      }
      const { seq, at, replayed } = event;
      const accepted = handOn(event.name, event.payload, { room, seq: seq || undefined, at, replayed });
      // Its number is used up: what it would have said is known to be missing.
      if (!accepted && seq > 0) tell("ws:resync", { room, reason: "payload_invalid" });
    }
  }

  function schedule(at: number): void {
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(fill, Math.max(0, at - clock()));
  }

  function fill(): void {
    timerAt = Number.POSITIVE_INFINITY;
    const now = clock();
    for (const stream of streams) {
      const request = stream.cursor.wanted(now);
      if (request && channel) ask(stream, channel, request);
      if (stream.cursor.dueAt < timerAt) schedule(stream.cursor.dueAt);
    }
  }

  function ask(stream: RoomStream, on: Channel, request: { epoch: string; after: number; limit: number }): void {
    const { cursor } = stream;
    stream.asking = true;
    on.request("$page", [request], pageTimeoutMs, (outcome) => {
      // Another connection, or another entry, has begun anew.
      if (on !== channel || cursor.epoch !== request.epoch || !streams.has(stream)) return;
      stream.asking = false;
      const events = "answer" in outcome && readPage(outcome.answer, request.epoch, request.after);
      if (events) return flush(stream, cursor.filled(events, clock(), out));
      if ("lost" in outcome && outcome.lost === "closed") return;
      const answer = readAnswer(outcome);
      const said = !answer.ok && knownLosses.has(answer.code) ? answer.code : undefined;
      const reason = said ?? (request.after < stream.replayEnd ? "replay_failed" : "gap_lost");
      flush(stream, cursor.lost(reason, clock(), out));
    });
  }

  function unmap(stream: RoomStream): void {
    if (byEpoch.get(stream.cursor.epoch) === stream) byEpoch.delete(stream.cursor.epoch);
  }

  return {
    open(room) {
      const stream: RoomStream = { room, cursor: new RoomCursor(), entering: false, asking: false, replayEnd: 0 };
      streams.add(stream);
      return stream;
    },
    close(stream) {
      streams.delete(stream);
      unmap(stream);
    },
    entering(stream) {
      stream.entering = true;
      stream.asking = false;
      stream.cursor.enter();
    },
    entered(stream, answer, on) {
      channel = on;
      stream.entering = false;
      stream.replayEnd = answer.seq;
      unmap(stream);
      const reason = stream.cursor.entered(answer, clock(), out);
      byEpoch.set(answer.epoch, stream);
      flush(stream, reason);
    },
    receive(event) {
      const stream = byEpoch.get(event.epoch);
      if (stream) {
        const { cursor, entering, asking } = stream;
        const isNext = event.seq === 0 || event.seq === cursor.seq + 1;
        // In order with nothing missing no deadline is set: reading the time would cost more than all the rest.
        const isCalm = isNext && !entering && !asking && cursor.dueAt === Number.POSITIVE_INFINITY;
        if (cursor.receive(event, isCalm ? 0 : clock(), out)) flush(stream);
        else counts.dropped++;
        return;
      }
      // The answer that tells whose epoch it is may be on its way.
      let held = false;
      for (const other of streams) if (other.entering) held = other.cursor.receive(event, clock(), out) || held;
      if (held) return;
      counts.dropped++;
      strange();
    },
    compared: (stream, head) => {
      const same = stream.cursor.compared(head, clock());
      flush(stream);
      return same;
    },
    detach(plain) {
      channel = undefined;
      clearTimeout(timer);
      timerAt = Number.POSITIVE_INFINITY;
      for (const stream of streams) {
        stream.entering = stream.asking = false;
        stream.cursor.enter();
        if (plain) stream.cursor.distrust();
      }
    },
  };
}
