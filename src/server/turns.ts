/** Tasks under keys: those of one key run one after the other. A key is kept no longer than it has a task. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(
    /** So long a task waits for the one before it, ms: one that never ends keeps nobody for longer. */
    private readonly patienceMs = Number.POSITIVE_INFINITY,
  ) {}

  /** Runs a task once the one before under its key has ended, however that was; at once where there is none. */
  take<TResult>(key: string, task: () => Promise<TResult>): Promise<TResult> {
    const before = this.last.get(key);
    const done = before ? this.ended(before).then(task) : task();
    const forget = (): void => {
      if (this.last.get(key) === done) this.last.delete(key);
    };
    this.last.set(key, done);
    done.then(forget, forget);
    return done;
  }

  private ended(task: Promise<unknown>): Promise<void> {
    const { patienceMs } = this;
    return new Promise((resolve) => {
      const timer = Number.isFinite(patienceMs) ? setTimeout(resolve, patienceMs).unref() : undefined;
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      task.then(end, end);
    });
  }
}
