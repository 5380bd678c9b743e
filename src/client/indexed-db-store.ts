import { pageStorage } from "./page-storage.js";
import { type CommandStorage, createStorage } from "./stored-commands.js";

const storeName = "commands";

/**
 * Keeps queued commands in IndexedDB, off the page's main thread; a command is written to the server once it is stored,
 * or after 2 s.
 *
 * Pass it as the client's `storage`, the same one to each client that a page makes: the database that it opens stays open
 * with it. Where there is no IndexedDB, or no Web Locks, nothing is kept.
 */
export function indexedDbStore(database = "gestaloka-events"): CommandStorage {
  const indexedDB = pageStorage("indexedDB");
  if (!indexedDB) return createStorage(undefined);
  let opened: Promise<IDBDatabase> | undefined;
  const open = () => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    return settled(request, () => {
      const { result } = request;
      // Somebody deletes it, or the browser closes it: the next word opens it again.
      result.onversionchange = result.onclose = () => {
        result.close();
        opened = undefined;
      };
      return result;
    });
  };
  const run = async <TValue>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<TValue>) => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    const transaction = (await opened).transaction(storeName, mode);
    const request = act(transaction.objectStore(storeName));
    // Said at once: a page that goes before the answer comes would take it back.
    transaction.commit();
    // Stored is what the whole transaction stored.
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    return request.result;
  };
  return createStorage({
    async keys(prefix) {
      const keys = await run("readonly", (store) => store.getAllKeys(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
      return keys.map(String);
    },
    get: (key) => run("readonly", (store) => store.get(key)),
    set: async (key, value) => void (await run("readwrite", (store) => store.put(value, key))),
    remove: async (key) => void (await run("readwrite", (store) => store.delete(key))),
  });
}

function settled<TValue>(request: IDBRequest, value: () => TValue): Promise<TValue> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(value());
    request.onerror = () => reject(request.error);
  });
}
