import { describe, expect, it } from "vitest";
import { diffContracts } from "../../../src/export/diff/contract-diff.js";
import { judgePairs } from "../../agree/diff-pairs.js";

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const PAIRS = 2_000;

describe("diffContracts", () => {
  it(`calls nothing safe that a deployed reader refuses (${PAIRS} pairs of contracts, SEED=${seed})`, () => {
    const { examples, ...tally } = judgePairs(PAIRS, seed);
    process.stdout.write(`diff: ${JSON.stringify(tally)}, SEED=${seed}\n`);
    expect(examples).toEqual([]);
    // The property says nothing of a judge that refuses all, or of samples that are never taken.
    expect(tally.safe).toBeGreaterThan(PAIRS / 20);
    expect(tally.samples).toBeGreaterThan(tally.safe * 3 * 4 * 0.8);
  }, 120_000);

  it("is seen through when it calls safe what breaks, or forgets what outlives a deploy", () => {
    const lax: typeof diffContracts = (...given) => ({ ...diffContracts(...given), verdict: "safe" });
    expect(judgePairs(200, 1, lax).refused).toBeGreaterThan(0);
    const forgetful: typeof diffContracts = (before, after, options) =>
      diffContracts(
        { ...before, events: before.events.map((event) => ({ ...event, recover: false })) },
        { ...after, events: after.events.map((event) => ({ ...event, recover: false })) },
        options,
      );
    expect(judgePairs(1_000, 1, forgetful).refused).toBeGreaterThan(0);
  }, 120_000);
});
