// Sums of fractions are off by less than so many ms, years after the start as well, and by less than this part of a token.
const roundingMs = 0.01;
const roundingPart = 1e-9;
const fewest = 64;

/**
 * Lets each key take so many at a stretch, and so many a second in the long run.
 *
 * Of a bucket only the time is kept at which it is full again, and nothing once it is: memory is bounded by who asked
 * lately, and by a burst's ids of each. Times are monotonic ms.
 */
export class TokenBuckets {
  private readonly fullAt = new Map<string, number>();
  /** When the last place in line is due, for each key. */
  private readonly places = new Map<string, number>();
  /** What tokens were given for, oldest first. */
  private readonly paid = new Map<string, Set<string>>();
  private readonly tokenMs: number;
  private readonly fullMs: number;
  private readonly roundingMs: number;
  private sweptAt = 0;
  private mostBuckets = fewest;

  constructor(
    perSecond: number,
    private readonly burst: number,
  ) {
    // Of Infinity nothing could be taken away: who is given none in the long run would be given all.
    this.tokenMs = Math.min(1_000 / perSecond, Number.MAX_SAFE_INTEGER);
    this.fullMs = burst * this.tokenMs;
    this.roundingMs = Math.max(roundingMs, roundingPart * this.tokenMs);
  }

  get size(): number {
    return this.fullAt.size;
  }

  /** Whether one was taken for this id lately. */
  isPaid(key: string, id: string): boolean {
    return this.paid.get(key)?.has(id) ?? false;
  }

  /** Takes one, for an id if there is one: 0 when there was one, else how many ms until there is. */
  take(key: string, now: number, id?: string): number {
    if (this.fullAt.size >= this.mostBuckets || now - this.sweptAt > this.fullMs) this.sweep(now);
    const fullAt = Math.max(now, this.fullAt.get(key) ?? now) + this.tokenMs;
    const wait = fullAt - now - this.fullMs;
    if (wait > this.roundingMs) return Math.ceil(wait - this.roundingMs);
    this.fullAt.set(key, fullAt);
    if (id !== undefined) this.remember(key, id);
    return 0;
  }

  /**
   * Gives who was to wait for so long, ms, the next place in line: how long until there is one for them as well. Told the
   * same, all who were refused would come again together. No place is later than a burst takes.
   */
  place(key: string, now: number, wait: number): number {
    const after = (this.places.get(key) ?? 0) + this.tokenMs - now;
    const place = Math.max(wait, Math.min(after, this.fullMs));
    this.places.set(key, now + place);
    return Math.ceil(place);
  }

  private remember(key: string, id: string): void {
    const ids = this.paid.get(key) ?? new Set();
    this.paid.set(key, ids.add(id));
    for (const oldest of ids) {
      if (ids.size <= this.burst) return;
      ids.delete(oldest);
    }
  }

  /** Lets go of the full ones, before there are twice as many as were left the last time. */
  private sweep(now: number): void {
    this.sweptAt = now;
    for (const [key, fullAt] of this.fullAt) {
      if (fullAt > now) continue;
      this.fullAt.delete(key);
      this.places.delete(key);
      this.paid.delete(key);
    }
    this.mostBuckets = Math.max(fewest, 2 * this.fullAt.size);
  }
}
