import { useSyncExternalStore } from "react";
import type { ConnectionSnapshot } from "../client/connection-store.js";
import { type AnyClient, noClient } from "./any-client.js";
import { createShared, type Offs } from "./shared.js";

/** A value in the two functions that `useSyncExternalStore` takes. */
export interface Store<TSnapshot> {
  /** Calls `changed` after each change, until the function that comes back is called. */
  subscribe(changed: () => void): () => void;
  /** The same object until something changes. */
  getSnapshot(): TSnapshot;
}

/** A store, and the one way to change it. */
export interface WritableStore<TSnapshot> extends Store<TSnapshot> {
  update(change: Partial<TSnapshot>): void;
}

/** Makes a store that listens, from `start` until all that it gives back is called, only while somebody subscribes. */
export function createStore<TSnapshot extends object>(
  snapshot: TSnapshot,
  start?: () => Offs,
): WritableStore<TSnapshot> {
  const { users, use } = createShared<() => void>(start);
  return {
    subscribe: use,
    getSnapshot: () => snapshot,
    update(change) {
      snapshot = { ...snapshot, ...change };
      for (const changed of users) changed();
    },
  };
}

/** What a client's store holds; what `noClient`'s does without a client or a key, and where a server renders. */
export function useStore<TSnapshot>(
  storeOf: (client: AnyClient, key: string) => Store<TSnapshot>,
  client: AnyClient | undefined,
  key: string | undefined,
): TSnapshot {
  // Always the same key: one of `noClient` is never forgotten.
  const { subscribe, getSnapshot } = client && key ? storeOf(client, key) : storeOf(noClient, "");
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}

/** A client's connection, as a store. */
export const connectionOf = (client: AnyClient): Store<ConnectionSnapshot> => client.connection;
