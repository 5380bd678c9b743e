import { performance } from "node:perf_hooks";
import timers from "node:timers";
import { setImmediate as turn } from "node:timers/promises";

/** As much of vitest's `vi`, and of Jest's `jest`, as is needed. */
export interface FakeTimers {
  useFakeTimers(options: { readonly toFake: FakedName[]; readonly doNotFake: KeptName[] }): unknown;
  useRealTimers(): unknown;
  advanceTimersByTime(ms: number): unknown;
}

type FakedName = "setTimeout" | "clearTimeout" | "setInterval" | "clearInterval" | "Date";
type KeptName = "hrtime" | "nextTick" | "performance" | "queueMicrotask" | "setImmediate" | "clearImmediate";

/** Time that passes when told to. */
export interface FakeTime {
  /** Lets so many ms pass, and everything happen that comes of it on both ends, over memory and within this process. */
  advance(ms: number): Promise<void>;
  /** Gives the real time back. */
  restore(): void;
}

// What waits is at most this late, ms; the library's shortest wait is 50.
const stepMs = 25;
// A frame takes a few turns of the event loop from one end to the other, and its answer as many.
const turns = 12;
const real = { setTimeout: timers.setTimeout, clearTimeout: timers.clearTimeout };

/**
 * Stops the clocks that the library reads and the timers that it sets, on both ends: `fakeTime(vi)` or `fakeTime(jest)`.
 *
 * The turns of the event loop go on, since what is sent and received waits for nothing else.
 */
export function fakeTime(runner: FakeTimers): FakeTime {
  // biome-ignore lint/correctness/useHookAtTopLevel: the test runner's, and no hook of React's
  runner.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
    // Jest asks the other way round.
    doNotFake: ["hrtime", "nextTick", "performance", "queueMicrotask", "setImmediate", "clearImmediate"],
  });
  // Socket.IO's server pings by these: in real time, clients would miss every ping.
  Object.assign(timers, { setTimeout, clearTimeout });
  // Runners replace the global one, and modules hold the one of `node:perf_hooks`.
  const lead = performance.now() - Date.now();
  Object.defineProperty(performance, "now", { configurable: true, value: () => lead + Date.now() });
  const settle = async () => {
    for (let i = 0; i < turns; i++) await turn();
  };
  return {
    async advance(ms) {
      await settle();
      for (let left = ms; left > 0; left -= stepMs) {
        runner.advanceTimersByTime(Math.min(stepMs, left));
        await settle();
      }
    },
    restore() {
      Reflect.deleteProperty(performance, "now");
      Object.assign(timers, real);
      // biome-ignore lint/correctness/useHookAtTopLevel: as above
      runner.useRealTimers();
    },
  };
}
