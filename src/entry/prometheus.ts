/**
 * Metrics for Prometheus; needs the package `prom-client`.
 *
 * @module
 */
export { type PrometheusOptions, prometheusMetrics } from "../adapters/prometheus.js";
export type { CounterName, GaugeName, HistogramName, Metrics } from "../server/metrics.js";
