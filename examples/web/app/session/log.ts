/** A value that changes, for `useSyncExternalStore`. */
export interface Log<TValue> {
  subscribe(changed: () => void): () => void;
  getSnapshot(): TValue;
}

/** Makes a log, and the one way to change it. */
export function createLog<TValue>(first: TValue): Log<TValue> & { set(value: TValue): void } {
  let value = first;
  const subscribers = new Set<() => void>();
  return {
    subscribe(changed) {
      subscribers.add(changed);
      return () => void subscribers.delete(changed);
    },
    getSnapshot: () => value,
    set(next) {
      value = next;
      for (const changed of subscribers) changed();
    },
  };
}
