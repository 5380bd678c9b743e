import type { LogEntry } from "./log-entry.js";
import type { LogHead } from "./recovery.js";
import { Ring } from "./ring.js";

/** One room of a memory log: its head, which outlives its events, and its place among the rooms by last use. */
export class LoggedRoom implements LogHead {
  /** The last number given out. */
  seq = 0;
  older: LoggedRoom | undefined = undefined;
  newer: LoggedRoom | undefined = undefined;
  /** The events kept, oldest first: numbers `floor + 1` to `seq`. */
  readonly events = new Ring<LogEntry>();

  constructor(
    readonly name: string,
    readonly epoch: string,
    public usedAt: number,
  ) {}

  get floor(): number {
    return this.seq - this.events.length;
  }
}
