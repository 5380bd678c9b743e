import { pageStorage } from "./page-storage.js";
import { type CommandStorage, createStorage, type KeyedStore } from "./stored-commands.js";

/**
 * Keeps queued commands in `localStorage`: at once, and good for a few hundred KiB.
 *
 * Pass it as the client's `storage`. Where there is no `localStorage`, or no Web Locks, nothing is kept.
 */
export function localStorageStore(): CommandStorage {
  const storage = pageStorage("localStorage");
  return createStorage(storage && toKeyedStore(storage));
}

function toKeyedStore(storage: Storage): KeyedStore {
  return {
    keys: (prefix) => Object.keys(storage).filter((key) => key.startsWith(prefix)),
    get(key) {
      try {
        return JSON.parse(storage.getItem(key) as string);
      } catch {
        // Somebody else wrote there: nothing that could be sent.
        return undefined;
      }
    },
    set: (key, value) => storage.setItem(key, JSON.stringify(value)),
    remove: (key) => storage.removeItem(key),
  };
}
