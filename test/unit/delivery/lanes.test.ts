import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WaitingEvent } from "../../../src/delivery/coalesce.js";
import { coalesceMs, lowBatchCount, lowBatchMs, RoomOutbox, waits } from "../../../src/delivery/lanes.js";
import type { Lane } from "../../../src/delivery/stored-event.js";
import { holds } from "./property.js";
import { emissionOf, lanes } from "./samples.js";

interface Emitted {
  lane: Lane;
  coalesces: boolean;
  at: number;
  /** Its place in the log: the log's length before it. */
  place?: number;
  placedAt?: number;
  /** The emit whose place it took, itself if it merged into none. */
  into?: number;
}

// Emits as they come, with the driver that the server has: what is due is taken before the clock goes on.
function run(drafts: readonly { lane: Lane; coalesces: boolean; key: string; after: number }[]): Emitted[] {
  const outbox = new RoomOutbox<number>();
  const emits: Emitted[] = [];
  let now = 0;
  let length = 0;
  const append = (list: readonly Pick<WaitingEvent<number>, "tickets">[]) => {
    for (const { tickets } of list) {
      for (const ticket of tickets)
        Object.assign(emits[ticket] as Emitted, { place: length, placedAt: now, into: tickets[0] });
      length++;
    }
  };
  const pass = (until: number) => {
    while (outbox.dueAt <= until) {
      now = Math.max(now, outbox.dueAt);
      append(outbox.take(now));
    }
    now = until;
  };
  for (const [ticket, { lane, coalesces, key, after }] of drafts.entries()) {
    pass(now + after);
    emits.push({ lane, coalesces, at: now });
    if (waits(lane, coalesces)) {
      const emission = { name: `"${lane}"`, payload: "{}", lane, key: coalesces ? key : undefined };
      const { size } = outbox;
      const merged = outbox.wait({ emission, recover: true, merge: undefined, tickets: [ticket] }, now);
      expect(outbox.size).toBe(merged ? size : size + 1);
      pass(now);
    } else {
      append(outbox.takeBefore());
      append([{ tickets: [ticket] }]);
    }
  }
  append(outbox.takeAll());
  expect(outbox.size).toBe(0);
  return emits;
}

const drafts = fc.array(
  fc.record({
    lane: fc.oneof({ weight: 3, arbitrary: fc.constant<Lane>("low") }, { weight: 4, arbitrary: lanes }),
    coalesces: fc.boolean(),
    key: fc.constantFrom("1", "2", "3"),
    after: fc.oneof(fc.constant(0), fc.nat(5), fc.nat(60)),
  }),
  { maxLength: 400, size: "max" },
);

describe("the lanes of a room", () => {
  it("append every emit once, and none but low is overtaken by a later one", () => {
    holds(
      fc.property(drafts, (list) => {
        const emits = run(list);
        let last = -1;
        for (const [ticket, { lane, place, into }] of emits.entries()) {
          expect(place).toBeDefined();
          // One that merged stands where the first of its kind stood.
          if (lane === "low" || into !== ticket) continue;
          expect(place as number).toBeGreaterThan(last);
          last = place as number;
        }
        // Low ones keep their order among themselves.
        const low = emits
          .filter((emit, ticket) => emit.lane === "low" && emit.into === ticket)
          .map(({ place }) => place);
        expect(low).toEqual([...low].sort((one, two) => (one as number) - (two as number)));
      }),
      200,
    );
  });

  it("never let a low event go before anything that was emitted before it", () => {
    holds(
      fc.property(drafts, (list) => {
        const emits = run(list);
        let highest = -1;
        for (const [ticket, { lane, place, into }] of emits.entries()) {
          if (into !== ticket) continue;
          if (lane === "low") expect(place as number).toBeGreaterThan(highest);
          else highest = Math.max(highest, place as number);
        }
      }),
      200,
    );
  });

  it("keep a coalescing event 50 ms at most, a low one 100 ms, and any other not at all", () => {
    holds(
      fc.property(drafts, (list) => {
        for (const { lane, coalesces, at, placedAt } of run(list)) {
          const most = lane === "low" ? lowBatchMs : coalesces && lane === "normal" ? coalesceMs : 0;
          expect((placedAt as number) - at).toBeLessThanOrEqual(most);
        }
      }),
      200,
    );
  });

  it("send a low batch at its hundredth event", () => {
    const outbox = new RoomOutbox<number>();
    const wait = (now: number) =>
      outbox.wait({ emission: emissionOf("low", {}, "low"), recover: false, merge: undefined, tickets: [] }, now);
    for (let count = 1; count < lowBatchCount; count++) wait(0);
    expect(outbox.take(lowBatchMs - 1)).toEqual([]);
    wait(1);
    expect(outbox.takeBefore()).toEqual([]);
    expect(outbox.take(1)).toHaveLength(lowBatchCount);
    expect(outbox.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});
