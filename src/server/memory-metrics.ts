import { addLatency, createLatencies, type Latencies, latencyBounds } from "../delivery/latency.js";
import { type CounterName, type GaugeName, gauges, type HistogramName, type Metrics } from "./metrics.js";

/** A counter as it stands; labels that it does not have are "". */
export interface CounterReading {
  /** Which counter. */
  readonly counter: CounterName;
  /** The event's or command's name on the wire. */
  readonly event: string;
  /** A lane or a code. */
  readonly reason: string;
  /** How often it was counted. */
  readonly value: number;
}

/** A histogram as it stands. */
export interface HistogramReading {
  /** Which histogram. */
  readonly histogram: HistogramName;
  /** The event's or command's name on the wire. */
  readonly event: string;
  /** The event's lane. */
  readonly lane: string;
  /** How many were measured. */
  readonly count: number;
  /** Their mean, ms. */
  readonly meanMs: number;
  /** How many took at most `upToMs`, which is Infinity for the last. */
  readonly buckets: readonly { readonly upToMs: number; readonly count: number }[];
}

/** How much of what was addressed to connections alive they reached. */
export interface DeliveryReading {
  /** The event's name on the wire. */
  readonly event: string;
  /** How many were addressed to connections that report. */
  readonly addressed: number;
  /** How many of those their clients handled. */
  readonly reached: number;
  /** From 0 to 1. */
  readonly rate: number;
}

/** What was counted and measured up to a moment. */
export interface MetricsSnapshot {
  /** Every counter that was counted. */
  readonly counters: readonly CounterReading[];
  /** Every gauge as it stands. */
  readonly gauges: Readonly<Record<GaugeName, number>>;
  /** Every histogram that was measured. */
  readonly histograms: readonly HistogramReading[];
  /** The delivery rate of each event that is recovered. */
  readonly delivery: readonly DeliveryReading[];
  /** The sum of a counter, over all events and reasons that are not given. */
  total(counter: CounterName, event?: string, reason?: string): number;
}

/** Metrics that are kept in memory, for tests, for tools and for a page of one's own. */
export interface MemoryMetrics extends Metrics {
  /** Everything up to now. */
  snapshot(): MetricsSnapshot;
}

/** Makes a sink that keeps what it is told. */
export function memoryMetrics(): MemoryMetrics {
  const counted = new Map<string, CounterReading>();
  const measured = new Map<string, Latencies>();
  const levels = Object.fromEntries(Object.keys(gauges).map((name) => [name, 0])) as Record<GaugeName, number>;
  const updates = new Set<() => void>();

  return {
    count(counter, by, event, reason) {
      const key = [counter, event, reason].join("\n");
      counted.set(key, { counter, event, reason, value: (counted.get(key)?.value ?? 0) + by });
    },
    change(gauge, by) {
      levels[gauge] += by;
    },
    observe(histogram, ms, times, event, lane) {
      const key = [histogram, event, lane].join("\n");
      const latencies = measured.get(key) ?? createLatencies();
      measured.set(key, latencies);
      addLatency(latencies, ms, times);
    },
    attach(update) {
      updates.add(update);
      return () => updates.delete(update);
    },
    snapshot() {
      for (const update of updates) update();
      const counters = [...counted.values()];
      const total = (counter: CounterName, event?: string, reason?: string) =>
        counters
          .filter((reading) => reading.counter === counter)
          .filter((reading) => (event ?? reading.event) === reading.event)
          .filter((reading) => (reason ?? reading.reason) === reading.reason)
          .reduce((sum, { value }) => sum + value, 0);
      const addressed = new Set(counters.filter(({ counter }) => counter === "addressed").map(({ event }) => event));
      const delivery = [...addressed].map((event) => {
        const [all, reached] = [total("addressed", event), total("reached", event)];
        return { event, addressed: all, reached, rate: reached / all };
      });
      return { counters, gauges: { ...levels }, histograms: [...measured].map(toReading), delivery, total };
    },
  };
}

function toReading([key, { counts, sums }]: [string, Latencies]): HistogramReading {
  const [histogram, event, lane] = key.split("\n") as [HistogramName, string, string];
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  let count = 0;
  const buckets = [...latencyBounds, Number.POSITIVE_INFINITY].map((upToMs, bucket) => {
    count += counts[bucket] ?? 0;
    return { upToMs, count };
  });
  return { histogram, event, lane, count, meanMs: sum(sums) / count, buckets };
}
