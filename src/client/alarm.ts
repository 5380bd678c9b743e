import type { Clock } from "./clock.js";

/** One timer for the earliest of many deadlines. */
export interface Alarm {
  /** Rings after so many ms at the latest; never for Infinity. */
  within(ms: number): void;
  stop(): void;
}

// A timer that is so late slept with its machine, and would go on sleeping, ms.
const lateMs = 1_000;

/** Makes an alarm that is not set; it rings once, and is set again by whoever has another deadline. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let due = Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    due = Infinity;
  };
  return {
    within(ms) {
      const now = clock();
      const at = Math.min(now + ms, due);
      if (at === due && now - due < lateMs) return;
      stop();
      due = at;
      timer = setTimeout(
        () => {
          stop();
          ring();
        },
        // A timer of more than 24 days would go off at once.
        Math.min(at - now, 1e9),
      );
    },
    stop,
  };
}
