/** What `within` gives where the time was over first. */
export const late = Symbol("late");

/** Waits for what the application does, but no longer than `ms`: a query that hangs keeps nobody for ever. */
export async function within<T>(ms: number, work: PromiseLike<T>): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof late>((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
