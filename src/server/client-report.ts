import type { Contract } from "../contract/contract.js";
import { latencyBounds } from "../delivery/latency.js";
import type { HistogramName } from "./metrics.js";

/** What a client measured of one event: `times` measurements of one bucket that are `ms` on average. */
export interface Measurement {
  readonly histogram: HistogramName;
  readonly event: string;
  readonly lane: string;
  readonly ms: number;
  readonly times: number;
}

/** What a client reports beside its cursors. */
export interface ClientReport {
  readonly measurements: readonly Measurement[];
  /** Rooms that it gave up although the server had an answer, by reason. */
  readonly resyncs: readonly (readonly [reason: string, times: number])[];
}

// Somebody who measures what arrives cannot have more to tell within a report's interval, …
const mostMeasurements = 10_000;
// … nor more than one a millisecond but for so many: each may cost whoever is told of metrics a call.
const leastMeasurements = 100;
// What took longer was not a delivery.
const longestMs = 3_600_000;
const ownReasons = ["gap_lost", "payload_invalid"] as const;

/**
 * Reads a stranger's `stats { latency: { [event]: [receive, handled] }, resync: { [reason]: count } }`, where `receive` and
 * `handled` are flat lists of bucket, count and sum in ms. Whatever is not so, or not of the contract, is left out, and so is
 * more than can have been measured in `elapsedMs`.
 */
export function readReport(
  contract: Contract,
  stats: unknown,
  elapsedMs: number = Number.POSITIVE_INFINITY,
): ClientReport {
  const { latency, resync } = objectOf(stats);
  const measurements: Measurement[] = [];
  let left = Math.floor(Math.min(mostMeasurements, Math.max(leastMeasurements, elapsedMs)));
  const ofEvents = objectOf(latency);
  // The contract's names are looked up in what a stranger sent, and not the other way round.
  for (const { name, lane } of contract.events.values()) {
    const lists = Object.hasOwn(ofEvents, name) ? ofEvents[name] : undefined;
    if (!Array.isArray(lists)) continue;
    for (const [at, histogram] of (["receive", "handled"] as const).entries()) {
      for (const { ms, times } of readList(lists[at])) {
        const taken = Math.min(times, left);
        left -= taken;
        if (taken > 0) measurements.push({ histogram, event: name, lane, ms, times: taken });
      }
    }
  }
  const given = objectOf(resync);
  const resyncs = ownReasons.flatMap((reason) => {
    const times = Object.hasOwn(given, reason) ? given[reason] : 0;
    return isCount(times) ? [[reason, Math.min(times, mostMeasurements)] as const] : [];
  });
  return { measurements, resyncs };
}

function readList(list: unknown): { readonly ms: number; readonly times: number }[] {
  if (!Array.isArray(list)) return [];
  const read: { ms: number; times: number }[] = [];
  for (let bucket = 0; bucket <= latencyBounds.length; bucket++) {
    const at = 3 * bucket;
    const [index, times, sum] = [list[at], list[at + 1], list[at + 2]] as unknown[];
    if (!isCount(times) || typeof sum !== "number" || !Number.isFinite(sum)) break;
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) > latencyBounds.length) break;
    // A mean outside of its bucket would be somebody's invention.
    const from = latencyBounds[(index as number) - 1] ?? 0;
    const to = latencyBounds[index as number] ?? longestMs;
    read.push({ ms: Math.min(to, Math.max(from, sum / times)), times });
  }
  return read;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function objectOf(value: unknown): { readonly [key: string]: unknown } {
  return (typeof value === "object" && value !== null ? value : {}) as { readonly [key: string]: unknown };
}
