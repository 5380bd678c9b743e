interface Bucket {
  tokens: number;
  /** Monotonic ms. */
  at: number;
}

/**
 * Lets each key take so many at a stretch, and so many a second in the long run.
 *
 * A bucket that is full again is not kept, so memory is bounded by who asked lately. Times are monotonic ms.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly fullMs: number;
  private sweptAt = 0;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.fullMs = (burst / perSecond) * 1_000;
  }

  get size(): number {
    return this.buckets.size;
  }

  /** Takes one: 0 when there was one, else how many ms until there is. */
  take(key: string, now: number): number {
    if (now - this.sweptAt > this.fullMs) this.sweep(now);
    const bucket = this.buckets.get(key);
    if (!bucket) {
      this.buckets.set(key, { tokens: this.burst - 1, at: now });
      return 0;
    }
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) * this.perSecond) / 1_000);
    bucket.at = now;
    if (bucket.tokens < 1) return Math.max(1, Math.ceil(((1 - bucket.tokens) * 1_000) / this.perSecond));
    bucket.tokens--;
    return 0;
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    for (const [key, { at }] of this.buckets) if (now - at >= this.fullMs) this.buckets.delete(key);
  }
}
