/**
 * Metrics for OpenTelemetry; needs the package `@opentelemetry/api`.
 *
 * @module
 */
export { openTelemetryMetrics } from "../adapters/opentelemetry.js";
export type { CounterName, GaugeName, HistogramName, Metrics } from "../server/metrics.js";
