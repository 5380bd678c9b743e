import { performance } from "node:perf_hooks";

// So many are let in at a stretch; then it is the turn of those who are in already.
const atOnce = 20;

interface Waiting {
  readonly enter: () => void;
  /** Monotonic ms. */
  readonly since: number;
}

/**
 * Lets connections in a few at a time, in the order in which they came: when everybody comes back at once, the event loop
 * still gets to everything else in between.
 */
export class AdmissionPace {
  private waiting: Waiting[] = [];
  private scheduled = false;

  /** `most` says how many more may go in this turn of the event loop, the first of them having waited for so long, ms. */
  constructor(private readonly most: (waitedMs: number) => number = () => atOnce) {}

  /** Calls `enter` in this turn of the event loop, or in one of the next where many wait. */
  take(enter: () => void): void {
    this.waiting.push({ enter, since: performance.now() });
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(this.next);
  }

  /** Resolves when it is one's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.take(resolve));
  }

  private readonly next = (): void => {
    const { waiting } = this;
    const waitedMs = performance.now() - (waiting[0] as Waiting).since;
    const now = waiting.splice(0, Math.min(atOnce, this.most(waitedMs)));
    this.scheduled = waiting.length > 0;
    if (this.scheduled) setImmediate(this.next);
    for (const { enter } of now) enter();
  };
}
