/** Seconds as a signal and a timer take them: in whole milliseconds, and no more than 24 days. */
export function timerMs(seconds: number): number {
  return Math.min(Math.ceil(seconds * 1_000), 2 ** 31 - 1);
}
