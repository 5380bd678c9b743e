export { latencyBounds } from "../delivery/latency.js";

/** What is counted, in a scrape `gestaloka_events_<name>_total`, with what `event` and `reason` of a count stand for. */
export const counters = {
  emitted: { help: "Events that were checked and accepted", labels: ["event", "lane"] },
  delivered: { help: "Events written to a connection, once for each", labels: ["event", "lane"] },
  refused: { help: "Emits that were not sent", labels: ["event", "reason"] },
  lost: { help: "Events that a connection was spared or will not get", labels: ["event", "reason"] },
  coalesced: { help: "Events that went into one that waited", labels: ["event", "lane"] },
  batched: { help: "Events that left in a low batch", labels: ["event", "lane"] },
  replayed: { help: "Events written from a room's log", labels: [] },
  resync: { help: "Rooms that could not be recovered, so that views read anew", labels: ["reason"] },
  addressed: {
    help: "Numbered events that a connection alive was to reach by its next report",
    labels: ["event", "lane"],
  },
  reached: { help: "Those of them that its cursor had reached", labels: ["event", "lane"] },
  connects: { help: "Connections that were let in", labels: [] },
  joins: { help: "Entries into rooms", labels: [] },
  commands: { help: "Commands that came in", labels: ["event"] },
  rejected: { help: "Connections, entries and commands that were refused", labels: ["event", "reason"] },
} as const satisfies Record<string, CounterShape>;

interface CounterShape {
  readonly help: string;
  readonly labels: readonly ("event" | "lane" | "reason")[];
}

/** What goes up and down, in a scrape `gestaloka_events_<name>`. */
export const gauges = {
  connections: "Open connections",
  rooms: "Rooms with members here",
  commands_open: "Commands that wait or run",
  events_waiting: "Events that wait for their like or for their batch",
  bytes_waiting: "Bytes written to connections and not taken by the network",
} as const;

/** What is measured, in a scrape `gestaloka_events_<name>_seconds`, by event and lane, or by command. */
export const histograms = {
  receive: { help: "From an event's emit to its arrival, as clients report it", labels: ["event", "lane"] },
  handled: {
    help: "From an event's emit until its handlers returned, as clients report it",
    labels: ["event", "lane"],
  },
  handler: { help: "From the start of a command's handler to its answer", labels: ["event"] },
} as const satisfies Record<string, CounterShape>;

/** What a count or a measurement is labelled with, of what was told of it; `other` is its reason or its lane. */
export function labelsOf(labels: readonly string[], event: string, other: string): Record<string, string> {
  return Object.fromEntries(labels.map((label) => [label, label === "event" ? event : other]));
}

/** The name of a counter. */
export type CounterName = keyof typeof counters;
/** The name of a value that goes up and down. */
export type GaugeName = keyof typeof gauges;
/** The name of a duration. */
export type HistogramName = keyof typeof histograms;

/**
 * Where metrics go; a sink that counts only leaves the rest out. What happens is added up and told every 250 ms.
 *
 * `event` is a name of the contract or "", `reason` a lane, a code of the library's or the contract's, or "": the labels
 * are bounded, whatever clients send.
 */
export interface Metrics {
  /** Adds to a counter; `reason` is a lane or a code, and labels that a counter does not have are "". */
  count(counter: CounterName, by: number, event: string, reason: string): void;
  /** Adds to a gauge, or takes from it: several servers of a process may share a sink. */
  change?(gauge: GaugeName, by: number): void;
  /** Takes `times` measurements that lie between the same two bounds of the library's buckets and are `ms` on average. */
  observe?(histogram: HistogramName, ms: number, times: number, event: string, lane: string): void;
  /** For a sink that is read: `update` tells it what was added up, now. The function that comes back ends that. */
  attach?(update: () => void): () => void;
}
