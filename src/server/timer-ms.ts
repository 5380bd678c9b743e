/** A longer timer would go off at once. */
const longestMs = 2 ** 31 - 1;

/** A time that a timer can wait: what is no number says nothing, and the usual one is taken; there is none before now. */
export function toTimerMs(given: number | undefined, usualMs: number): number {
  // A program without types may read `null` from a file.
  const ms = Math.max(given ?? Number.NaN, 0);
  return Number.isNaN(ms) ? usualMs : Math.min(ms, longestMs);
}
