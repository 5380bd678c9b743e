import type { Counter, Histogram, Meter, UpDownCounter } from "@opentelemetry/api";
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

/**
 * Metrics as OpenTelemetry instruments of a meter: counters, up-down counters, and histograms in seconds, called
 * `gestaloka_events_emitted`, `gestaloka_events_connections`, `gestaloka_events_receive` and so on.
 *
 * @throws {ContractError} `contract_invalid` for what is no meter.
 *
 * @example
 * ```ts
 * import { metrics } from "@opentelemetry/api";
 * import { openTelemetryMetrics } from "@gestaloka/events/opentelemetry";
 * const sink = openTelemetryMetrics(metrics.getMeter("game"));
 * ```
 */
export function openTelemetryMetrics(meter: Meter): Metrics {
  if (typeof meter?.createUpDownCounter !== "function")
    throw new ContractError("contract_invalid", 'openTelemetryMetrics: give a meter, as metrics.getMeter("game")');
  const ofCounters = each(counters, (name, { help }): Counter => meter.createCounter(name, { description: help }));
  const ofGauges = each(gauges, (name, help): UpDownCounter => meter.createUpDownCounter(name, { description: help }));
  const explicitBucketBoundaries = latencyBounds.map((ms) => ms / 1_000);
  const ofHistograms = each(
    histograms,
    (name, { help }): Histogram =>
      meter.createHistogram(name, { description: help, unit: "s", advice: { explicitBucketBoundaries } }),
  );
  return {
    count(counter, by, event, reason) {
      ofCounters[counter].add(by, labelsOf(counters[counter].labels, event, reason));
    },
    change(gauge, by) {
      ofGauges[gauge].add(by);
    },
    observe(histogram, ms, times, event, lane) {
      const attributes = labelsOf(histograms[histogram].labels, event, lane);
      // The API has no door for what was added up.
      for (let i = 0; i < times; i++) ofHistograms[histogram].record(ms / 1_000, attributes);
    },
  };
}

function each<TName extends CounterName | GaugeName | HistogramName, TShape, TInstrument>(
  shapes: Readonly<Record<TName, TShape>>,
  make: (name: string, shape: TShape) => TInstrument,
): Record<TName, TInstrument> {
  const made = Object.entries<TShape>(shapes).map(([name, shape]) => [name, make(`gestaloka_events_${name}`, shape)]);
  return Object.fromEntries(made) as Record<TName, TInstrument>;
}
