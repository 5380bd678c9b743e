import { addLatency, createLatencies, type Latencies } from "../delivery/latency.js";
import type { Clock } from "./clock.js";
import type { EventMeta } from "./listeners.js";

/** What a client counts and measures, to tell the server of it. */
export interface DeliveryReport {
  /** An event is about to be handed on. */
  received(name: string, meta: EventMeta): void;
  /** Its handlers have returned. */
  handled(name: string, meta: EventMeta): void;
  /** A room was given up, and its views were told. */
  resynced(reason: string): void;
  /** How long the server took to answer a frame that it answers at once, ms; `answer` is what it said. */
  answered(roundTripMs: number, answer: unknown): void;
  /** What the next frame carries: everything that no answer came to yet. */
  take(): object;
}

interface Counts {
  readonly latency: Map<string, readonly [receive: Latencies, handled: Latencies]>;
  readonly resync: Map<string, number>;
}

const empty = (): Counts => ({ latency: new Map(), resync: new Map() });

/**
 * Measures how long events take from their emit to this client, and until their handlers have returned; for the option
 * `report` of `createEventClient`.
 *
 * What was missed and came out of a room's log is not measured: it would say how long the client was away. Nor is what
 * comes before the first round trip, from which the difference of the two clocks is known.
 */
export function deliveryReport(clock: Clock): DeliveryReport {
  /** How far the server's clock is ahead of `clock`, ms. */
  let ahead: number | undefined;
  /** The round trip that this is known from, ms, and 1 more for each since: clocks drift. */
  let doubt = Infinity;
  let counts = empty();
  /** What was written and may not have arrived. */
  let written = empty();

  const measure = (of: 0 | 1, name: string, { at, replayed }: EventMeta) => {
    if (at === undefined || replayed || ahead === undefined) return;
    addLatency(latenciesOf(counts, name)[of], Math.max(0, clock() + ahead - at));
  };

  return {
    received: (name, meta) => measure(0, name, meta),
    handled: (name, meta) => measure(1, name, meta),
    resynced: (reason) => void addTo(counts.resync, reason, 1),
    answered(ms, answer) {
      written = empty();
      const { at } = (answer ?? {}) as { readonly at?: unknown };
      if (typeof at !== "number") return;
      const found = at - (clock() - ms / 2);
      // A quick round trip says it better than a slow one. What the two cannot agree on is from before a clock was set.
      if (ms >= doubt++ && Math.abs(found - (ahead as number)) <= doubt + ms) return;
      ahead = found;
      doubt = ms;
    },
    take() {
      for (const [name, [receive, handled]] of counts.latency) {
        const [received, done] = latenciesOf(written, name);
        merge(receive, received);
        merge(handled, done);
      }
      for (const [reason, times] of counts.resync) addTo(written.resync, reason, times);
      counts = empty();
      const latency = [...written.latency].map(([name, both]) => [name, both.map(toList)]);
      return { latency: Object.fromEntries(latency), resync: Object.fromEntries(written.resync) };
    },
  };
}

function latenciesOf({ latency }: Counts, name: string): readonly [Latencies, Latencies] {
  const both = latency.get(name) ?? ([createLatencies(), createLatencies()] as const);
  latency.set(name, both);
  return both;
}

function merge({ counts, sums }: Latencies, into: Latencies): void {
  counts.forEach((times, bucket) => {
    addLatency(into, (sums[bucket] as number) / times, times);
  });
}

function addTo(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Bucket, count and sum of each bucket that has any. */
function toList({ counts, sums }: Latencies): number[] {
  return counts.flatMap((times, bucket) => [bucket, times, Math.round((sums[bucket] as number) * 1_000) / 1_000]);
}
