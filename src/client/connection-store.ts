import { createListeners } from "./listeners.js";
import type { Mode } from "./local-events.js";
import { throwLater } from "./throw-later.js";

/**
 * `idle` before `connect()` and after `close()`; `connecting` until the first success; `reconnecting` after a loss;
 * `offline` while the browser says so; `refused` when the server does not want this client: `connect()` tries again.
 */
export type ConnectionStatus = "idle" | "connecting" | "connected" | "reconnecting" | "offline" | "refused";

/** The connection at one moment. The same object until something changes. */
export interface ConnectionSnapshot {
  /** Whether there is a connection, or what is done about it. */
  readonly status: ConnectionStatus;
  /** A stable code where the server or this library gave one: why it is not connected. */
  readonly reason: string | undefined;
  /** How many attempts failed since the last success, or since the browser found a network. */
  readonly attempt: number;
  /** `plain`: nothing is recovered, and no command is sent twice; `undefined` while not connected. */
  readonly mode: Mode | undefined;
  /** `websocket` or `polling`; `undefined` while not connected. */
  readonly transport: string | undefined;
  /** The user the server took the credential for; from a plain server the `userId` option. */
  readonly userId: string | undefined;
}

/** The two functions that `useSyncExternalStore` takes. */
export interface ConnectionStore {
  /** Calls `changed` after each change, until the function that comes back is called. */
  subscribe(changed: () => void): () => void;
  /** The connection now; the same object until it changes. */
  getSnapshot(): ConnectionSnapshot;
}

/** A store, and the one way to change it. */
export interface WritableConnectionStore extends ConnectionStore {
  update(change: Partial<ConnectionSnapshot>): void;
}

/** Not connected, and not about to be. */
export const idleConnection: ConnectionSnapshot = {
  status: "idle",
  reason: undefined,
  attempt: 0,
  mode: undefined,
  transport: undefined,
  userId: undefined,
};

/** Makes the store of a client that is not connected. */
export function createConnectionStore(): WritableConnectionStore {
  let snapshot = idleConnection;
  // The connection goes on, whatever becomes of who looks at it.
  const subscribers = createListeners(throwLater);
  return {
    subscribe: (changed) => subscribers.add("", () => changed(), false),
    getSnapshot: () => snapshot,
    update(change) {
      const next = { ...snapshot, ...change };
      const keys = Object.keys(change) as (keyof ConnectionSnapshot)[];
      if (keys.every((key) => next[key] === snapshot[key])) return;
      snapshot = next;
      subscribers.call("", undefined);
    },
  };
}
