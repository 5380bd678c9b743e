import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxSeq } from "../../../src/delivery/envelope.js";
import type { ReceivedEvent } from "../../../src/delivery/received-event.js";
import { judgeCursor } from "../../../src/delivery/recovery.js";
import { type EntryAnswer, holdBackMs, RoomCursor } from "../../../src/delivery/room-cursor.js";
import { holds } from "./property.js";
import { epochOf } from "./samples.js";

function eventOf(epoch: string, seq: number, payload: unknown = undefined): ReceivedEvent {
  return { name: "event", payload, epoch, seq, at: 0, replayed: false };
}

const epoch = epochOf(1);

/** A cursor that has entered at `seq`, with no history. */
function enteredAt(seq: number) {
  const cursor = new RoomCursor("game_1");
  cursor.enter();
  cursor.entered({ epoch, seq, recovered: false }, 0, []);
  return cursor;
}

const seqsOf = (events: readonly ReceivedEvent[]) => events.map(({ seq }) => seq);

// A room's log and its node, a wire that loses, doubles and reorders, a client that is cut and comes back.
class Room {
  epochs = 1;
  epoch = epochOf(1);
  seq = 0;
  floor = 0;
  now = 0;
  cursor = new RoomCursor("game_1");
  wire: (ReceivedEvent | { answer: EntryAnswer })[] | undefined;
  out: ReceivedEvent[] = [];
  handed: ReceivedEvent[] = [];
  seen = new Set<string>();
  resyncs: string[] = [];
  place: { epoch: string; seq: number } | undefined;
  replayEnd = 0;

  publish(numbered: boolean, lost: boolean) {
    const event = eventOf(this.epoch, numbered ? ++this.seq : 0);
    if (this.wire && !lost) this.wire.push(event);
  }

  connect(paged: boolean, history: number) {
    this.cursor.enter();
    const verdict = judgeCursor(this, this.cursor.cursor, history);
    this.wire = [{ answer: { ...verdict, paged } }];
    if (!paged) for (let seq = verdict.after + 1; seq <= verdict.seq; seq++) this.wire.push(eventOf(this.epoch, seq));
  }

  deliver(which: number, doubled: boolean) {
    const { wire } = this;
    if (!wire?.length) return;
    const index = which % Math.min(3, wire.length);
    const item = wire[index] as (typeof wire)[number];
    if (!doubled || "answer" in item) wire.splice(index, 1);
    if ("answer" in item) this.enter(item.answer);
    else {
      this.cursor.receive({ ...item }, () => this.now, this.out);
      this.check(undefined);
    }
  }

  enter(answer: EntryAnswer) {
    const first = this.place === undefined;
    const before = this.cursor.cursor;
    const reason = this.cursor.entered(answer, this.now, this.out);
    this.replayEnd = answer.seq;
    // Where the server says recovered, and it is so, no view has to be told anything; otherwise every view has.
    expect(reason === undefined).toBe(first || answer.recovered);
    if (first) this.place = { epoch: answer.epoch, seq: answer.after ?? answer.seq };
    if (before && answer.recovered) expect(before.epoch).toBe(answer.epoch);
    this.check(reason);
  }

  /** Asks for what is missing, if the time has come, and answers it from the log, or does not. */
  fill(succeeds: boolean, most: number) {
    const wanted = this.cursor.wanted(this.now);
    if (!wanted || !this.wire) return;
    expect(this.cursor.wanted(this.now)).toBeUndefined();
    const gone = wanted.epoch !== this.epoch || wanted.after < this.floor;
    if (!succeeds || gone) return this.check(this.cursor.filled([], this.now, this.out));
    const events: ReceivedEvent[] = [];
    const end = Math.min(this.seq, wanted.after + Math.min(wanted.limit, most));
    for (let seq = wanted.after + 1; seq <= end; seq++) events.push(eventOf(this.epoch, seq));
    this.check(this.cursor.filled(events, this.now, this.out));
  }

