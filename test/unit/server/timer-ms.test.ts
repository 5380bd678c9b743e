import { expect, it } from "vitest";
import { toTimerMs } from "../../../src/server/timer-ms.js";

it("takes what a timer can wait, and the usual time where nothing, null or no number is given", () => {
  expect([20, 0, -1, Number.POSITIVE_INFINITY].map((given) => toTimerMs(given, 5))).toEqual([20, 0, 0, 2 ** 31 - 1]);
  expect([undefined, null, Number.NaN].map((given) => toTimerMs(given as undefined, 5))).toEqual([5, 5, 5]);
});
