/** The upper bounds of a latency histogram's buckets, ms; what is longer is in one more. */
export const latencyBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

/** Measurements by bucket: how many there were, and their sum, so that a mean is exact whatever the buckets are. */
export interface Latencies {
  readonly counts: number[];
  readonly sums: number[];
}

export function createLatencies(): Latencies {
  return { counts: [], sums: [] };
}

/** Adds `times` measurements that lie in one bucket and are `ms` on average. */
export function addLatency({ counts, sums }: Latencies, ms: number, times = 1): void {
  let bucket = 0;
  while (ms > (latencyBounds[bucket] as number)) bucket++;
  counts[bucket] = (counts[bucket] ?? 0) + times;
  sums[bucket] = (sums[bucket] ?? 0) + ms * times;
}
