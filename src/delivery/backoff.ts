import { numberOf } from "./number-of.js";

/** What a server says on its way out (`$bye`) or when it cuts: come back after so long, spread over so long. */
export interface RetryHint {
  readonly retry_after_ms: number;
  readonly spread_ms: number;
}

const baseMs = 500;
const capMs = 30_000;

// A hint is a stranger's: ten minutes is the longest wait it can ask for.
const hintCapMs = 600_000;

/** How long a server's hint asks to wait, ms: bounded, and 0 for what is no such time. */
export function hintedMs(value: unknown): number {
  return Math.min(numberOf(value), hintCapMs);
}

/**
 * Says how many ms to wait before reconnect attempt `attempt` (0 for the first): full jitter,
 * `random · min(30 s, 500 ms · 2^attempt)`, or within the server's hint when there is one.
 *
 * `random` is in [0, 1). Pass a hint for the first attempt after it only; of a malformed one the bad part counts as 0.
 */
export function backoffMs(attempt: number, random: number, hint?: Partial<RetryHint>): number {
  return hint
    ? hintedMs(hint.retry_after_ms) + random * hintedMs(hint.spread_ms)
    : random * Math.min(capMs, baseMs * 2 ** attempt);
}
