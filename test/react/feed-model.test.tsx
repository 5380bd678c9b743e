// @vitest-environment jsdom
import fc from "fast-check";
import { expect, it } from "vitest";
import { drawingMs, drawRuns } from "../model/drawing.js";
import { FeedWorld, feedStep } from "./feed-world.js";
import { pageTimers } from "./page-timers.js";

const limitMs = drawingMs(3_000);

pageTimers();

it("shows each message of a game once and in order, and every one and the balance once all is well, whatever fetch fails", {
  timeout: limitMs + 60_000,
}, async () => {
  await drawRuns({
    of: "feeds",
    limitMs,
    perRunMs: 10,
    shrinks: true,
    drawn: fc.array(feedStep, { minLength: 3, maxLength: 40, size: "max" }),
    async play(steps) {
      const world = new FeedWorld();
      try {
        await world.perform({ do: "mount" });
        for (const step of steps) {
          world.note(JSON.stringify(step));
          await world.perform(step);
          if (world.wrong.length > 0) break;
        }
        if (world.wrong.length === 0) await world.settle();
      } finally {
        await world.end();
      }
      expect(world.wrong, world.story()).toEqual([]);
    },
  });
});
