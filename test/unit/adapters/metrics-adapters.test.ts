import { openTelemetryMetrics } from "@gestaloka/events/opentelemetry";
import { prometheusMetrics } from "@gestaloka/events/prometheus";
import type { Metrics } from "@gestaloka/events/server";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { Registry } from "prom-client";
import { expect, it } from "vitest";

function use(metrics: Metrics): void {
  metrics.count("emitted", 3, "ship_loaded", "critical");
  metrics.count("emitted", 2, "ship_loaded", "critical");
  metrics.count("refused", 1, "ship_loaded", "payload_invalid");
  metrics.count("joins", 1, "", "");
  metrics.change?.("connections", 5);
  metrics.change?.("connections", -2);
  metrics.observe?.("receive", 1.5, 4, "ship_loaded", "critical");
  metrics.observe?.("receive", 40_000, 1, "ship_loaded", "critical");
  metrics.observe?.("handler", 20, 2, "load_ship", "");
}

it("writes what Prometheus reads, and is brought up to date by the scrape", async () => {
  const registry = new Registry();
  const metrics = prometheusMetrics({ registry });
  let updates = 0;
  const detach = metrics.attach?.(() => {
    if (updates++ === 0) use(metrics);
  });
  const lines = (await registry.metrics()).split("\n");
  for (const line of [
    "# TYPE gestaloka_events_emitted_total counter",
    'gestaloka_events_emitted_total{event="ship_loaded",lane="critical"} 5',
    'gestaloka_events_refused_total{event="ship_loaded",reason="payload_invalid"} 1',
    "gestaloka_events_joins_total 1",
    "gestaloka_events_connections 3",
    "# TYPE gestaloka_events_receive_seconds histogram",
    'gestaloka_events_receive_seconds_bucket{event="ship_loaded",lane="critical",le="0.001"} 0',
    'gestaloka_events_receive_seconds_bucket{event="ship_loaded",lane="critical",le="0.002"} 4',
    'gestaloka_events_receive_seconds_bucket{event="ship_loaded",lane="critical",le="30"} 4',
    'gestaloka_events_receive_seconds_bucket{event="ship_loaded",lane="critical",le="+Inf"} 5',
    'gestaloka_events_receive_seconds_sum{event="ship_loaded",lane="critical"} 40.006',
    'gestaloka_events_receive_seconds_count{event="ship_loaded",lane="critical"} 5',
    'gestaloka_events_handler_seconds_count{event="load_ship"} 2',
  ])
    expect(lines).toContain(line);
  expect(await registry.getMetricsAsJSON()).toHaveLength(lines.filter((line) => line.startsWith("# TYPE")).length);
  const before = updates;
  detach?.();
  await registry.metrics();
  expect([before > 0, updates]).toEqual([true, before]);
  expect(() => prometheusMetrics({ registry })).toThrow("already been registered");
  registry.resetMetrics();
  expect(await registry.metrics()).not.toContain("receive_seconds_bucket{");
});

it("records with a meter of OpenTelemetry", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  use(openTelemetryMetrics(provider.getMeter("test")));
  await provider.forceFlush();
  const points = new Map(
    exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      .map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) => [attributes, value] as const),
      ]),
  );
  expect(points.get("gestaloka_events_emitted")).toEqual([[{ event: "ship_loaded", lane: "critical" }, 5]]);
  expect(points.get("gestaloka_events_refused")).toEqual([[{ event: "ship_loaded", reason: "payload_invalid" }, 1]]);
  expect(points.get("gestaloka_events_connections")).toEqual([[{}, 3]]);
  const [[labels, receive] = []] = points.get("gestaloka_events_receive") ?? [];
  expect(labels).toEqual({ event: "ship_loaded", lane: "critical" });
  expect(receive).toMatchObject({ count: 5, sum: expect.closeTo(40.006), buckets: { boundaries: expect.any(Array) } });
  expect((receive as { buckets: { counts: number[] } }).buckets.counts.slice(0, 3)).toEqual([0, 4, 0]);
  await provider.shutdown();
});

it("says what to give in place of a registry or a meter", () => {
  for (const wrong of [undefined, null, new Registry(), { registry: {} }])
    expect(() => prometheusMetrics(wrong as never)).toThrow(
      /give \{ registry \}.* \(docs\/errors\.md#contract_invalid\)$/,
    );
  for (const wrong of [undefined, null, new MeterProvider()])
    expect(() => openTelemetryMetrics(wrong as never)).toThrow(/give a meter.* \(docs\/errors\.md#contract_invalid\)$/);
});
