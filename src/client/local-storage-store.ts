import type { CommandStorage } from "./command-storage.js";
import { createStorage, type KeyedStore } from "./stored-commands.js";

/**
 * Keeps queued commands in `localStorage`: at once, and good for a few hundred KiB.
 *
 * Pass it as the client's `storage`. Where there is no `localStorage`, or no Web Locks, nothing is kept.
 */
export function localStorageStore(): CommandStorage {
  let storage: Storage | undefined;
  try {
    storage = globalThis.localStorage;
  } catch {
    // A page that may keep nothing (cookies are blocked, a sandboxed frame) may not even look.
  }
  return createStorage(storage && toKeyedStore(storage));
}

function toKeyedStore(storage: Storage): KeyedStore {
  return {
    keys: (prefix) => Object.keys(storage).filter((key) => key.startsWith(prefix)),
    get(key) {
      try {
        return JSON.parse(storage.getItem(key) ?? "null");
      } catch {
        // Somebody else wrote there: nothing that could be sent.
        return undefined;
      }
    },
    set: (key, value) => storage.setItem(key, JSON.stringify(value)),
    remove: (key) => storage.removeItem(key),
  };
}
