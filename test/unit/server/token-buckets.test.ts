import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenBuckets } from "../../../src/server/token-buckets.js";
import { holds } from "../delivery/property.js";

describe("a bucket of tokens", () => {
  it("gives a burst at once, and then so many a second, at any time of the clock", () => {
    holds(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 90 }),
        (now, burst, perSecond) => {
          const buckets = new TokenBuckets(perSecond, burst);
          const takeAll = (at: number) => {
            let taken = 0;
            while (buckets.take("ada", at) === 0) taken++;
            return taken;
          };
          expect(takeAll(now)).toBe(burst);
          const wait = buckets.take("ada", now);
          expect(wait).toBe(Math.ceil(1_000 / perSecond));
          expect(buckets.take("bob", now)).toBe(0);
          expect(buckets.take("ada", now + wait)).toBe(0);
          const rest = takeAll(now + wait + 1_000);
          expect(rest).toBeGreaterThanOrEqual(Math.min(burst, perSecond));
          expect(rest).toBeLessThanOrEqual(Math.min(burst, perSecond + 1));
        },
      ),
    );
  });

  it("gives the burst and nothing after it, where nothing is given in the long run", () => {
    const buckets = new TokenBuckets(0, 2);
    expect([0, 1, 2, 1e9].map((now) => buckets.take("ada", now) === 0)).toEqual([true, true, false, false]);
    // So many that a sum of such times is no longer kept to the millisecond.
    const many = new TokenBuckets(0, 300);
    const taken = Array.from({ length: 400 }, (_, nth) => many.take("ada", 12_345.678 + 0.37 * nth) === 0);
    expect(taken.lastIndexOf(true)).toBe(299);
    expect(taken.indexOf(false)).toBe(300);
  });

  it("gives each key what is its own, however many others ask between and whatever is let go of meanwhile", () => {
    const asked = fc.array(fc.record({ key: fc.nat(99), after: fc.nat(4) }), { maxLength: 500, size: "max" });
    holds(
      fc.property(asked, fc.integer({ min: 1, max: 4 }), (list, burst) => {
        const tokenMs = 50;
        const buckets = new TokenBuckets(1_000 / tokenMs, burst);
        // What each has left, ms' worth of it, as of when it was last looked at.
        const left = new Map<number, { worth: number; at: number }>();
        let now = 0;
        const own = list.map(({ key, after }) => {
          now += after;
          const { worth, at } = left.get(key) ?? { worth: burst * tokenMs, at: now };
          const has = Math.min(burst * tokenMs, worth + now - at);
          const wait = Math.max(0, tokenMs - has);
          left.set(key, { worth: wait === 0 ? has - tokenMs : has, at: now });
          return wait;
        });
        now = 0;
        const given = list.map(({ key, after }) => {
          now += after;
          return buckets.take(`user${key}`, now);
        });
        expect(given).toEqual(own);
      }),
      50,
    );
  });

  it("gives those who were refused in one moment each a time of its own, none later than a burst takes", () => {
    const buckets = new TokenBuckets(20, 3);
    for (let taken = 0; taken < 3; taken++) buckets.take("ada", 0);
    const places = (now: number) =>
      Array.from({ length: 4 }, () => buckets.place("ada", now, buckets.take("ada", now)));
    expect(places(0)).toEqual([50, 100, 150, 150]);
    // Whoever comes when it is due is not refused.
    expect([50, 100, 150].map((now) => buckets.take("ada", now))).toEqual([0, 0, 0]);
    expect(places(10_150).slice(0, 1)).toEqual([0]);
  });

  it("keeps nothing of those who have all of theirs again, however many asked", () => {
    const buckets = new TokenBuckets(20, 300);
    let most = 0;
    for (let user = 0; user < 100_000; user++) {
      buckets.take(`user${user}`, user, "c1");
      most = Math.max(most, buckets.size);
    }
    // One asks each ms, and has its own back after 50.
    expect(most).toBeLessThanOrEqual(102);
  });

  it("knows what it gave one for until it is full, and a burst's worth of it", () => {
    const buckets = new TokenBuckets(20, 3);
    for (const id of ["a", "b", "c"]) buckets.take("ada", 0, id);
    expect(buckets.take("ada", 50, "d")).toBe(0);
    expect(["a", "b", "c", "d"].map((id) => buckets.isPaid("ada", id))).toEqual([false, true, true, true]);
    buckets.take("bob", 10_000, "x");
    expect([buckets.isPaid("ada", "d"), buckets.isPaid("bob", "x")]).toEqual([false, true]);
  });
});
