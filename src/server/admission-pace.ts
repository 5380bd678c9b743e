// So many are let in at a stretch; then it is the turn of those who are in already.
const atOnce = 20;

/**
 * Lets connections in a few at a time, in the order in which they came: when everybody comes back at once, the event loop
 * still gets to everything else in between.
 */
export class AdmissionPace {
  private waiting: (() => void)[] = [];
  private scheduled = false;

  /** Calls `enter` in this turn of the event loop, or in one of the next where many wait. */
  take(enter: () => void): void {
    this.waiting.push(enter);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(this.next);
  }

  /** Resolves when it is one's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.take(resolve));
  }

  private readonly next = (): void => {
    const now = this.waiting.splice(0, atOnce);
    this.scheduled = this.waiting.length > 0;
    if (this.scheduled) setImmediate(this.next);
    for (const enter of now) enter();
  };
}
