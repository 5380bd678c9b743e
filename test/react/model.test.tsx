// @vitest-environment jsdom
import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Fault, fault } from "../model/simulated-server.js";
import { type PageStep, PageWorld, pageStep } from "./page-world.js";

type Step = { readonly wait: number } | { readonly act: PageStep } | { readonly suffer: Fault; readonly which: 0 | 1 };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ wait: fc.constantFrom(1, 3, 5, 8, 20, 60, 300, 1_200, 4_000) }) },
  { weight: 8, arbitrary: fc.record({ act: pageStep }) },
  { weight: 5, arbitrary: fc.record({ suffer: fault, which: fc.constantFrom(0 as const, 0 as const, 1 as const) }) },
);

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
/** How long it may draw, ms; a longer run by hand draws for as long as it is told to. */
const limitMs = Number(process.env.MODEL_MS ?? 5_000);
/** A run takes some 50 ms where the machine has nothing else to do. */
const perRunMs = 10;

// What the client reads; the test's own time goes on.
const { now } = performance;
const realMs = now.bind(performance);

beforeEach(() => {
  // Turns are React's, as in a page: it is not told that this is a test.
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function play(world: PageWorld, steps: readonly Step[]): Promise<void> {
  try {
    for (const one of steps) {
      world.note(JSON.stringify(one));
      if ("wait" in one) await world.wait(one.wait);
      else if ("act" in one) await world.perform(one.act);
      else world.suffer(one.suffer, one.which);
      if (world.wrong.length > 0) break;
    }
    if (world.wrong.length === 0) await world.settle();
  } finally {
    await world.end();
  }
}

it("is in the rooms that a page wants, calls each handler once an event, shows what its client knows, and leaves nothing behind", {
  timeout: limitMs + 60_000,
}, async () => {
  console.info(`model of pages, SEED=${seed}`);
  const begun = realMs();
  let runs = 0;
  let failed = false;
  const steps = fc.array(step, { minLength: 3, maxLength: 30, size: "max" });
  const property = fc.asyncProperty(fc.boolean(), steps, async (isStrict, drawn) => {
    // What failed is made smaller for as long as that takes.
    if (!failed && realMs() - begun > limitMs) return;
    runs++;
    const world = new PageWorld(isStrict);
    await play(world, drawn);
    failed ||= world.wrong.length > 0;
    expect(world.wrong, world.story()).toEqual([]);
  });
  // What failed is played again by itself with its seed and its path.
  const replay = process.env.MODEL_PATH === undefined ? {} : { path: process.env.MODEL_PATH, endOnFailure: true };
  await fc.assert(property, { seed, numRuns: Math.ceil(limitMs / perRunMs), ...replay });
  console.info(`${runs} runs`);
  expect(runs).toBeGreaterThan(0);
});
