// @vitest-environment jsdom
import fc from "fast-check";
import { expect, it } from "vitest";
import { drawingMs, drawRuns } from "../model/drawing.js";
import { type FeedStep, FeedWorld, feedStep } from "./feed-world.js";
import { pageTimers } from "./page-timers.js";

const limitMs = drawingMs(3_000);

pageTimers();

/** A page that shows a game with nothing under way: each entry fetches, and so does each connection the balance. */
const inGame: readonly FeedStep[] = [
  { do: "connect" },
  { do: "enter" },
  ...[0, 0, 0, 0].map((which) => ({ do: "answer" as const, which })),
];

it("shows each message of a game once and in order, and every one and the balance once all is well, whatever fetch fails", {
  timeout: limitMs + 60_000,
}, async () => {
  await drawRuns({
    of: "feeds",
    limitMs,
    perRunMs: 10,
    shrinks: true,
    drawn: fc.array(feedStep, { minLength: 3, maxLength: 40, size: "max" }),
    play,
  });
});

// Drawn once in many thousands of runs.
it.each<{ readonly end: "forget" | "put out" }>([{ end: "forget" }, { end: "put out" }])(
  "shows what is said before a game is entered again where it ended by $end while no page showed it",
  async ({ end }) => {
    const names = ["unmount", end, "mount"] as const;
    await play([
      ...inGame,
      ...names.map((name) => ({ do: name })),
      // What the page fetches as it comes back.
      { do: "read", which: 0 },
      { do: "read", which: 1 },
      { do: "say" },
      { do: "connect" },
      { do: "enter" },
    ]);
  },
);

async function play(steps: readonly FeedStep[]): Promise<void> {
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
}
