import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxSeq } from "../../../src/delivery/envelope.js";
import { isCursor, judgeCursor } from "../../../src/delivery/recovery.js";
import { holds } from "./property.js";
import { epochOf } from "./samples.js";

const epoch = epochOf(1);
const head = { epoch, seq: 50, floor: 40 };

describe("the verdict on a cursor", () => {
  it.each([
    ["is the head", { epoch, seq: 50 }, true, undefined, 50],
    ["misses what is all kept", { epoch, seq: 40 }, true, undefined, 40],
    ["misses one that was trimmed", { epoch, seq: 39 }, false, "too_old", 50],
    ["has handled nothing of what was trimmed", { epoch, seq: 0 }, false, "too_old", 50],
    ["lies in the future", { epoch, seq: 51 }, false, "cursor_invalid", 50],
    ["is of another epoch", { epoch: epochOf(2), seq: 50 }, false, "epoch_changed", 50],
    ["is of another epoch, and in its future", { epoch: epochOf(2), seq: 99 }, false, "epoch_changed", 50],
    ["has no epoch", { seq: 50 }, false, "cursor_invalid", 50],
    ["has a broken epoch", { epoch: "x", seq: 50 }, false, "cursor_invalid", 50],
    ["has a number as text", { epoch, seq: "50" }, false, "cursor_invalid", 50],
    ["has a number that is none", { epoch, seq: Number.NaN }, false, "cursor_invalid", 50],
    ["has half a number", { epoch, seq: 45.5 }, false, "cursor_invalid", 50],
    ["has a negative number", { epoch, seq: -1 }, false, "cursor_invalid", 50],
    ["has a number out of range", { epoch, seq: maxSeq + 1 }, false, "cursor_invalid", 50],
    ["is null", null, false, "cursor_invalid", 50],
    ["is a text", "50", false, "cursor_invalid", 50],
  ] as const)("that %s", (_, cursor, recovered, reason, after) => {
    expect(judgeCursor(head, cursor)).toEqual({ recovered, reason, epoch, seq: 50, after });
  });

  it("is recovered at the head however little is kept", () => {
    expect(judgeCursor({ epoch, seq: 7, floor: 7 }, { epoch, seq: 7 }).recovered).toBe(true);
    expect(judgeCursor({ epoch, seq: 0, floor: 0 }, { epoch, seq: 0 }).recovered).toBe(true);
  });

  it("without one starts at the head, or as far back as was granted and is kept, and gives no reason", () => {
    for (const [history, after] of [
      [0, 50],
      [3, 47],
      [10, 40],
      [500, 40],
    ] as const)
      expect(judgeCursor(head, undefined, history)).toEqual({
        recovered: false,
        reason: undefined,
        epoch,
        seq: 50,
        after,
      });
  });

  it("never says recovered unless everything after it is kept, whatever is given", () => {
    const near = fc.record({ epoch: fc.constantFrom(epoch, epochOf(2)), seq: fc.integer({ min: -5, max: 70 }) });
    const heads = fc
      .tuple(fc.nat(60), fc.nat(60))
      .map(([one, two]) => [Math.min(one, two), Math.max(one, two)] as const);
    holds(
      fc.property(heads, fc.oneof(near, fc.anything()), ([floor, seq], cursor) => {
        const verdict = judgeCursor({ epoch, seq, floor }, cursor);
        const complete =
          isCursor(cursor) && cursor.epoch === epoch && cursor.seq >= floor && cursor.seq <= seq && cursor.seq >= 0;
        expect(verdict.recovered).toBe(complete);
        expect(verdict.after).toBe(complete ? cursor.seq : seq);
        expect(verdict.reason === undefined).toBe(complete || cursor === undefined);
      }),
      2_000,
    );
  });
});
