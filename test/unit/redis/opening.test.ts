import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Opening } from "../../../src/redis/opening.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What becomes of whoever waits from now on. */
function outcomeOf({ promise }: Opening): { is: unknown } {
  const outcome = { is: "waiting" as unknown };
  promise.then(
    () => {
      outcome.is = "there";
    },
    ({ code }) => {
      outcome.is = code;
    },
  );
  return outcome;
}

it("lets nobody wait for longer than 5 s, nor whoever comes after a first connection that came later", async () => {
  const opening = new Opening();
  opening.begin();
  const first = outcomeOf(opening);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(first.is).toBe("waiting");
  await vi.advanceTimersByTimeAsync(1);
  expect(first.is).toBe("backend_unavailable");
  opening.end();
  const next = outcomeOf(opening);
  await vi.advanceTimersByTimeAsync(0);
  expect(next.is).toBe("there");
});

it("gives each that begins its whole time, though the one before it ended early", async () => {
  const opening = new Opening();
  opening.begin();
  await vi.advanceTimersByTimeAsync(4_000);
  opening.end();
  opening.begin();
  const second = outcomeOf(opening);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(second.is).toBe("waiting");
  opening.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(second.is).toBe("there");
  expect(vi.getTimerCount()).toBe(0);
});
