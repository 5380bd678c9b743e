import fc from "fast-check";
import { expect, it } from "vitest";
import { isoTime } from "../../../src/compiled/iso-time.js";

it("writes every moment as Date does, whatever moment came before it", () => {
  const moment = fc.oneof(
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.integer({ min: 1_795_000_000_000, max: 1_795_000_003_000 }),
    fc.integer({ min: -2_000, max: 2_000 }),
    fc.double({ min: 0, max: 2e12, noNaN: true }),
  );
  fc.assert(
    fc.property(moment, moment, (first, then) => {
      expect([isoTime(first), isoTime(then)]).toEqual(
        [new Date(first), new Date(then)].map((date) => date.toISOString()),
      );
    }),
    { numRuns: 2_000 },
  );
});

it("throws as Date does for what is no moment", () => {
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
});
