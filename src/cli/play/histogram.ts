/** Durations in buckets that grow by 2: 1, 2, 4, … ms; percentiles are exact up to 100,000 of them. */
export class Histogram {
  readonly #all: number[] = [];

  add(ms: number): void {
    if (this.#all.length < 100_000) this.#all.push(ms);
  }

  get count(): number {
    return this.#all.length;
  }

  /** ms below which a share of the durations lies; 0 without any. */
  percentile(share: number): number {
    const sorted = [...this.#all].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  }

  /** One line a bucket: its upper bound, a bar, how many. */
  lines(width = 40): string[] {
    const buckets = new Map<number, number>();
    for (const ms of this.#all) {
      const bound = 2 ** Math.max(0, Math.ceil(Math.log2(ms)));
      buckets.set(bound, (buckets.get(bound) ?? 0) + 1);
    }
    const most = Math.max(1, ...buckets.values());
    return [...buckets]
      .sort(([a], [b]) => a - b)
      .map(([bound, count]) => {
        const bar = "█".repeat(Math.max(1, Math.round((width * count) / most)));
        return `${`≤ ${bound} ms`.padStart(11)}  ${bar.padEnd(width)}  ${count.toLocaleString("en")}`;
      });
  }
}
