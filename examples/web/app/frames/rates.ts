import { keptSeconds, type Second } from "./frame-log.js";

/** What one second of the plot shows. */
export interface Rate {
  /** Seconds ago; 0 is now. */
  readonly ago: number;
  readonly events: number;
  readonly commands: number;
}

/** The minute before `now`, Unix ms, second by second. */
export function ratesOf(seconds: readonly Second[], now: number): readonly Rate[] {
  const last = Math.floor(now / 1_000);
  const bySecond = new Map(seconds.map((counted) => [counted.second, counted]));
  return Array.from({ length: keptSeconds }, (_, index) => {
    const ago = keptSeconds - 1 - index;
    const { events = 0, commands = 0 } = bySecond.get(last - ago) ?? {};
    return { ago, events, commands };
  });
}
