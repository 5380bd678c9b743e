import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxSeq } from "../../../src/delivery/envelope.js";
import type { ReceivedEvent } from "../../../src/delivery/received-event.js";
import { judgeCursor } from "../../../src/delivery/recovery.js";
import { createRoomCursor, type EntryAnswer, type FillRequest, holdBackMs } from "../../../src/delivery/room-cursor.js";
import { holds } from "./property.js";
import { epochOf } from "./samples.js";

function eventOf(epoch: string, seq: number, payload: unknown = undefined): ReceivedEvent {
  return { name: "event", payload, epoch, seq, at: 0, replayed: false };
}

const epoch = epochOf(1);

/** A cursor with a clock that is set by hand, and what it has told so far. */
class Reader {
  now = 0;
  dueAt = Number.POSITIVE_INFINITY;
  /** What was handed on. */
  out: ReceivedEvent[] = [];
  refuses = false;
  onTold = () => {};
  /** The same, and the reasons for which it was told anew, in the order in which all of it was told. */
  told: (ReceivedEvent | string)[] = [];
  private request: FillRequest | undefined;
  private readonly room = createRoomCursor(
    {
      within: (ms) => {
        this.dueAt = Math.min(this.dueAt, this.now + ms);
      },
      stop: () => {
        this.dueAt = Number.POSITIVE_INFINITY;
      },
    },
    {
      handOn: (event) => {
        this.told.push(event);
        this.out.push(event);
        this.onTold();
        return !this.refuses;
      },
      resync: (reason) => {
        this.told.push(reason);
        this.onTold();
      },
    },
  );

  get cursor() {
    return this.room.cursor;
  }

  enter(wasPlain?: boolean) {
    return this.room.enter(wasPlain);
  }

  entered(answer: EntryAnswer, now: number) {
    return this.reasonOf(now, () => this.room.entered(answer));
  }

  receive(event: ReceivedEvent, now: number) {
    this.now = now;
    return this.room.receive(event);
  }

  compared(head: { epoch: string; seq: number }, now: number) {
    this.now = now;
    return this.room.compared(head);
  }

  /** What it asks for, once its timer has rung. */
  wanted(now: number) {
    this.now = now;
    if (now < this.dueAt) return undefined;
    this.dueAt = Number.POSITIVE_INFINITY;
    this.request = this.room.wanted();
    return this.request;
  }

  filled(events: readonly ReceivedEvent[], now: number, why?: string) {
    return this.reasonOf(now, () => this.room.filled(this.request as FillRequest, events, why));
  }

  /** Gives the reason that was told meanwhile: one at most. */
  private reasonOf(now: number, act: () => void): string | undefined {
    this.now = now;
    const { length } = this.told;
    act();
    const reasons = this.told.slice(length).filter((item) => typeof item === "string");
    expect(reasons.length).toBeLessThan(2);
    return reasons[0];
  }
}

