import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemberMap } from "../../../src/server/member-map.js";

describe("a map of members", () => {
  it("is a map, with one entry and with many", () => {
    const step = fc.tuple(fc.constantFrom("set", "delete"), fc.constantFrom("a", "b", "c"), fc.nat(9));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const [map, oracle] = [new MemberMap<string, number>(), new Map<string, number>()];
        for (const [what, key, value] of steps) {
          if (what === "set") [map, oracle].forEach((each) => void each.set(key, value));
          else [map, oracle].forEach((each) => void each.delete(key));
          expect(map.size).toBe(oracle.size);
          for (const each of ["a", "b", "c"])
            expect([map.get(each), map.has(each)]).toEqual([oracle.get(each), oracle.has(each)]);
          const entries: [string, number][] = [];
          map.forEach((state, member) => void entries.push([member, state]));
          expect(entries).toEqual([...oracle]);
        }
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});
