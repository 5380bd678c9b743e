/** Throws an error where the platform reports it, and where it breaks nothing off. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
