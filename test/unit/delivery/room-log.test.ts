import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxSeq } from "../../../src/delivery/envelope.js";
import { RoomLog, type RoomLogLimits } from "../../../src/delivery/room-log.js";
import type { StoredEvent } from "../../../src/delivery/stored-event.js";
import { holds } from "./property.js";
import { emissionOf, epochOf } from "./samples.js";

const limits: RoomLogLimits = { keepMs: 1_000, keepCount: 5, maxBytes: 20_000, headMs: 50_000, maxRooms: 4 };

function createLog(given: RoomLogLimits = limits) {
  let epochs = 0;
  return new RoomLog(() => epochOf(epochs++), given);
}

// The same log with plain arrays and no care for cost.
class NaiveLog {
  rooms = new Map<string, { epoch: string; seq: number; usedAt: number; use: number }>();
  kept: { room: string; epoch: string; seq: number; at: number; loggedAt: number; cost: number }[] = [];
  evicted = 0;
  epochs = 0;
  uses = 0;

  use(name: string, now: number) {
    let room = this.rooms.get(name);
    if (!room) {
      room = { epoch: epochOf(this.epochs++), seq: 0, usedAt: now, use: 0 };
      this.rooms.set(name, room);
      if (this.rooms.size > limits.maxRooms)
        this.forget(
          [...this.rooms].filter(([other]) => other !== name).sort((one, two) => one[1].use - two[1].use)[0]?.[0],
        );
    }
    // The last use is kept to a minute in a day.
    const grainMs = limits.headMs / 1_440;
    if (room.use > 0 && Math.floor(now / grainMs) === Math.floor(room.usedAt / grainMs)) return room;
    room.usedAt = now;
    room.use = ++this.uses;
    return room;
  }

  forget(name: string | undefined) {
    this.rooms.delete(name ?? "");
    this.kept = this.kept.filter(({ room }) => room !== name);
  }

  append(name: string, bytes: number, at: number, now: number) {
    const room = this.use(name, now);
    this.kept.push({ room: name, epoch: room.epoch, seq: ++room.seq, at, loggedAt: now, cost: bytes + 100 });
    this.sweep(now);
    while (this.bytes > limits.maxBytes) {
      this.kept.shift();
      this.evicted++;
    }
    return { epoch: room.epoch, seq: room.seq };
  }

  get bytes() {
    return this.kept.reduce((sum, { cost }) => sum + cost, 0);
  }

  of(name: string) {
    return this.kept.filter(({ room }) => room === name);
  }

  sweep(now: number) {
    this.kept = this.kept.filter(
      ({ room, seq, loggedAt }) =>
        loggedAt > now - limits.keepMs || seq > (this.rooms.get(room)?.seq ?? 0) - limits.keepCount,
    );
    for (const [name, { usedAt }] of this.rooms)
      if (Math.floor(usedAt / (limits.headMs / 1_440)) < Math.floor((now - limits.headMs) / (limits.headMs / 1_440)))
        this.forget(name);
  }
}

const rooms = fc.constantFrom("a", "b", "c", "d", "e", "f");
const steps = fc.array(
  fc.record({
    do: fc.constantFrom("append", "append", "append", "append", "burst", "head", "sweep"),
    room: fc.oneof(fc.constant("a"), fc.constantFrom("a", "b"), rooms),
    size: fc.nat(3_000),
    after: fc.oneof(fc.constant(0), fc.nat(500), fc.constant(30_000), fc.constant(60_000)),
  }),
  { maxLength: 120, size: "max" },
);

