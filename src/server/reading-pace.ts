import type { EngineConnection } from "./socket-io.js";

/** A WebSocket can be left unread; a request of the polling transport is small, and comes one at a time. */
type Transport = EngineConnection["transport"];

/** Frames are taken for so long in one turn of the event loop, ms; whoever sends more is read on in the next. */
const turnMs = 10;

/**
 * Shares the turns of the event loop among lines: a WebSocket gives all that has arrived on it in one turn, and
 * one that sends megabytes of frames at once would keep everybody else, timers included, waiting for as long.
 */
export class ReadingPace {
  /** When the turn's first frame was taken, monotonic ms. */
  private since: number | undefined;
  private readonly resting = new Set<Transport>();

  constructor(private readonly clock: () => number) {}

  /** Takes note of a frame; what it came on rests until the next turn where this one is long already. */
  took(transport: Transport): void {
    const now = this.clock();
    if (this.since === undefined) {
      this.since = now;
      setImmediate(this.onNextTurn);
    } else if (now - this.since > turnMs && !this.resting.has(transport)) {
      this.resting.add(transport);
      transport.socket?.pause?.();
    }
  }

  private readonly onNextTurn = (): void => {
    this.since = undefined;
    for (const { socket } of this.resting) socket?.resume?.();
    this.resting.clear();
  };
}
