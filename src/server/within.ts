/** What `within` gives where the time was over first. */
export const late = Symbol("late");

/**
 * Waits for what the application does, but no longer than `ms`: a query that hangs keeps nobody for ever, nor the process
 * where it `mayEnd` meanwhile.
 */
export function within<T>(ms: number, work: PromiseLike<T>, mayEnd = false): Promise<T | typeof late> {
  // Not by a race, which costs several times as much, and every command pays for it.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms, late);
    if (mayEnd) timer.unref();
    const end = <V>(settle: (value: V) => void) => {
      return (value: V): void => {
        clearTimeout(timer);
        settle(value);
      };
    };
    Promise.resolve(work).then(end(resolve), end(reject));
  });
}