  compare(paged: boolean) {
    if (this.wire && this.place && !this.cursor.compared(this, this.now)) this.connect(paged, 0);
  }

  /** Holds what was handed on to the law: once, in order, without a hole that was not reported. */
  check(reason: string | undefined) {
    if (reason !== undefined) {
      this.resyncs.push(reason);
      this.place = undefined;
    }
    const numbered = this.out.filter(({ seq }) => seq > 0);
    for (const event of numbered) {
      const identity = `${event.epoch} ${event.seq}`;
      expect(this.seen.has(identity)).toBe(false);
      this.seen.add(identity);
      if (this.place) {
        expect(event.epoch).toBe(this.place.epoch);
        expect(event.seq).toBe(this.place.seq + 1);
      }
      this.place = event;
      expect(event.replayed).toBe(event.seq <= this.replayEnd);
    }
    // A replay is handed on whole, in one go.
    const replayed = numbered.filter((event) => event.replayed);
    if (replayed.length > 0) expect(replayed.at(-1)?.seq).toBe(this.replayEnd);
    this.handed.push(...this.out.splice(0));
    if (!this.place && this.cursor.cursor) this.place = { ...this.cursor.cursor };
    if (this.place && this.cursor.cursor) expect(this.cursor.cursor).toMatchObject({ seq: this.place.seq });
  }
}

const steps = fc.array(
  fc.record({
    do: fc.oneof(
      { weight: 8, arbitrary: fc.constant("publish") },
      { weight: 10, arbitrary: fc.constant("deliver") },
      { weight: 1, arbitrary: fc.constantFrom("cut", "connect", "trim", "restart", "compare") },
      { weight: 2, arbitrary: fc.constant("connect") },
      { weight: 4, arbitrary: fc.constant("tick") },
    ),
    which: fc.nat(2),
    one: fc.boolean(),
    rarely: fc.nat(9).map((value) => value === 0),
    size: fc.nat(400),
  }),
  { maxLength: 200, size: "max" },
);

