import { Counter, Gauge, type Histogram, type Registry } from "prom-client";
import { ContractError } from "../contract/errors.js";
import {
  type CounterName,
  counters,
  type GaugeName,
  gauges,
  type HistogramName,
  histograms,
  labelsOf,
  latencyBounds,
  type Metrics,
} from "../server/metrics.js";

/** Which registry the metrics go to. */
export interface PrometheusOptions {
  /** `register` of prom-client, or one of your own. */
  readonly registry: Registry;
}

const prefix = "gestaloka_events_";

/**
 * Metrics in a registry of prom-client, up to date whenever it is scraped: `gestaloka_events_emitted_total`,
 * `gestaloka_events_connections`, `gestaloka_events_receive_seconds` and so on.
 *
 * Throws, as prom-client does, where the registry has these names already: several servers of a process share one sink.
 *
 * @throws {ContractError} `contract_invalid` for what is no registry.
 *
 * @example
 * ```ts
 * import { register } from "prom-client";
 * import { prometheusMetrics } from "@gestaloka/events/prometheus";
 * const metrics = prometheusMetrics({ registry: register });
 * ```
 */
export function prometheusMetrics(options: PrometheusOptions): Metrics {
  const { registry } = options ?? {};
  if (typeof registry?.registerMetric !== "function")
    throw new ContractError("contract_invalid", "prometheusMetrics: give { registry }, as register of prom-client");
  const registers = [registry];
  const updates = new Set<() => void>();
  const collect = () => {
    for (const update of updates) update();
  };
  const ofHistograms = {} as Record<HistogramName, AddedUp>;
  const ofCounters = {} as Record<CounterName, Counter>;
  const ofGauges = {} as Record<GaugeName, Gauge>;
  for (const [name, { help, labels }] of entriesOf(counters))
    ofCounters[name] = new Counter({ name: `${prefix}${name}_total`, help, labelNames: labels, registers, collect });
  for (const [name, help] of entriesOf(gauges))
    ofGauges[name] = new Gauge({ name: prefix + name, help, registers, collect });
  for (const [name, { help }] of entriesOf(histograms)) {
    ofHistograms[name] = new AddedUp(`${prefix}${name}_seconds`, help, collect);
    registry.registerMetric(ofHistograms[name] as unknown as Histogram);
  }
  return {
    count(counter, by, event, reason) {
      ofCounters[counter].inc(labelsOf(counters[counter].labels, event, reason), by);
    },
    change(gauge, by) {
      ofGauges[gauge].inc(by);
    },
    observe(histogram, ms, times, event, lane) {
      ofHistograms[histogram].add(labelsOf(histograms[histogram].labels, event, lane), ms / 1_000, times);
    },
    attach(update) {
      updates.add(update);
      return () => updates.delete(update);
    },
  };
}

type Labels = Readonly<Record<string, string | number>>;

interface Series {
  readonly labels: Labels;
  /** By bucket, not cumulative. */
  readonly counts: number[];
  sum: number;
}

/** A histogram that takes what was added up elsewhere; prom-client's own takes one measurement a call. */
class AddedUp {
  readonly type = "histogram";
  readonly aggregator = "sum";
  private readonly bounds: readonly number[] = latencyBounds.map((ms) => ms / 1_000);
  private readonly series = new Map<string, Series>();

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly collect: () => void,
  ) {}

  add(labels: Labels, seconds: number, times: number): void {
    const key = JSON.stringify(labels);
    const series = this.series.get(key) ?? { labels, counts: this.bounds.map(() => 0).concat(0), sum: 0 };
    this.series.set(key, series);
    const bucket = this.bounds.findIndex((bound) => seconds <= bound);
    const at = bucket < 0 ? this.bounds.length : bucket;
    series.counts[at] = (series.counts[at] as number) + times;
    series.sum += seconds * times;
  }

  async get(): Promise<object> {
    this.collect();
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: [...this.series.values()].flatMap((each) => this.valuesOf(each)) };
  }

  reset(): void {
    this.series.clear();
  }

  private valuesOf({ labels, counts, sum }: Series): object[] {
    let count = 0;
    const buckets = counts.map((times, bucket) => {
      count += times;
      return {
        metricName: `${this.name}_bucket`,
        labels: { ...labels, le: this.bounds[bucket] ?? "+Inf" },
        value: count,
      };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: sum },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}

function entriesOf<TName extends string, TValue>(record: Readonly<Record<TName, TValue>>): [TName, TValue][] {
  return Object.entries(record) as [TName, TValue][];
}