/** A cursor that has entered at `seq`, with no history. */
function enteredAt(seq: number) {
  const cursor = new Reader();
  cursor.enter();
  cursor.entered({ epoch, seq, recovered: false }, 0);
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
  cursor = new Reader();
  wire: (ReceivedEvent | { answer: EntryAnswer })[] | undefined;
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
      this.cursor.receive({ ...item }, this.now);
      this.check();
    }
  }

  enter(answer: EntryAnswer) {
    const first = this.place === undefined;
    const before = this.cursor.cursor;
    const reason = this.cursor.entered(answer, this.now);
    this.replayEnd = answer.seq;
    // Where the server says recovered, and it is so, no view has to be told anything; otherwise every view has.
    expect(reason === undefined).toBe(first || answer.recovered);
    if (first) this.place = { epoch: answer.epoch, seq: answer.after ?? answer.seq };
    if (before && answer.recovered) expect(before.epoch).toBe(answer.epoch);
    this.check();
  }

  /** Asks for what is missing, if the time has come, and answers it from the log, or does not. */
  fill(succeeds: boolean, most: number) {
    const wanted = this.cursor.wanted(this.now);
    if (!wanted || !this.wire) return;
    expect(this.cursor.wanted(this.now)).toBeUndefined();
    const gone = wanted.epoch !== this.epoch || wanted.after < this.floor;
    if (!succeeds || gone) {
      this.cursor.filled([], this.now);
      return this.check();
    }
    const events: ReceivedEvent[] = [];
    const end = Math.min(this.seq, wanted.after + Math.min(wanted.limit, most));
    for (let seq = wanted.after + 1; seq <= end; seq++) events.push(eventOf(this.epoch, seq));
    this.cursor.filled(events, this.now);
    this.check();
  }

  compare(paged: boolean) {
    if (this.wire && this.place && !this.cursor.compared(this, this.now)) this.connect(paged, 0);
  }

  /** Holds what was handed on to the law: once, in order, without a hole that was not reported. */
  check() {
    const told = this.cursor.told.splice(0);
    for (const item of told) {
      if (typeof item === "string") {
        this.resyncs.push(item);
        this.place = undefined;
      } else if (item.seq > 0) {
        const identity = `${item.epoch} ${item.seq}`;
        expect(this.seen.has(identity)).toBe(false);
        this.seen.add(identity);
        if (this.place) {
          expect(item.epoch).toBe(this.place.epoch);
          expect(item.seq).toBe(this.place.seq + 1);
        }
        this.place = item;
        expect(item.replayed).toBe(item.seq <= this.replayEnd);
      }
    }
    // A replay is handed on whole, in one go.
    const handed = told.filter((item) => typeof item === "object");
    const replayed = handed.filter((event) => event.replayed);
    if (replayed.length > 0) expect(replayed.at(-1)?.seq).toBe(this.replayEnd);
    this.handed.push(...handed);
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
        expect(room.cursor.enter()).toBe(0);
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
    const { out } = cursor;
    expect(cursor.receive(eventOf(epoch, 6), 0)).toBe(true);
    expect(cursor.receive(eventOf(epoch, 6), 0)).toBe(false);
    expect(cursor.receive(eventOf(epoch, 8), 0)).toBe(true);
    expect(cursor.receive(eventOf(epoch, 8), 0)).toBe(false);
    expect(cursor.receive(eventOf(epoch, 3), 0)).toBe(false);
    expect(cursor.receive(eventOf(epochOf(2), 7), 0)).toBe(false);
    expect(seqsOf(out)).toEqual([6]);
  });

  it("holds a gap back 200 ms before it asks, and not at all when the missing event comes by itself", () => {
    const cursor = enteredAt(0);
    const { out } = cursor;
    cursor.receive(eventOf(epoch, 3), 1_000);
    expect([cursor.dueAt, cursor.wanted(1_199)]).toEqual([1_200, undefined]);
    cursor.receive(eventOf(epoch, 4), 1_100);
    expect(cursor.dueAt).toBe(1_200);
    cursor.receive(eventOf(epoch, 2), 1_150);
    cursor.receive(eventOf(epoch, 1), 1_199);
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
      cursor.receive(eventOf(epoch, seq), now);
    expect(cursor.dueAt).toBe(150 + holdBackMs);
  });

  it("waits for a replay that follows by itself, and asks at once for one that comes in pages", () => {
    for (const paged of [false, true]) {
      const cursor = enteredAt(5);
      cursor.enter();
      cursor.entered({ epoch, seq: 8, recovered: true, paged }, 1_000);
      expect(cursor.dueAt).toBe(paged ? 1_000 : 1_000 + holdBackMs);
    }
  });

  it("takes no answer to what it asked before it entered again", () => {
    const cursor = enteredAt(0);
    const { out } = cursor;
    cursor.receive(eventOf(epoch, 2), 0);
    cursor.wanted(holdBackMs);
    cursor.enter();
    expect(cursor.filled([], holdBackMs)).toBeUndefined();
    expect(cursor.cursor).toEqual({ epoch, seq: 0 });
    expect(cursor.entered({ epoch, seq: 2, recovered: true }, holdBackMs)).toBeUndefined();
    for (const seq of [1, 2]) cursor.receive(eventOf(epoch, seq), holdBackMs);
    expect(seqsOf(out)).toEqual([1, 2]);
  });

  it("asks for exactly the hole, and merges the answer with what came meanwhile", () => {
    const cursor = enteredAt(0);
    const { out } = cursor;
    for (const seq of [1, 4, 7]) cursor.receive(eventOf(epoch, seq), 0);
    expect(cursor.wanted(200)).toEqual({ epoch, after: 1, limit: 2 });
    cursor.receive(eventOf(epoch, 3), 210);
    cursor.receive(eventOf(epoch, 8), 220);
    expect(cursor.filled([eventOf(epoch, 2), eventOf(epoch, 3)], 230)).toBeUndefined();
    expect(seqsOf(out)).toEqual([1, 2, 3, 4]);
    expect(cursor.wanted(230)).toEqual({ epoch, after: 4, limit: 2 });
    cursor.receive(eventOf(epoch, 5), 240);
    cursor.receive(eventOf(epoch, 6), 240);
    // It closed by itself: an answer that brings nothing is no loss then.
    expect(cursor.filled([], 250)).toBeUndefined();
    expect(seqsOf(out)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(out.some(({ replayed }) => replayed)).toBe(false);
  });

  it("asks for no more than a page of a hole, whatever number a server says there is", () => {
    const cursor = enteredAt(0);
    cursor.receive(eventOf(epoch, maxSeq), 0);
    expect(cursor.wanted(holdBackMs)).toEqual({ epoch, after: 0, limit: 1_000 });
  });

  it("reports a hole that cannot be filled, and goes on after it", () => {
    const cursor = enteredAt(0);
    const { out } = cursor;
    cursor.receive(eventOf(epoch, 3), 0);
    cursor.wanted(200);
    expect(cursor.filled([], 200)).toBe("gap_lost");
    expect(seqsOf(out)).toEqual([3]);
    expect(cursor.cursor).toEqual({ epoch, seq: 3 });
  });

  it("gives up the first hole alone where there are more, and no number after the last that is known", () => {
    const cursor = enteredAt(0);
    const { out } = cursor;
    for (const seq of [3, 5]) cursor.receive(eventOf(epoch, seq), 0);
    cursor.wanted(holdBackMs);
    expect(cursor.filled([], holdBackMs)).toBe("gap_lost");
    expect(seqsOf(out)).toEqual([3]);
    cursor.receive(eventOf(epoch, 4), 2 * holdBackMs);
    cursor.compared({ epoch, seq: 6 }, 2 * holdBackMs);
    cursor.wanted(3 * holdBackMs);
    expect(cursor.filled([], 3 * holdBackMs)).toBe("gap_lost");
    cursor.receive(eventOf(epoch, 7), 3 * holdBackMs);
    expect(seqsOf(out)).toEqual([3, 4, 5, 7]);
  });

  it("asks for nothing after the last number that is known, once it gave up what was missing before", () => {
    const cursor = enteredAt(0);
    cursor.compared({ epoch, seq: 2 }, 0);
    expect(cursor.wanted(holdBackMs)).toEqual({ epoch, after: 0, limit: 2 });
    expect(cursor.filled([], holdBackMs)).toBe("gap_lost");
    expect(cursor.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  it("gives the reason that it was told, and none where the hole closed by itself before the refusal came", () => {
    for (const closed of [false, true]) {
      const cursor = enteredAt(0);
      const { out } = cursor;
      cursor.receive(eventOf(epoch, 2), 0);
      cursor.wanted(200);
      if (closed) cursor.receive(eventOf(epoch, 1), 210);
      expect(cursor.filled([], 220, "log_unknown")).toBe(closed ? undefined : "log_unknown");
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
    const { out } = cursor;
    cursor.enter();
    cursor.receive(eventOf(epoch, 9), 0);
    cursor.receive(eventOf(epoch, 0, "live"), 0);
    expect(cursor.entered({ epoch, seq: 8, recovered: true, paged: true }, 0)).toBeUndefined();
    expect(cursor.wanted(0)).toEqual({ epoch, after: 5, limit: 3 });
    cursor.filled([eventOf(epoch, 6), eventOf(epoch, 7)], 0);
    expect(out).toEqual([]);
    expect(cursor.cursor).toEqual({ epoch, seq: 5 });
    expect(cursor.wanted(0)).toEqual({ epoch, after: 7, limit: 1 });
    cursor.filled([eventOf(epoch, 8)], 0);
    expect(out.map(({ seq, replayed }) => [seq, replayed])).toEqual([
      [6, true],
      [7, true],
      [8, true],
      [9, false],
      [0, false],
    ]);
  });

  it("tells before it hands on what is behind a hole that it gave up, and after what was complete before", () => {
    const cursor = enteredAt(0);
    for (const seq of [1, 3]) cursor.receive(eventOf(epoch, seq), 0);
    cursor.wanted(200);
    cursor.filled([], 200);
    expect(cursor.told.map((item) => (typeof item === "string" ? item : item.seq))).toEqual([1, "gap_lost", 3]);
  });

  it("stops where whoever is told enters anew, and has then handled what it was told of and nothing else", () => {
    for (const refuses of [false, true]) {
      const cursor = enteredAt(0);
      cursor.refuses = refuses;
      cursor.onTold = () => void expect(cursor.enter()).toBe(2);
      for (const seq of [2, 3, 1]) cursor.receive(eventOf(epoch, seq), 0);
      expect(seqsOf(cursor.out)).toEqual([1]);
      // One that was refused is told of with the next connection.
      expect(cursor.cursor).toEqual({ epoch, seq: refuses ? 0 : 1 });
    }
  });

  it("gives a replay up whole when it fails midway", () => {
    const cursor = enteredAt(5);
    const { out } = cursor;
    cursor.enter();
    cursor.entered({ epoch, seq: 8, recovered: true, paged: true }, 0);
    cursor.wanted(0);
    cursor.receive(eventOf(epoch, 9), 0);
    cursor.filled([eventOf(epoch, 6), eventOf(epoch, 7)], 0);
    cursor.wanted(0);
    expect(cursor.filled([], 0)).toBe("replay_failed");
    expect(seqsOf(out)).toEqual([9]);
    // Nothing of it is kept.
    expect(cursor.enter()).toBe(0);
  });

  it("begins at the head of a new epoch when its own is gone, keeping the live events of the new one only", () => {
    const cursor = enteredAt(5);
    const { out } = cursor;
    cursor.receive(eventOf(epoch, 7), 0);
    cursor.enter();
    const other = epochOf(2);
    for (const event of [eventOf(other, 2), eventOf(other, 7), eventOf(other, 3), eventOf(epoch, 8), eventOf(epoch, 0)])
      expect(cursor.receive(event, 0)).toBe(true);
    const answer = { epoch: other, seq: 2, recovered: false, reason: "epoch_changed" };
    expect(cursor.entered(answer, 0)).toBe("epoch_changed");
    expect(out.map((event) => [event.epoch, event.seq])).toEqual([[other, 3]]);
    expect(cursor.wanted(holdBackMs)).toEqual({ epoch: other, after: 3, limit: 3 });
    cursor.filled([eventOf(other, 4), eventOf(other, 5), eventOf(other, 6)], holdBackMs);
    expect(out.map((event) => [event.epoch, event.seq])).toEqual([3, 4, 5, 6, 7].map((seq) => [other, seq]));
  });

  it("does not keep an unnumbered event of a new epoch waiting for a number of the old one", () => {
    const cursor = enteredAt(500);
    const { out } = cursor;
    cursor.enter();
    cursor.receive(eventOf(epoch, 600), 0);
    cursor.receive(eventOf(epochOf(2), 0, "live"), 0);
    cursor.entered({ epoch: epochOf(2), seq: 2, recovered: false, reason: "epoch_changed" }, 0);
    expect(out.map(({ payload }) => payload)).toEqual(["live"]);
  });

  it("does not go back over what it handed on when a room of the same epoch is not recovered", () => {
    const cursor = enteredAt(5);
    const { out } = cursor;
    cursor.enter();
    expect(cursor.entered({ epoch, seq: 9, after: 3, recovered: false, reason: "held_too_much" }, 0)).toBe(
      "held_too_much",
    );
    for (let seq = 4; seq <= 9; seq++) cursor.receive(eventOf(epoch, seq), 0);
    expect(seqsOf(out)).toEqual([6, 7, 8, 9]);
    // Nothing is missing then, though there would be pages to ask for.
    cursor.enter();
    cursor.entered({ epoch, seq: 9, after: 3, recovered: false, paged: true }, 0);
    expect(cursor.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  it("brings no place to the next entry after a plain server, says so then, and has one again", () => {
    const cursor = enteredAt(5);
    cursor.enter(true);
    expect(cursor.cursor).toBeUndefined();
    expect(cursor.entered({ epoch, seq: 6, recovered: false }, 0)).toBe("plain");
    expect(cursor.cursor).toEqual({ epoch, seq: 6 });
    cursor.enter();
    expect(cursor.entered({ epoch, seq: 7, recovered: false, reason: "too_old" }, 0)).toBe("too_old");
  });

  it("does not believe a recovery that its own place contradicts", () => {
    for (const answer of [
      { epoch: epochOf(2), seq: 5, recovered: true },
      { epoch, seq: 4, recovered: true },
    ]) {
      const cursor = enteredAt(5);
      cursor.enter();
      expect(cursor.entered(answer, 0)).toBe("cursor_invalid");
      expect(cursor.cursor).toEqual({ epoch: answer.epoch, seq: answer.seq });
    }
  });

  it("takes as much history as was granted on the first entry, as a replay and without a reason", () => {
    const cursor = new Reader();
    const { out } = cursor;
    expect(cursor.cursor).toBeUndefined();
    cursor.enter();
    expect(cursor.entered({ epoch, seq: 9, recovered: false, after: 7 }, 0)).toBeUndefined();
    for (const seq of [8, 9, 10]) cursor.receive(eventOf(epoch, seq), 0);
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
        const { out } = cursor;
        let seq = 0;
        const sent = kinds.map((numbered, index) => eventOf(epoch, numbered ? ++seq : 0, index));
        const hole = sent.find((event) => event.seq === missing + 1);
        for (const event of sent) if (event !== hole) cursor.receive(event, 0);
        if (hole) cursor.receive(hole, 0);
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
