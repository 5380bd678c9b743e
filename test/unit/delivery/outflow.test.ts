import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hardCapBytes, Outflow, softCapBytes } from "../../../src/delivery/outflow.js";
import { packEvents } from "../../../src/delivery/pack.js";
import { isDroppable, type StoredEvent } from "../../../src/delivery/stored-event.js";
import { holds } from "./property.js";
import { epochOf, lanes } from "./samples.js";

const frameCap = 64 * 1024;

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant("emit" as const),
      lane: lanes,
      numbered: fc.boolean(),
      room: fc.nat(1),
      kilobytes: fc.integer({ min: 1, max: 60 }),
      key: fc.constantFrom(undefined, "1", "2"),
    }),
    fc.record({ do: fc.constant("drain" as const), kilobytes: fc.nat(200) }),
  ),
  { maxLength: 200, size: "max" },
);

const bytesOf = (events: readonly StoredEvent[]) => events.reduce((sum, { bytes }) => sum + bytes, 0);

function lowOf(at: number, key: string | undefined, bytes = 1_000): StoredEvent {
  return { epoch: epochOf(1), seq: 0, at, name: '"a"', payload: "{}", bytes, lane: "low", key };
}

/** Whether one that has nothing before it takes what fits under its soft cap, and no more. */
function holdsAllOfItsCap(outflow: Outflow): boolean {
  return outflow.hold(lowOf(0, undefined, softCapBytes)) && !outflow.hold(lowOf(1, undefined, 1));
}

type CaseOf<TArbitrary> = TArbitrary extends fc.Arbitrary<infer TCase> ? TCase : never;
type Written = { at: number; events: StoredEvent[]; low: boolean; end: number };

// A connection as the stage drives it, over a network that takes bytes when it pleases.
function drive(list: CaseOf<typeof steps>) {
  const outflow = new Outflow();
  const frames: Written[] = [];
  const addressed: StoredEvent[] = [];
  let written = 0;
  let drained = 0;
  let cut = false;
  let lowInFlight = 0;
  let highest = 0;
  const write = (events: StoredEvent[], bytes: number, low: boolean) => {
    written += bytes;
    outflow.wrote(bytes, low);
    frames.push({ at: frames.length, events, low, end: written });
    highest = Math.max(highest, outflow.buffered);
    if (low) lowInFlight = Math.max(lowInFlight, frames.filter((frame) => frame.low && frame.end > drained).length);
  };
  const release = () => {
    for (let events = outflow.release(frameCap); events; events = outflow.release(frameCap)) {
      const packed = packEvents(events, Number.POSITIVE_INFINITY);
      expect(packed).toHaveLength(1);
      expect(events.length === 1 || bytesOf(events) <= frameCap).toBe(true);
      write(events, packed[0]?.bytes ?? 0, true);
    }
  };
  for (const [index, step] of list.entries()) {
    if (step.do === "drain") {
      drained = Math.min(written, drained + step.kilobytes * 1024);
      outflow.read(written - drained);
      release();
    } else {
      const { lane, numbered, room, kilobytes, key } = step;
      const seq = numbered ? index + 1 : 0;
      const event = {
        epoch: epochOf(room),
        seq,
        at: index,
        name: '"a"',
        payload: "{}",
        bytes: kilobytes * 1024,
        lane,
        key,
      };
      const droppable = isDroppable(event);
      const verdict = outflow.judge(droppable);
      if (verdict === "cut") {
        cut = true;
        break;
      }
      addressed.push(event);
      const { dropped } = outflow;
      if (verdict === "hold") expect(outflow.hold(event)).toBe(outflow.dropped === dropped);
      else write([event], event.bytes + 60, lane === "low");
    }
  }
  const beforeEnd = outflow.buffered;
  if (!cut) {
    while (outflow.buffered > 0 || written > drained) {
      drained = written;
      outflow.read(0);
      release();
    }
  }
  return { outflow, frames, addressed, cut, beforeEnd, lowInFlight, highest };
}

