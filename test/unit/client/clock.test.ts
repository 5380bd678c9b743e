import { expect, it } from "vitest";
import { createClock } from "../../../src/client/clock.js";

it("counts the time that a machine slept, and never goes back", () => {
  let monotonic = 1_000;
  let wall = 1_700_000_000_000;
  const clock = createClock(
    () => monotonic,
    () => wall,
  );
  expect(clock()).toBe(1_000);
  monotonic += 500;
  wall += 500;
  expect(clock()).toBe(1_500);
  // Ten minutes of sleep: only the wall clock saw them.
  wall += 600_000;
  expect(clock()).toBe(601_500);
  expect(clock()).toBe(601_500);
  // The wall clock is set back by an hour.
  wall -= 3_600_000;
  expect(clock()).toBe(601_500);
  monotonic += 10;
  wall += 10;
  expect(clock()).toBe(601_510);
});
