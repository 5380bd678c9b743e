/** A promise, and the two functions that settle it. */
export interface Deferred<TValue> {
  readonly promise: Promise<TValue>;
  readonly settled: boolean;
  resolve(value: TValue | Promise<TValue>): void;
  reject(error: unknown): void;
}

/** Makes a pending promise; of a `quiet` one, a rejection that nobody awaits is no error. */
export function createDeferred<TValue>(quiet: boolean): Deferred<TValue> {
  let settled = false;
  let resolve: Deferred<TValue>["resolve"] = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<TValue>((...functions) => {
    [resolve, reject] = functions;
  });
  if (quiet) promise.catch(() => {});
  return {
    promise,
    get settled() {
      return settled;
    },
    resolve(value) {
      settled = true;
      resolve(value);
    },
    reject(error) {
      settled = true;
      reject(error);
    },
  };
}
