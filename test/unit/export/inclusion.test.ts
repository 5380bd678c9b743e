import { describe, expect, it } from "vitest";
import { explain } from "../../../src/contract/explain.js";
import type { PayloadShape } from "../../../src/contract/shape.js";
import { findRefusals } from "../../../src/export/diff/inclusion.js";
import { sample } from "../../agree/payloads.js";
import { Random } from "../../agree/random.js";
import { changedShape, randomPayloadShape } from "../../agree/shapes.js";

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const PAIRS = 12_000;
const SAMPLES = 12;

function pairs(random: Random): [PayloadShape, PayloadShape] {
  const before = randomPayloadShape(random);
  let after = before as ReturnType<typeof changedShape>;
  for (let changes = random.int(0, 3); changes > 0; changes--) after = changedShape(after, random);
  return after.kind === "object" || after.kind === "choice" ? [before, after] : [before, randomPayloadShape(random)];
}

describe("the judgement of a writer's shape by a reader's", () => {
  it(`calls no pair safe whose reader refuses what the writer sends (${PAIRS} pairs, SEED=${seed})`, () => {
    const random = new Random(seed);
    const tally = { safe: 0, refused: 0, witnessed: 0, samples: 0 };
    for (let i = 0; i < PAIRS; i++) {
      const [writer, reader] = pairs(random);
      const refusals = findRefusals(writer, reader);
      let witnessed = false;
      for (let j = 0; j < SAMPLES; j++) {
        const payload = sample(writer, random);
        if (explain(writer, payload, "writer")) continue;
        tally.samples++;
        const found = explain(reader, payload, "reader");
        if (found) witnessed = true;
        if (found && refusals.length === 0) {
          expect.fail(`SEED=${seed} pair ${i}: ${JSON.stringify({ writer, reader, payload, found })}`);
        }
      }
      if (refusals.length === 0) tally.safe++;
      else tally.refused++;
      if (refusals.length > 0 && witnessed) tally.witnessed++;
    }
    process.stdout.write(`inclusion: ${JSON.stringify(tally)}\n`);
    // The property says nothing of a judge that refuses all, or of samples that never reach the difference.
    expect(tally.safe).toBeGreaterThan(PAIRS / 10);
    expect(tally.witnessed).toBeGreaterThan(tally.refused / 3);
    expect(tally.samples).toBeGreaterThan(PAIRS * SAMPLES * 0.9);
  }, 600_000);
});