describe("a connection's outflow", () => {
  it("writes, or counts as dropped, every event that it was addressed, and never drops a numbered one", () => {
    holds(
      fc.property(steps, (list) => {
        const { outflow, frames, addressed, cut } = drive(list);
        const handled = frames.flatMap(({ events }) => events);
        expect(new Set(handled).size).toBe(handled.length);
        const kept = addressed.filter((event) => !isDroppable(event));
        expect(handled.filter((event) => !isDroppable(event))).toEqual(kept);
        if (cut) return;
        expect(handled.length + outflow.dropped).toBe(addressed.length);
        expect(holdsAllOfItsCap(outflow)).toBe(true);
      }),
    );
  });

  it("has one droppable low frame at most on its way", () => {
    holds(
      fc.property(steps, (list) => {
        const lows = list.map((step) =>
          step.do === "emit" && step.lane === "low" ? { ...step, numbered: false } : step,
        );
        expect(drive(lows).lowInFlight).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("is cut exactly when its bytes pass the hard cap, by one frame at most", () => {
    holds(
      fc.property(steps, (list) => {
        const { cut, beforeEnd, highest } = drive(list.map((step) => ({ ...step, kilobytes: step.kilobytes * 2 })));
        expect(highest).toBeLessThanOrEqual(hardCapBytes + 121 * 1024);
        if (cut) expect(beforeEnd).toBeGreaterThan(hardCapBytes);
      }),
    );
    const outflow = new Outflow();
    outflow.wrote(hardCapBytes, false);
    expect([outflow.overflown, outflow.judge(false), outflow.judge(true)]).toEqual([false, "write", "hold"]);
    outflow.wrote(1, false);
    expect([outflow.overflown, outflow.judge(false), outflow.judge(true)]).toEqual([true, "cut", "cut"]);
  });

  it("drops nothing while it stays below the soft cap", () => {
    holds(
      fc.property(steps, (list) => {
        const small = list.map((step) => ({ ...step, kilobytes: step.do === "emit" ? 1 : step.kilobytes }));
        expect(drive(small).outflow.dropped).toBe(0);
      }),
    );
  });

  it("keeps the latest of a key over the soft cap, in the place of the first, and drops what has no like", () => {
    const outflow = new Outflow();
    outflow.wrote(100, true);
    outflow.hold(lowOf(1, "x"));
    outflow.hold(lowOf(2, "y"));
    outflow.wrote(softCapBytes, false);
    outflow.hold(lowOf(3, "x"));
    outflow.hold(lowOf(4, "z"));
    outflow.hold(lowOf(5, undefined));
    outflow.hold({ ...lowOf(6, "x"), epoch: epochOf(2) });
    expect(outflow.dropped).toBe(4);
    expect(outflow.release(frameCap)).toBeUndefined();
    // The low frame before it is out, but what came after that one keeps the connection over its soft cap.
    outflow.wrote(1_000, false);
    outflow.read(softCapBytes + 1);
    expect(outflow.release(frameCap)).toBeUndefined();
    outflow.read(0);
    expect(outflow.release(frameCap)?.map(({ at }) => at)).toEqual([3, 2]);
    expect(outflow.release(frameCap)).toBeUndefined();
  });

  it("keeps the latest of a key behind those of the key that were held before, and looks through them once", () => {
    const outflow = new Outflow();
    outflow.wrote(1, true);
    let looks = 0;
    const counted = (at: number, key: string): StoredEvent => ({
      ...lowOf(at, key),
      get key() {
        looks++;
        return key;
      },
    });
    const held = Math.floor((softCapBytes - 1) / 1_000);
    for (let at = 0; at < held; at++) outflow.hold(counted(at, at % 2 ? "x" : `k${at}`));
    looks = 0;
    for (let at = held; at < held + 1_000; at++) outflow.hold(lowOf(at, at % 2 ? "x" : `z${at}`));
    expect(looks).toBe(held);
    expect(outflow.dropped).toBe(1_000);
    outflow.read(0);
    const released: number[] = [];
    for (let events = outflow.release(frameCap); events; events = outflow.release(frameCap))
      released.push(...events.map(({ at }) => at));
    expect(released).toHaveLength(held);
    const last = held % 2 ? held - 2 : held - 1;
    expect(released.map((at, place) => at - place).filter((moved) => moved !== 0)).toEqual([held + 999 - last]);
    expect(released[last]).toBe(held + 999);
  });

  it("counts what it held for a room that is left as dropped, and gives none of it out", () => {
    const outflow = new Outflow();
    outflow.wrote(100, true);
    for (const room of [1, 2, 1])
      outflow.hold({
        epoch: epochOf(room),
        seq: 0,
        at: room,
        name: '"a"',
        payload: "{}",
        bytes: 9,
        lane: "low",
        key: undefined,
      });
    expect(outflow.forget(epochOf(1)).map(({ at }) => at)).toEqual([1, 1]);
    outflow.read(0);
    expect(outflow.release(frameCap)?.map(({ at }) => at)).toEqual([2]);
    expect(outflow.dropped).toBe(2);
    expect(outflow.forget(epochOf(2))).toEqual([]);
    expect(outflow.dropped).toBe(2);
    outflow.hold(lowOf(3, undefined));
    outflow.forget(epochOf(1));
    expect([outflow.holds, outflow.release(frameCap)]).toEqual([false, undefined]);
    expect(holdsAllOfItsCap(outflow)).toBe(true);
  });

  it("replaces over the soft cap what is of the same room, name and key, and nothing else", () => {
    const outflow = new Outflow();
    outflow.wrote(1, true);
    const like = lowOf(1, "1", 100_000);
    const others = [
      lowOf(2, undefined, 50_000),
      { ...like, at: 3, name: '"b"' },
      { ...like, at: 4, epoch: epochOf(2) },
    ];
    expect([like, others[0], others[1]].map((event) => outflow.hold(event as StoredEvent))).toEqual([true, true, true]);
    for (const event of [lowOf(5, undefined, 50_000), others[2], { ...like, at: 6 }])
      expect(outflow.hold(event as StoredEvent)).toBe(false);
    outflow.forget(epochOf(2));
    outflow.read(0);
    expect(outflow.release(1_000_000)?.map(({ at }) => at)).toEqual([6, 2, 3]);
  });

  it("replaces the last of a key also where what was held before it was forgotten", () => {
    const outflow = new Outflow();
    outflow.wrote(1, true);
    const like = lowOf(1, "1", 100_000);
    outflow.hold({ ...like, epoch: epochOf(2) });
    outflow.hold(like);
    expect(outflow.hold({ ...like, at: 2 })).toBe(false);
    outflow.forget(epochOf(2));
    expect(outflow.hold({ ...like, at: 3, bytes: 200_000 })).toBe(false);
    outflow.read(0);
    expect(outflow.release(1_000_000)?.map(({ at }) => at)).toEqual([3]);
  });

  it("keeps a low event back for the low frames before it, and for nothing else below the soft cap", () => {
    const outflow = new Outflow();
    // Somebody else wrote: Socket.IO itself, or a handler past the library.
    outflow.read(5_000);
    expect(outflow.judge(true)).toBe("write");
    outflow.wrote(100, true);
    outflow.wrote(50, false);
    expect(outflow.judge(true)).toBe("hold");
    outflow.hold(lowOf(1, undefined));
    outflow.read(51);
    expect(outflow.release(frameCap)).toBeUndefined();
    outflow.read(50);
    // It is not overtaken while nobody has called for it.
    expect(outflow.judge(true)).toBe("hold");
    expect(outflow.release(frameCap)?.map(({ at }) => at)).toEqual([1]);
    expect(outflow.judge(true)).toBe("write");
  });
});