describe("a room's cursor", () => {
  it("hands every number on once and in order, or reports the room, through loss, doubles, disorder, cuts and restarts", () => {
    let resyncs = 0;
    let handed = 0;
    holds(
      fc.property(steps, (list) => {
        const room = new Room();
        for (const { do: what, which, one, rarely, size } of list) {
          if (what === "publish") room.publish(!rarely, one && size % 4 === 0);
          else if (what === "deliver") room.deliver(which, rarely);
          else if (what === "cut") room.wire = undefined;
          else if (what === "connect") {
            if (!room.wire || rarely) room.connect(one, rarely ? 5 : 0);
          } else if (what === "trim") room.floor = Math.min(room.seq, room.floor + which + 1);
          else if (what === "compare") room.compare(one);
          else if (what === "restart") {
            room.epoch = epochOf(++room.epochs);
            room.seq = room.floor = 0;
            room.wire = undefined;
          } else {
            room.now += size;
            room.fill(!rarely, which + 1);
          }
        }
        // Left alone on a sound line, it comes to the head, whatever happened before.
        room.connect(false, 0);
        while (room.wire?.length) room.deliver(0, false);
        for (let turn = 0; turn < 3; turn++) {
          room.now += holdBackMs;
          room.fill(true, 1_000);
        }
        expect(room.cursor.cursor).toEqual({ epoch: room.epoch, seq: room.seq });
        expect(room.cursor.dueAt).toBe(Number.POSITIVE_INFINITY);
        // And keeps nothing that it has no use for any more.
        const { held, loose } = room.cursor as unknown as { held: Map<number, unknown>; loose: unknown[] };
        expect([held.size, loose.length]).toEqual([0, 0]);
        resyncs += room.resyncs.length;
        handed += room.handed.length;
      }),
      400,
    );
    // The run saw both outcomes, or it has shown nothing.
    expect(Math.min(resyncs, handed)).toBeGreaterThan(50);
  });

  it("reports nothing lost where nothing was trimmed or restarted, and then misses no number", () => {
    holds(
      fc.property(steps, (list) => {
        const room = new Room();
        room.connect(false, 0);
        room.deliver(0, false);
        for (const { do: what, which, one, rarely, size } of list) {
          if (what === "publish") room.publish(true, one && size % 4 === 0);
          else if (what === "deliver") room.deliver(which, rarely);
          else if (what === "cut") room.wire = undefined;
          else if (what === "connect" && !room.wire) room.connect(one, 0);
          else if (what === "compare") room.compare(one);
          else if (what === "tick") {
            room.now += size;
            room.fill(true, which + 1);
          }
        }
        if (!room.wire) room.connect(false, 0);
        while (room.wire?.length) room.deliver(0, false);
        room.compare(false);
        for (let turn = 0; turn <= room.seq; turn++) {
          room.now += holdBackMs;
          room.fill(true, 1);
        }
        expect(room.resyncs).toEqual([]);
        expect(seqsOf(room.handed)).toEqual(Array.from({ length: room.seq }, (_, index) => index + 1));
      }),
      250,
    );
  });

  it("drops what it has seen, held or handed on", () => {
    const cursor = enteredAt(5);
    const out: ReceivedEvent[] = [];
    expect(cursor.receive(eventOf(epoch, 6), () => 0, out)).toBe(true);
    expect(cursor.receive(eventOf(epoch, 6), () => 0, out)).toBe(false);
    expect(cursor.receive(eventOf(epoch, 8), () => 0, out)).toBe(true);
    expect(cursor.receive(eventOf(epoch, 8), () => 0, out)).toBe(false);
    expect(cursor.receive(eventOf(epoch, 3), () => 0, out)).toBe(false);
    expect(cursor.receive(eventOf(epochOf(2), 7), () => 0, out)).toBe(false);
    expect(seqsOf(out)).toEqual([6]);
  });

  it("holds a gap back 200 ms before it asks, and not at all when the missing event comes by itself", () => {
    const cursor = enteredAt(0);
    const out: ReceivedEvent[] = [];
    cursor.receive(eventOf(epoch, 3), () => 1_000, out);
    expect([cursor.dueAt, cursor.wanted(1_199)]).toEqual([1_200, undefined]);
    cursor.receive(eventOf(epoch, 4), () => 1_100, out);
    expect(cursor.dueAt).toBe(1_200);
    cursor.receive(eventOf(epoch, 2), () => 1_150, out);
    cursor.receive(eventOf(epoch, 1), () => 1_199, out);
    expect(seqsOf(out)).toEqual([1, 2, 3, 4]);
    expect([cursor.dueAt, cursor.wanted(9_999)]).toEqual([Number.POSITIVE_INFINITY, undefined]);
  });

  it("holds the next gap back as long, from when the one before it closed", () => {
    const cursor = enteredAt(0);
    for (const [seq, now] of [
      [2, 0],
      [4, 100],
      [1, 150],
    ] as const)
      cursor.receive(eventOf(epoch, seq), () => now, []);
    expect(cursor.dueAt).toBe(150 + holdBackMs);
  });

  it("waits for a replay that follows by itself, and asks at once for one that comes in pages", () => {
    for (const paged of [false, true]) {
      const cursor = enteredAt(5);
      cursor.enter();
      cursor.entered({ epoch, seq: 8, recovered: true, paged }, 1_000, []);
      expect(cursor.dueAt).toBe(paged ? 1_000 : 1_000 + holdBackMs);
    }
  });

  it("takes no answer to what it asked before it entered again", () => {
    const cursor = enteredAt(0);
    const out: ReceivedEvent[] = [];
    cursor.receive(eventOf(epoch, 2), () => 0, out);
    cursor.wanted(holdBackMs);
    cursor.enter();
    expect(cursor.filled([], holdBackMs, out)).toBeUndefined();
    expect(cursor.cursor).toEqual({ epoch, seq: 0 });
    expect(cursor.entered({ epoch, seq: 2, recovered: true }, holdBackMs, out)).toBeUndefined();
    cursor.receive(eventOf(epoch, 1), () => holdBackMs, out);
    expect(seqsOf(out)).toEqual([1, 2]);
  });

  it("asks for exactly the hole, and merges the answer with what came meanwhile", () => {
    const cursor = enteredAt(0);
    const out: ReceivedEvent[] = [];
    for (const seq of [1, 4, 7]) cursor.receive(eventOf(epoch, seq), () => 0, out);
    expect(cursor.wanted(200)).toEqual({ epoch, after: 1, limit: 2 });
    cursor.receive(eventOf(epoch, 3), () => 210, out);
    cursor.receive(eventOf(epoch, 8), () => 220, out);
    expect(cursor.filled([eventOf(epoch, 2), eventOf(epoch, 3)], 230, out)).toBeUndefined();
    expect(seqsOf(out)).toEqual([1, 2, 3, 4]);
    expect(cursor.wanted(230)).toEqual({ epoch, after: 4, limit: 2 });
    cursor.receive(eventOf(epoch, 5), () => 240, out);
    cursor.receive(eventOf(epoch, 6), () => 240, out);
    // It closed by itself: an answer that brings nothing is no loss then.
    expect(cursor.filled([], 250, out)).toBeUndefined();
    expect(seqsOf(out)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(out.some(({ replayed }) => replayed)).toBe(false);
  });

  it("asks for no more than a page of a hole, whatever number a server says there is", () => {
    const cursor = enteredAt(0);
    cursor.receive(eventOf(epoch, maxSeq), () => 0, []);
    expect(cursor.wanted(holdBackMs)).toEqual({ epoch, after: 0, limit: 1_000 });
  });

  it("reports a hole that cannot be filled, and goes on after it", () => {
    const cursor = enteredAt(0);
    const out: ReceivedEvent[] = [];
    cursor.receive(eventOf(epoch, 3), () => 0, out);
    cursor.wanted(200);
    expect(cursor.filled([], 200, out)).toBe("gap_lost");
    expect(seqsOf(out)).toEqual([3]);
    expect(cursor.cursor).toEqual({ epoch, seq: 3 });
  });

  it("gives up the first hole alone where there are more, and no number after the last that is known", () => {
    const cursor = enteredAt(0);
    const out: ReceivedEvent[] = [];
    for (const seq of [3, 5]) cursor.receive(eventOf(epoch, seq), () => 0, out);
    cursor.wanted(holdBackMs);
    expect(cursor.filled([], holdBackMs, out)).toBe("gap_lost");
    expect(seqsOf(out)).toEqual([3]);
    cursor.receive(eventOf(epoch, 4), () => 0, out);
    cursor.compared({ epoch, seq: 6 }, 0);
    cursor.wanted(holdBackMs);
    expect(cursor.filled([], holdBackMs, out)).toBe("gap_lost");
    cursor.receive(eventOf(epoch, 7), () => 0, out);
    expect(seqsOf(out)).toEqual([3, 4, 5, 7]);
  });

  it("gives the reason that it was told, and none where the hole closed by itself before the refusal came", () => {
    for (const closed of [false, true]) {
      const cursor = enteredAt(0);
      const out: ReceivedEvent[] = [];
      cursor.receive(eventOf(epoch, 2), () => 0, out);
      cursor.wanted(200);
      if (closed) cursor.receive(eventOf(epoch, 1), () => 210, out);
      expect(cursor.filled([], 220, out, "log_unknown")).toBe(closed ? undefined : "log_unknown");
      expect(seqsOf(out)).toEqual(closed ? [1, 2] : [2]);
    }
  });

  it("finds a lost last event by the head, and a forgotten room by its epoch", () => {
    const cursor = enteredAt(4);
    expect(cursor.compared({ epoch, seq: 4 }, 0)).toBe(true);
    expect(cursor.dueAt).toBe(Number.POSITIVE_INFINITY);
    expect(cursor.compared({ epoch, seq: 6 }, 0)).toBe(true);
    expect(cursor.dueAt).toBe(holdBackMs);
    expect(cursor.wanted(200)).toEqual({ epoch, after: 4, limit: 2 });
    expect(cursor.compared({ epoch: epochOf(2), seq: 9 }, 0)).toBe(false);
    // The answer to an entry that was begun says it better.
    cursor.enter();
    expect(cursor.compared({ epoch: epochOf(2), seq: 9 }, 0)).toBe(true);
  });

  it("hands nothing on until the replay is complete, then all of it, marked, and the live ones after it", () => {
    const cursor = enteredAt(5);
    const out: ReceivedEvent[] = [];
    cursor.enter();
    cursor.receive(eventOf(epoch, 9), () => 0, out);
    cursor.receive(eventOf(epoch, 0, "live"), () => 0, out);
    expect(cursor.entered({ epoch, seq: 8, recovered: true, paged: true }, 0, out)).toBeUndefined();
    expect(cursor.wanted(0)).toEqual({ epoch, after: 5, limit: 3 });
    cursor.filled([eventOf(epoch, 6), eventOf(epoch, 7)], 0, out);
    expect(out).toEqual([]);
    expect(cursor.cursor).toEqual({ epoch, seq: 5 });
    expect(cursor.wanted(0)).toEqual({ epoch, after: 7, limit: 1 });
    cursor.filled([eventOf(epoch, 8)], 0, out);
    expect(out.map(({ seq, replayed }) => [seq, replayed])).toEqual([
      [6, true],
      [7, true],
      [8, true],
      [9, false],
      [0, false],
    ]);
  });

  it("gives a replay up whole when it fails midway", () => {
    const cursor = enteredAt(5);
    const out: ReceivedEvent[] = [];
    cursor.enter();
    cursor.entered({ epoch, seq: 8, recovered: true, paged: true }, 0, out);
    cursor.wanted(0);
    cursor.receive(eventOf(epoch, 9), () => 0, out);
    cursor.filled([eventOf(epoch, 6), eventOf(epoch, 7)], 0, out);
    cursor.wanted(0);
    expect(cursor.filled([], 0, out)).toBe("replay_failed");
    expect(seqsOf(out)).toEqual([9]);
    expect((cursor as unknown as { held: Map<number, unknown> }).held.size).toBe(0);
  });

  it("begins at the head of a new epoch when its own is gone, keeping the live events of the new one only", () => {
    const cursor = enteredAt(5);
    const out: ReceivedEvent[] = [];
    cursor.receive(eventOf(epoch, 7), () => 0, out);
    cursor.enter();
    const other = epochOf(2);
    for (const event of [eventOf(other, 2), eventOf(other, 7), eventOf(other, 3), eventOf(epoch, 8), eventOf(epoch, 0)])
      expect(cursor.receive(event, () => 0, out)).toBe(true);
    const answer = { epoch: other, seq: 2, recovered: false, reason: "epoch_changed" };
    expect(cursor.entered(answer, 0, out)).toBe("epoch_changed");
    expect(out.map((event) => [event.epoch, event.seq])).toEqual([[other, 3]]);
    expect(cursor.wanted(holdBackMs)).toEqual({ epoch: other, after: 3, limit: 3 });
    cursor.filled([eventOf(other, 4), eventOf(other, 5), eventOf(other, 6)], holdBackMs, out);
    expect(out.map((event) => [event.epoch, event.seq])).toEqual([3, 4, 5, 6, 7].map((seq) => [other, seq]));
  });

  it("does not keep an unnumbered event of a new epoch waiting for a number of the old one", () => {
    const cursor = enteredAt(500);
    const out: ReceivedEvent[] = [];
    cursor.enter();
    cursor.receive(eventOf(epoch, 600), () => 0, out);
    cursor.receive(eventOf(epochOf(2), 0, "live"), () => 0, out);
    cursor.entered({ epoch: epochOf(2), seq: 2, recovered: false, reason: "epoch_changed" }, 0, out);
    expect(out.map(({ payload }) => payload)).toEqual(["live"]);
  });

  it("does not go back over what it handed on when a room of the same epoch is not recovered", () => {
    const cursor = enteredAt(5);
    const out: ReceivedEvent[] = [];
    cursor.enter();
    expect(cursor.entered({ epoch, seq: 9, after: 3, recovered: false, reason: "held_too_much" }, 0, out)).toBe(
      "held_too_much",
    );
    for (let seq = 4; seq <= 9; seq++) cursor.receive(eventOf(epoch, seq), () => 0, out);
    expect(seqsOf(out)).toEqual([6, 7, 8, 9]);
    // Nothing is missing then, though there would be pages to ask for.
    cursor.enter();
    cursor.entered({ epoch, seq: 9, after: 3, recovered: false, paged: true }, 0, out);
    expect(cursor.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  it("brings no place to the next entry once it is distrusted, says so then, and has one again", () => {
    const cursor = enteredAt(5);
    cursor.distrust();
    expect(cursor.cursor).toBeUndefined();
    cursor.enter();
    expect(cursor.entered({ epoch, seq: 6, recovered: false }, 0, [])).toBe("plain");
    expect(cursor.cursor).toEqual({ epoch, seq: 6 });
    cursor.enter();
    expect(cursor.entered({ epoch, seq: 7, recovered: false, reason: "too_old" }, 0, [])).toBe("too_old");
  });

  it("does not believe a recovery that its own place contradicts", () => {
    for (const answer of [
      { epoch: epochOf(2), seq: 5, recovered: true },
      { epoch, seq: 4, recovered: true },
    ]) {
      const cursor = enteredAt(5);
      cursor.enter();
      expect(cursor.entered(answer, 0, [])).toBe("cursor_invalid");
      expect(cursor.cursor).toEqual({ epoch: answer.epoch, seq: answer.seq });
    }
  });

  it("takes as much history as was granted on the first entry, as a replay and without a reason", () => {
    const cursor = new RoomCursor("game_1");
    const out: ReceivedEvent[] = [];
    expect(cursor.cursor).toBeUndefined();
    cursor.enter();
    expect(cursor.entered({ epoch, seq: 9, recovered: false, after: 7 }, 0, out)).toBeUndefined();
    for (const seq of [8, 9, 10]) cursor.receive(eventOf(epoch, seq), () => 0, out);
    expect(out.map(({ seq, replayed }) => [seq, replayed])).toEqual([
      [8, true],
      [9, true],
      [10, false],
    ]);
  });

  it("keeps an unnumbered event behind the numbers that came before it", () => {
    holds(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), fc.nat(30), (kinds, missing) => {
        const cursor = enteredAt(0);
        const out: ReceivedEvent[] = [];
        let seq = 0;
        const sent = kinds.map((numbered, index) => eventOf(epoch, numbered ? ++seq : 0, index));
        const hole = sent.find((event) => event.seq === missing + 1);
        for (const event of sent) if (event !== hole) cursor.receive(event, () => 0, out);
        if (hole) cursor.receive(hole, () => 0, out);
        expect(seqsOf(out).filter((number) => number > 0)).toEqual(
          Array.from({ length: seq }, (_, index) => index + 1),
        );
        expect(out).toHaveLength(sent.length);
        for (const [index, event] of sent.entries()) {
          if (event.seq > 0) continue;
          for (const before of sent.slice(0, index))
            if (before !== hole) expect(out.indexOf(before)).toBeLessThan(out.indexOf(event));
        }
      }),
    );
  });
});
