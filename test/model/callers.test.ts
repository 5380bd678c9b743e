import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Happening, happening } from "./browser.js";
import { type Action, action, Callers, type Reaction } from "./callers.js";
import { drawingMs, drawRuns } from "./drawing.js";
import { type Fault, fault } from "./simulated-server.js";

/** One thing that happens from outside; what callers do in the middle of it are reactions. */
type Step =
  | { readonly wait: number }
  | { readonly act: Action }
  | { readonly suffer: Fault }
  | { readonly happen: Happening };

const wait = fc.constantFrom(0, 1, 3, 5, 8, 20, 60, 300, 1_200, 4_000, 11_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ wait }) },
  { weight: 4, arbitrary: fc.record({ act: action }) },
  { weight: 6, arbitrary: fc.record({ suffer: fault }) },
  { weight: 3, arbitrary: fc.record({ happen: happening }) },
);
const reaction: fc.Arbitrary<Reaction> = fc.record({ after: fc.nat(8), action });
const setting = fc.record({
  storage: fc.constantFrom("none" as const, "sync" as const, "async" as const, "early" as const, "unlocked" as const),
  sleeps: fc.boolean(),
  isUserKnown: fc.boolean(),
  reports: fc.boolean(),
  mode: fc.constantFrom("announced" as const, "plain" as const),
});

const limitMs = drawingMs(5_000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function play(world: Callers, steps: readonly Step[]): Promise<void> {
  try {
    for (const one of steps) {
      world.note(JSON.stringify(one));
      if ("wait" in one) await world.pass(one.wait);
      else if ("act" in one) await world.perform(one.act);
      else if ("happen" in one) await world.happen(one.happen);
      else world.server.suffer(one.suffer);
      if (world.wrong.length > 0) break;
    }
    if (world.wrong.length === 0) await world.settle();
  } finally {
    await world.end();
  }
}

describe("a client whose callers act whenever they are called", () => {
  it("tells of nothing after a close, twice or of a room that was left, answers every command, and leaves nothing behind", {
    timeout: limitMs + 60_000,
  }, async () => {
    const steps = fc.array(step, { minLength: 3, maxLength: 30, size: "max" });
    const reactions = fc.array(reaction, { maxLength: 25, size: "max" });
    await drawRuns({
      of: "callers",
      limitMs,
      perRunMs: 10,
      shrinks: true,
      drawn: fc.tuple(setting, steps, reactions, fc.integer()),
      async play([given, drawn, meanwhile, dice]) {
        const world = new Callers(given, meanwhile, dice);
        await play(world, drawn);
        expect(world.wrong, world.story()).toEqual([]);
      },
    });
  });
});
