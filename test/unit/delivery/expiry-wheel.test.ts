import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deadline, ExpiryWheel } from "../../../src/delivery/expiry-wheel.js";
import { holds } from "./property.js";

const later = fc.oneof(
  fc.nat(30),
  fc.nat(3_000),
  fc.constant(2 ** 31 + 12_345),
  fc.constant(Number.POSITIVE_INFINITY),
  fc.integer({ min: -500, max: 0 }),
);
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("add" as const), delay: later, which: fc.constant(0) }),
    fc.record({ do: fc.constant("move" as const), delay: later, which: fc.nat(50) }),
    fc.record({ do: fc.constant("remove" as const), delay: fc.constant(0), which: fc.nat(50) }),
    fc.record({
      do: fc.constant("advance" as const),
      delay: fc.oneof(fc.nat(20), fc.nat(4_000)),
      which: fc.constant(0),
    }),
    fc.record({ do: fc.constant("advance" as const), delay: fc.constant(2 ** 31), which: fc.constant(0) }),
  ),
  { maxLength: 150, size: "max" },
);

describe("the expiry wheel", () => {
  it("reports every deadline at the first look at or after it, once, and none that was moved away or removed", () => {
    holds(
      fc.property(steps, fc.nat(1_000), fc.integer({ min: 1, max: 16 }), (list, start, slots) => {
        let now = start;
        const wheel = new ExpiryWheel<number>(now, 10, slots);
        const handles: Deadline<number>[] = [];
        const set = new Map<number, number>();
        for (const { do: what, delay, which } of list) {
          const handle = handles[which % (handles.length || 1)];
          if (what === "add") {
            set.set(handles.length, now + delay);
            handles.push(wheel.add(handles.length, now + delay));
          } else if (what === "move" && handle) {
            set.set(handle.value, now + delay);
            wheel.move(handle, now + delay);
          } else if (what === "remove" && handle) {
            set.delete(handle.value);
            wheel.remove(handle);
          } else if (what === "advance") {
            now += delay;
            const due = [...set].filter(([, at]) => at <= now).map(([value]) => value);
            expect(wheel.advance(now).sort((one, two) => one - two)).toEqual(due.sort((one, two) => one - two));
            for (const value of due) set.delete(value);
          }
          expect(wheel.size).toBe(set.size);
        }
      }),
      500,
    );
  });

  it("reports nothing early when the clock it is given stands still or steps back", () => {
    const wheel = new ExpiryWheel<string>(10_000);
    wheel.add("token", 10_600);
    expect(wheel.advance(10_599)).toEqual([]);
    expect(wheel.advance(4_000)).toEqual([]);
    expect(wheel.advance(10_599)).toEqual([]);
    expect(wheel.advance(10_600)).toEqual(["token"]);
  });
});
