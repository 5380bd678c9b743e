/** The counters of the library; in a scrape they are called `gestaloka_events_<name>_total`. */
export type CounterName =
  | "emitted"
  | "delivered"
  | "refused"
  | "lost"
  | "coalesced"
  | "batched"
  | "replayed"
  | "resync"
  | "joins"
  | "commands"
  | "rejected";

/**
 * Where counts go. `event` is a name of the contract or "", `reason` one of the library's codes, a lane, or "": the
 * labels are bounded, whatever clients send.
 */
export interface Metrics {
  /** Adds `by` to a counter; called for each emit and command, so it must be cheap; what it throws is dropped. */
  count(counter: CounterName, by: number, event: string, reason: string): void;
}
