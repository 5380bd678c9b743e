interface Bucket {
  tokens: number;
  /** Monotonic ms. */
  at: number;
  /** What tokens were given for, oldest first. */
  paid: Set<string> | undefined;
}

/**
 * Lets each key take so many at a stretch, and so many a second in the long run.
 *
 * A bucket that is full again is not kept, so memory is bounded by who asked lately, and by a burst's ids of each.
 * Times are monotonic ms.
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

  /** Whether one was taken for this id lately. */
  isPaid(key: string, id: string): boolean {
    return this.buckets.get(key)?.paid?.has(id) ?? false;
  }

  /** Takes one, for an id if there is one: 0 when there was one, else how many ms until there is. */
  take(key: string, now: number, id?: string): number {
    if (now - this.sweptAt > this.fullMs) this.sweep(now);
    let bucket = this.buckets.get(key);
    if (!bucket) {
      bucket = { tokens: this.burst, at: now, paid: undefined };
      this.buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) * this.perSecond) / 1_000);
    bucket.at = now;
    if (bucket.tokens < 1) return Math.max(1, Math.ceil(((1 - bucket.tokens) * 1_000) / this.perSecond));
    bucket.tokens--;
    if (id !== undefined) this.remember(bucket, id);
    return 0;
  }

  private remember(bucket: Bucket, id: string): void {
    bucket.paid ??= new Set();
    bucket.paid.add(id);
    for (const oldest of bucket.paid) {
      if (bucket.paid.size <= this.burst) return;
      bucket.paid.delete(oldest);
    }
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    for (const [key, { at }] of this.buckets) if (now - at >= this.fullMs) this.buckets.delete(key);
  }
}
