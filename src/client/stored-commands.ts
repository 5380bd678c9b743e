import { restoreQueue, toStoredQueue } from "../delivery/stored-queue.js";
import type { CommandStorage, KeptQueue, QueueKeeper } from "./command-storage.js";
import { createId } from "./random-id.js";

type Awaitable<TValue> = TValue | Promise<TValue>;

/** Where values are kept: plain JSON under keys. A method that returns no promise has done its work. */
export interface KeyedStore {
  keys(prefix: string): Awaitable<readonly string[]>;
  get(key: string): Awaitable<unknown>;
  set(key: string, value: unknown): Awaitable<void>;
  remove(key: string): Awaitable<void>;
}

/** What is needed of `navigator.locks`. */
export interface TabLocks {
  request(
    name: string,
    options: { readonly ifAvailable: boolean },
    run: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/**
 * Keeps queued commands in a store, each tab under a key of its own, with a lock that it holds while it lives.
 *
 * A key whose lock is free was left behind; one tab takes it over. Without locks (an insecure page, an old browser) it
 * could not be told whether its tab still sends what is there, so nothing is kept.
 */
export function createStorage(
  store: KeyedStore,
  locks: TabLocks | undefined = globalThis.navigator?.locks,
): CommandStorage {
  return (kept) => (locks ? createKeeper(kept, store, locks) : nowhere);
}

const nowhere: QueueKeeper = { open: async () => [], save: () => undefined, close() {} };

function createKeeper({ queue, contract, clock, failed }: KeptQueue, store: KeyedStore, locks: TabLocks): QueueKeeper {
  let place: { readonly prefix: string; readonly key: string; readonly release: () => void } | undefined;
  const prefixOf = (user: string) => `gestaloka-events/${contract}/${encodeURIComponent(user)}/`;

  /** Resolves once the lock is held. */
  function hold(key: string): Promise<() => void> {
    return new Promise((resolve, reject) => {
      locks.request(key, { ifAvailable: false }, () => new Promise<void>((release) => resolve(release))).catch(reject);
    });
  }

  function save(): Promise<void> | undefined {
    if (!place) return undefined;
    try {
      const stored = toStoredQueue(queue, clock(), Date.now());
      const done = stored?.commands.length ? store.set(place.key, stored) : store.remove(place.key);
      return done?.catch(failed);
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  async function adopt(key: string) {
    let taken: ReturnType<typeof restoreQueue> = [];
    await locks.request(key, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      taken = restoreQueue(queue, await store.get(key), clock(), Date.now());
      // In this order, a page that dies here leaves the commands twice, under the same ids, and not lost.
      await save();
      await store.remove(key);
    });
    return taken;
  }

  return {
    async open(user) {
      const prefix = prefixOf(user);
      if (place?.prefix === prefix || !user) return [];
      const taken = [];
      try {
        if (place) {
          place.release();
          await store.remove(place.key);
        }
        const key = prefix + createId();
        place = { prefix, key, release: await hold(key) };
        await save();
        for (const other of await store.keys(prefix)) if (other !== key) taken.push(...(await adopt(other)));
      } catch (error) {
        failed(error);
      }
      return taken;
    },
    save,
    close(forget) {
      const left = place;
      place = undefined;
      left?.release();
      const prefix = left?.prefix ?? (queue.user && prefixOf(queue.user));
      if (!forget || !prefix) return;
      const purge = async () => {
        for (const key of await store.keys(prefix)) await store.remove(key);
      };
      purge().catch(failed);
    },
  };
}
