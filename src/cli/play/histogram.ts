/** How many durations percentiles are taken of, at the most. */
const SAMPLE = 100_000;

/** Durations in buckets that grow by 2: 1, 2, 4, … ms; percentiles are exact up to 100,000 of them, then of a sample. */
export class Histogram {
  readonly #sample: number[] = [];
  readonly #buckets = new Map<number, number>();
  count = 0;
  /** ms; 0 without any. */
  longest = 0;

  add(ms: number): void {
    this.count++;
    this.longest = Math.max(this.longest, ms);
    const bound = 2 ** Math.max(0, Math.ceil(Math.log2(ms)));
    this.#buckets.set(bound, (this.#buckets.get(bound) ?? 0) + 1);
    // Each of all durations is as likely as any other to be in the sample.
    const at = this.count <= SAMPLE ? this.count - 1 : Math.floor(Math.random() * this.count);
    if (at < SAMPLE) this.#sample[at] = ms;
  }

  /** ms below which a share of the durations lies; 0 without any. */
  percentile(share: number): number {
    const sorted = [...this.#sample].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  }

  /** One line a bucket: its upper bound, a bar, how many. */
  lines(width = 40): string[] {
    const most = Math.max(1, ...this.#buckets.values());
    return [...this.#buckets]
      .sort(([a], [b]) => a - b)
      .map(([bound, count]) => {
        const bar = "█".repeat(Math.max(1, Math.round((width * count) / most)));
        return `${`≤ ${bound} ms`.padStart(11)}  ${bar.padEnd(width)}  ${count.toLocaleString("en")}`;
      });
  }
}
