import fc from "fast-check";
import { expect } from "vitest";

/** What a model draws by; what failed is played again by itself with `SEED` and `MODEL_PATH`. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const replay = process.env.MODEL_PATH === undefined ? {} : { path: process.env.MODEL_PATH, endOnFailure: true };

// The test's own time goes on, whatever time a model's clients are told.
const now = performance.now.bind(performance);

/** How long a model may draw, ms; a longer run by hand draws for as long as `MODEL_MS` says. */
export function drawingMs(usual: number): number {
  return Number(process.env.MODEL_MS ?? usual);
}

/** How a model's runs are drawn. */
export interface Drawing<TDrawn> {
  readonly of: string;
  readonly limitMs: number;
  /** The least that a run takes, ms. */
  readonly perRunMs: number;
  /** Whether what failed is made smaller for as long as that takes: runs that take no real time. */
  readonly shrinks: boolean;
  readonly drawn: fc.Arbitrary<TDrawn>;
  /** Rejects where something is wrong. */
  play(drawn: TDrawn): Promise<void>;
}

/** Draws runs until their time is over; every one that begins is brought to its end. */
export async function drawRuns<TDrawn>(drawing: Drawing<TDrawn>): Promise<void> {
  const { of, limitMs, perRunMs, shrinks, drawn, play } = drawing;
  console.info(`model of ${of}, SEED=${seed}`);
  const begun = now();
  let runs = 0;
  let failed = false;
  const property = fc.asyncProperty(drawn, async (each) => {
    if (!(failed && shrinks) && now() - begun > limitMs) return;
    runs++;
    try {
      await play(each);
    } catch (error) {
      failed = true;
      throw error;
    }
  });
  await fc.assert(property, { seed, numRuns: Math.ceil(limitMs / perRunMs), ...replay });
  console.info(`${runs} runs`);
  expect(runs).toBeGreaterThan(0);
}
