import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "../../../src/delivery/backoff.js";
import { holds } from "./property.js";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("backoff", () => {
  it("is anywhere from nothing to min(30 s, 500 ms · 2ⁿ), in proportion to the random number", () => {
    holds(
      fc.property(fc.nat(5_000), random, (attempt, share) => {
        const most = [500, 1_000, 2_000, 4_000, 8_000, 16_000][attempt] ?? 30_000;
        expect(backoffMs(attempt, share)).toBeCloseTo(share * most, 6);
      }),
    );
  });

  it("stays within the server's hint", () => {
    const ms = fc.integer({ min: 0, max: 600_000 });
    holds(
      fc.property(fc.nat(50), random, ms, ms, (attempt, share, retry_after_ms, spread_ms) => {
        const wait = backoffMs(attempt, share, { retry_after_ms, spread_ms });
        expect(wait).toBeGreaterThanOrEqual(retry_after_ms);
        expect(wait).toBeLessThanOrEqual(retry_after_ms + spread_ms);
        expect(wait).toBeCloseTo(retry_after_ms + share * spread_ms, 6);
      }),
    );
  });

  it("takes a part of a hint that is no positive number for 0", () => {
    for (const wrong of ["5", -5, Number.NaN, null, undefined, true, 5n, { valueOf: () => 5 }]) {
      expect(backoffMs(0, 0.5, { retry_after_ms: wrong, spread_ms: 8 } as never)).toBe(4);
      expect(backoffMs(0, 0.5, { retry_after_ms: 8, spread_ms: wrong } as never)).toBe(8);
    }
  });

  it("is a bounded number whatever a hint holds", () => {
    holds(
      fc.property(random, fc.anything(), fc.anything(), (share, retry_after_ms, spread_ms) => {
        const wait = backoffMs(0, share, { retry_after_ms, spread_ms } as never);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(1_200_000);
      }),
    );
  });
});
