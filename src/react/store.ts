/** A value that changes as a whole, in the two functions that `useSyncExternalStore` takes. */
export interface Store<TSnapshot> {
  /** Calls `changed` after each change, until the function that comes back is called. */
  subscribe(changed: () => void): () => void;
  /** The same object until something changes. */
  getSnapshot(): TSnapshot;
  set(snapshot: TSnapshot): void;
}

/** Makes a store that listens, from `start` until what that gives back is called, only while somebody subscribes. */
export function createStore<TSnapshot>(initial: TSnapshot, start: () => () => void): Store<TSnapshot> {
  let snapshot = initial;
  let stop = () => {};
  const subscribers = new Set<{ readonly changed: () => void }>();
  return {
    subscribe(changed) {
      const subscriber = { changed };
      subscribers.add(subscriber);
      if (subscribers.size === 1) stop = start();
      return () => {
        if (subscribers.delete(subscriber) && subscribers.size === 0) stop();
      };
    },
    getSnapshot: () => snapshot,
    set(next) {
      snapshot = next;
      for (const { changed } of [...subscribers]) changed();
    },
  };
}
