import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxSeq } from "../../../src/delivery/envelope.js";
import { packEvents, unpackEvents } from "../../../src/delivery/pack.js";
import { readPage, toPage } from "../../../src/delivery/page.js";
import { toReceived } from "../../../src/delivery/received-event.js";
import { isDroppable, type StoredEvent } from "../../../src/delivery/stored-event.js";
import { holds } from "./property.js";
import { emissionOf, epochOf, lanes, names, payloads, storedOf } from "./samples.js";

const at = 1_700_000_000_000;

// Runs of events as a tick leaves them, with every way in which a pack can have to end.
const events = fc
  .array(
    fc.record({
      epoch: fc.constantFrom(0, 0, 0, 1, 2),
      kind: fc.constantFrom("next", "next", "next", "jump", "none"),
      name: names,
      payload: payloads,
      lane: lanes,
    }),
    { maxLength: 40 },
  )
  .map((drafts) => {
    const last = new Map<number, number>();
    return drafts.map(({ epoch, kind, name, payload, lane }): StoredEvent => {
      const emission = emissionOf(name, payload, lane);
      if (epoch === 2) return storedOf("", 0, emission, at);
      const seq = kind === "none" ? 0 : (last.get(epoch) ?? 100) + (kind === "next" ? 1 : 5);
      if (seq > 0) last.set(epoch, seq);
      return storedOf(epochOf(epoch), seq, emission, at);
    });
  });

function readFrame(text: string) {
  const parts = JSON.parse(text) as [string, unknown, { at: number }];
  if (parts[0] !== "$pack") return [toReceived(parts[0], parts[1], parts[2])];
  return unpackEvents(parts[1], parts[2]) ?? [];
}

function asReceived({ name, payload, epoch, seq, at: time }: StoredEvent) {
  return { name: JSON.parse(name), payload: JSON.parse(payload), epoch, seq, at: time, replayed: false };
}

describe("packs", () => {
  it("bring every event across once, in order, with its own epoch and number", () => {
    holds(
      fc.property(events, fc.integer({ min: 1, max: 2_000 }), (list, maxBytes) => {
        const frames = packEvents(list, maxBytes);
        expect(frames.flatMap(({ text }) => readFrame(text))).toEqual(list.map(asReceived));
        expect(frames.flatMap(({ from, to }) => list.slice(from, to))).toEqual(list);
      }),
    );
  });

  it("say exactly how many bytes they are, stay under the cap, and carry an event larger than it alone", () => {
    holds(
      fc.property(events, fc.integer({ min: 1, max: 2_000 }), (list, maxBytes) => {
        for (const { text, bytes, from, to } of packEvents(list, maxBytes)) {
          expect(bytes).toBe(Buffer.byteLength(text));
          if (to - from > 1) expect(bytes).toBeLessThanOrEqual(maxBytes);
        }
      }),
    );
  });

  it("end where the kind, the epoch or the count breaks, and nowhere else", () => {
    holds(
      fc.property(events, (list) => {
        const joins = (left: StoredEvent, right: StoredEvent) =>
          left.epoch !== "" &&
          left.epoch === right.epoch &&
          (left.seq === 0 ? right.seq === 0 : right.seq === left.seq + 1) &&
          isDroppable(left) === isDroppable(right);
        const cuts = list.flatMap((event, index) => {
          const before = list[index - 1];
          return before && !joins(before, event) ? [index] : [];
        });
        const frames = packEvents(list, Number.POSITIVE_INFINITY);
        expect(frames.slice(1).map(({ from }) => from)).toEqual(cuts);
        for (const { droppable, from } of frames) expect(droppable).toBe(isDroppable(list[from] as StoredEvent));
      }),
    );
  });

  it("are taken whole or not at all", () => {
    const epoch = epochOf(1);
    const good = [["a", {}]];
    expect(unpackEvents({ epoch, seq: 3, at }, good)).toHaveLength(1);
    expect(unpackEvents({ epoch, seq: maxSeq - 1, at }, [...good, ...good])).toHaveLength(2);
    const wrong: [unknown, unknown][] = [
      [{ at }, good],
      [{ epoch, seq: maxSeq, at }, [...good, ...good]],
      [{ epoch, seq: 0, at }, good],
      [{ epoch, at }, []],
      [
        { epoch, at },
        { 0: good[0], length: 1 },
      ],
      [{ epoch, at }, [...good, ["a"]]],
      [{ epoch, at }, [...good, ["a", {}, {}]]],
      [{ epoch, at }, [...good, [1, {}]]],
      [{ epoch, at }, [...good, null]],
      [{ epoch, at }, [...good, ["$pack", {}]]],
      [undefined, good],
    ];
    for (const [envelope, items] of wrong) expect(unpackEvents(envelope, items), JSON.stringify(items)).toBeUndefined();
    holds(fc.property(fc.anything(), fc.anything(), (one, two) => void unpackEvents(one, two)));
  });
});

describe("pages", () => {
  it("bring consecutive events across with their numbers and times, and say where the next one starts", () => {
    const seq = fc.integer({ min: 0, max: 1_000_000 });
    holds(
      fc.property(seq, fc.array(fc.tuple(names, payloads), { maxLength: 10 }), fc.nat(3), (after, items, beyond) => {
        const epoch = epochOf(2);
        const list = items.map(([name, payload], index) =>
          storedOf(epoch, after + 1 + index, emissionOf(name, payload), at + index),
        );
        const until = after + items.length + beyond;
        const page = toPage(list, after, until) as { next?: number };
        expect(readPage(page, epoch, after)).toEqual(list.map(asReceived));
        expect(page.next).toBe(beyond > 0 ? after + items.length : undefined);
      }),
    );
  });

  it("are refused whole when anything in them is malformed", () => {
    for (const page of [
      null,
      1,
      {},
      { events: {} },
      { events: [["a", {}]] },
      { events: [["$a", {}, 1]] },
      { events: [1] },
      { events: [null] },
      { events: [[1, {}, 1]] },
      { events: [[["a"], {}, 1]] },
    ])
      expect(readPage(page, epochOf(1), 0), JSON.stringify(page)).toBeUndefined();
    holds(fc.property(fc.anything(), (page) => void readPage(page, epochOf(1), 0)));
  });
});
