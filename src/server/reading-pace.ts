import type { Connection } from "./connection.js";

/** Frames are taken for so long in one turn of the event loop, ms; whoever sends more is read on in the next. */
const turnMs = 10;

/**
 * Shares the turns of the event loop among connections: a WebSocket gives all that has arrived on it in one turn, and
 * one that sends megabytes of frames at once would keep everybody else, timers included, waiting for as long.
 */
export class ReadingPace {
  /** When the turn's first frame was taken, monotonic ms. */
  private since: number | undefined;
  private readonly resting = new Set<Connection>();

  constructor(private readonly clock: () => number) {}

  /** Takes note of a frame; its connection rests until the next turn where this one is long already. */
  took(connection: Connection): void {
    const now = this.clock();
    if (this.since === undefined) {
      this.since = now;
      setImmediate(this.onNextTurn);
    } else if (now - this.since > turnMs && !this.resting.has(connection)) {
      this.resting.add(connection);
      connection.pauseReading();
    }
  }

  private readonly onNextTurn = (): void => {
    this.since = undefined;
    for (const connection of this.resting) connection.resumeReading();
    this.resting.clear();
  };
}