describe("the room log", () => {
  it("gives the numbers, keeps and forgets exactly as a naive one does", () => {
    holds(
      fc.property(steps, (list) => {
        const log = createLog();
        const naive = new NaiveLog();
        let now = 0;
        const append = (room: string, size: number) => {
          const emission = emissionOf("event", "x".repeat(size));
          const { epoch, seq, at, payload } = log.append(room, emission, now + 7, now);
          expect({ epoch, seq }).toEqual(
            naive.append(room, Buffer.byteLength(emission.name + emission.payload), now + 7, now),
          );
          expect([at, payload]).toEqual([now + 7, emission.payload]);
        };
        for (const { do: what, room, size, after } of list) {
          now += after;
          // The naive log trims at once; this one may be late, but not after a sweep.
          naive.sweep(now);
          while (log.sweep(now, 3));
          if (what === "append") append(room, size);
          else if (what === "burst") for (let count = 0; count < 12; count++) append(room, 10);
          else if (what === "head") {
            const { epoch, seq } = naive.use(room, now);
            expect(log.head(room, now)).toEqual({ epoch, seq });
          }
          naive.sweep(now);
          while (log.sweep(now, 3));
          expect([log.bytes, log.evicted, log.roomCount]).toEqual([naive.bytes, naive.evicted, naive.rooms.size]);
          for (const [name, { epoch, seq }] of naive.rooms) {
            const kept = naive.of(name).map((event) => event.seq);
            const floor = seq - kept.length;
            const read = log.read(name, epoch, floor, 1_000, Number.POSITIVE_INFINITY);
            expect(read?.map((event) => event.seq)).toEqual(kept);
            expect(log.read(name, epoch, floor - 1, 1_000, 1e9)).toBeUndefined();
          }
        }
      }),
      100,
    );
  });

  it("counts by 1 within an epoch, and never gives the same place twice", () => {
    holds(
      fc.property(steps, (list) => {
        const log = createLog();
        const places = new Set<string>();
        const last = new Map<string, number>();
        let now = 0;
        for (const { do: what, room, size, after } of list) {
          now += after;
          if (what === "sweep") log.sweep(now);
          const { epoch, seq } = log.append(room, emissionOf("event", "x".repeat(size)), 0, now);
          expect(places.has(`${epoch} ${seq}`)).toBe(false);
          places.add(`${epoch} ${seq}`);
          expect(seq).toBe((last.get(epoch) ?? 0) + 1);
          last.set(epoch, seq);
        }
      }),
      100,
    );
  });

  it("recovers only what it can then read without a hole", () => {
    holds(
      fc.property(steps, fc.nat(40), (list, seq) => {
        const log = createLog();
        let now = 0;
        for (const { room, size, after } of list) {
          now += after;
          log.append(room, emissionOf("event", "x".repeat(size)), 0, now);
          log.sweep(now);
        }
        const { epoch } = log.head("a", now);
        const verdict = log.recover("a", { epoch, seq }, now);
        const read = log.read("a", epoch, seq, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
        expect(read !== undefined).toBe(verdict.recovered);
        if (verdict.recovered) expect(read).toHaveLength(verdict.seq - verdict.after);
      }),
      100,
    );
  });

  it("pages through what it kept by count and by bytes, at least one event a page", () => {
    holds(
      fc.property(
        fc.array(fc.nat(200), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(500),
        (sizes, limit, cap) => {
          const log = createLog({ ...limits, keepCount: 1_000 });
          const all = sizes.map((size) => log.append("a", emissionOf("event", "x".repeat(size)), 0, 0));
          const { epoch } = log.head("a", 0);
          const read: StoredEvent[] = [];
          for (let page = log.read("a", epoch, 0, limit, cap); page?.length; ) {
            expect(page.length).toBeLessThanOrEqual(limit);
            const bytes = page.reduce((sum, event) => sum + event.bytes, 0);
            if (page.length > 1) expect(bytes).toBeLessThanOrEqual(cap);
            read.push(...page);
            page = log.read("a", epoch, read.length, limit, cap);
          }
          expect(read).toEqual(all);
        },
      ),
    );
  });

  it("refuses to read another epoch, a number not given out, and no number", () => {
    const log = createLog();
    const { epoch } = log.append("a", emissionOf("event", {}), 0, 0);
    expect(log.read("a", epoch, 1, 10, 1e9)).toEqual([]);
    for (const after of [2, -1, 0.5, Number.NaN]) expect(log.read("a", epoch, after, 10, 1e9)).toBeUndefined();
    expect(log.read("a", epochOf(99), 0, 10, 1e9)).toBeUndefined();
    expect(log.read("nowhere", epoch, 0, 10, 1e9)).toBeUndefined();
  });

  it("keeps a head for as long as was said after its last use, and a grain more at most", () => {
    for (const used of [0, 10, 34.9, 1_000]) {
      const log = createLog();
      const { epoch } = log.head("a", used);
      log.sweep(used + limits.headMs);
      expect(log.roomCount).toBe(1);
      log.sweep(used + limits.headMs * (1 + 1 / 1_440) + 1);
      expect(log.roomCount).toBe(0);
      expect(log.head("a", used + 60_000).epoch).not.toBe(epoch);
    }
  });

  it("keeps no head for longer, and no other room than the one in use, where it is to keep none", () => {
    const log = createLog({ ...limits, headMs: 0, maxRooms: 0 });
    for (const [at, name] of ["a", "b"].entries()) {
      log.append(name, emissionOf("tick", {}), 0, at);
      expect(log.roomCount).toBe(1);
      expect(log.read(name, log.head(name, at).epoch, 0, 10, 1_000)).toHaveLength(1);
    }
    log.sweep(2);
    expect(log.roomCount).toBe(0);
  });

  it("takes out by time also the one event that a room has above its count, where nothing follows it", () => {
    const log = createLog();
    for (let count = 0; count <= limits.keepCount; count++) log.append("a", emissionOf("event", 1), 0, 0);
    const { bytes } = log;
    log.sweep(limits.keepMs - 1);
    expect(log.bytes).toBe(bytes);
    log.sweep(limits.keepMs);
    expect(log.bytes).toBe((bytes / (limits.keepCount + 1)) * limits.keepCount);
  });

  it("sweeps so much at a time, and says when there is more", () => {
    const log = createLog({ ...limits, maxRooms: 6 });
    const append = (room: string) => log.append(room, emissionOf("event", 1), 0, 0).bytes + 100;
    for (let room = 0; room < 5; room++) append(`room${room}`);
    let each = 0;
    for (let count = 0; count < 40; count++) each = append("long");
    expect(log.sweep(limits.keepMs, 5)).toBe(true);
    expect(log.bytes).toBe(40 * each);
    expect(log.sweep(limits.keepMs, 1_000)).toBe(false);
    expect(log.bytes).toBe((5 + limits.keepCount) * each);
    // A room that is forgotten counts as its events, and as one more.
    const later = limits.headMs * 2;
    expect(log.sweep(later, 4)).toBe(true);
    expect(log.roomCount).toBe(4);
    expect([log.sweep(later, 1_000), log.roomCount, log.bytes]).toEqual([false, 0, 0]);
  });

  it("begins a new epoch when the numbers of one are used up", () => {
    const log = createLog();
    const first = log.append("a", emissionOf("event", {}), 0, 0);
    const { rooms: inside } = log as unknown as { rooms: Map<string, { seq: number }> };
    Object.assign(inside.get("a") as object, { seq: maxSeq });
    const next = log.append("a", emissionOf("event", {}), 0, 0);
    expect(next.seq).toBe(1);
    expect(next.epoch).not.toBe(first.epoch);
  });

  it("trims as it appends, though nobody sweeps", () => {
    const log = createLog({ ...limits, maxBytes: 1e9 });
    for (let now = 0; now < 100_000; now += 100) {
      log.append("a", emissionOf("event", {}), 0, now);
      expect(log.bytes).toBeLessThanOrEqual(11 * 109);
    }
    expect(log.evicted).toBe(0);
  });

  it("counts as evicted only what it would have kept", () => {
    const log = createLog({ ...limits, maxBytes: 10 * 109 });
    for (let count = 0; count < 10; count++) log.append("a", emissionOf("event", {}), 0, 0);
    log.append("b", emissionOf("event", {}), 0, limits.keepMs);
    expect(log.evicted).toBe(0);
    for (let count = 0; count < 5; count++) log.append("b", emissionOf("event", {}), 0, limits.keepMs);
    expect([log.evicted, log.bytes]).toEqual([1, 10 * 109]);
  });

  it("uses the places of events that left again, and lets go of their texts", () => {
    const log = createLog({ ...limits, maxBytes: 10 * 109 });
    for (let count = 0; count < 5_000; count++) log.append(`room${count % 3}`, emissionOf("event", {}), 0, 0);
    const { slots } = log as unknown as { slots: { size: number; rooms: unknown[]; payloads: { live: number } } };
    expect(slots.size).toBe(1_024);
    expect(slots.payloads.live).toBe(10 * 2);
    expect(slots.rooms.filter((room) => room !== undefined)).toHaveLength(10);
  });

  it("holds more events than it has places for at first, each with what it was given", () => {
    const log = createLog({ ...limits, keepCount: 5_000, maxBytes: 1e9 });
    const all = Array.from({ length: 3_000 }, (_, index) =>
      log.append(
        "a",
        emissionOf(`event${index}`, { index }, (["critical", "normal", "low"] as const)[index % 3]),
        index,
        0,
      ),
    );
    expect(log.read("a", log.head("a", 0).epoch, 0, 5_000, 1e9)).toEqual(all);
    expect(all[2_999]).toMatchObject({
      seq: 3_000,
      name: '"event2999"',
      payload: '{"index":2999}',
      lane: "low",
      at: 2_999,
    });
  });
});
