// @vitest-environment jsdom
import fc from "fast-check";
import { expect, it } from "vitest";
import { drawingMs, drawRuns } from "../model/drawing.js";
import { type Fault, fault } from "../model/simulated-server.js";
import { pageTimers } from "./page-timers.js";
import { type PageStep, PageWorld, pageStep } from "./page-world.js";

type Step = { readonly wait: number } | { readonly act: PageStep } | { readonly suffer: Fault; readonly which: 0 | 1 };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ wait: fc.constantFrom(1, 3, 5, 8, 20, 60, 300, 1_200, 4_000) }) },
  { weight: 8, arbitrary: fc.record({ act: pageStep }) },
  { weight: 5, arbitrary: fc.record({ suffer: fault, which: fc.constantFrom(0 as const, 0 as const, 1 as const) }) },
);

const limitMs = drawingMs(5_000);

pageTimers();

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
  const steps = fc.array(step, { minLength: 3, maxLength: 30, size: "max" });
  await drawRuns({
    of: "pages",
    limitMs,
    perRunMs: 10,
    shrinks: true,
    drawn: fc.tuple(fc.boolean(), steps),
    async play([isStrict, drawn]) {
      const world = new PageWorld(isStrict);
      await play(world, drawn);
      expect(world.wrong, world.story()).toEqual([]);
    },
  });
});
