/** A promise, and the two functions that settle it. */
export interface Deferred<TValue> {
  promise: Promise<TValue>;
  settled: boolean;
  resolve(value: TValue | Promise<TValue>): void;
  reject(error: unknown): void;
}

/** Makes a pending promise; of a `quiet` one, a rejection that nobody awaits is no error. */
export function createDeferred<TValue>(quiet: boolean): Deferred<TValue> {
  const deferred = { settled: false } as Deferred<TValue>;
  deferred.promise = new Promise((resolve, reject) => {
    deferred.resolve = (value) => {
      deferred.settled = true;
      resolve(value);
    };
    deferred.reject = (error) => {
      deferred.settled = true;
      reject(error);
    };
  });
  if (quiet) deferred.promise.catch(() => {});
  return deferred;
}
