import type { LogHead } from "./recovery.js";

/** One room of a memory log: its head, which outlives its events, where these are, and its place by last use. */
export class LoggedRoom implements LogHead {
  /** The name's, in the index that holds this. */
  hash = 0;
  /** The last number given out. */
  seq = 0;
  /** How many events are kept: numbers `floor + 1` to `seq`. */
  length = 0;
  /** The slots of the oldest and the newest event kept, meaningless without any. */
  first = -1;
  last = -1;
  older: LoggedRoom | undefined = undefined;
  newer: LoggedRoom | undefined = undefined;

  constructor(
    readonly name: string,
    readonly epoch: string,
    /** When it was used last, in whole grains: a fraction would be an object of its own, fetched at every append. */
    public usedGrain: number,
  ) {}

  get floor(): number {
    return this.seq - this.length;
  }
}
