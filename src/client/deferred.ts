/** A promise, and the two functions that settle it. */
export interface Deferred<TValue> {
  promise: Promise<TValue>;
  /** Whether `resolve` was called. */
  resolved: boolean;
  resolve(value: TValue | Promise<TValue>): void;
  reject(error: unknown): void;
}

/** Makes a pending promise; of a `quiet` one, a rejection that nobody awaits is no error. */
export function createDeferred<TValue>(quiet: boolean): Deferred<TValue> {
  const deferred = { resolved: false } as Deferred<TValue>;
  deferred.promise = new Promise((resolve, reject) => {
    deferred.resolve = (value) => {
      deferred.resolved = true;
      resolve(value);
    };
    deferred.reject = reject;
  });
  if (quiet) deferred.promise.catch(() => {});
  return deferred;
}
