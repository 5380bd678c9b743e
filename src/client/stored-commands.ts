import type { CommandQueue, QueuedCommand } from "../delivery/command-queue.js";
import { restoreQueue, toStoredQueue } from "../delivery/stored-queue.js";
import type { Clock } from "./clock.js";
import { createDeferred, type Deferred } from "./deferred.js";
import { inTime } from "./in-time.js";
import { createId } from "./random-id.js";

/** Keeps what waits in a queue over a page reload. */
export interface QueueKeeper {
  /** Takes a place for this user and tab, and takes up what tabs that are gone left behind; gives what it took up. */
  open(user: string): Promise<readonly QueuedCommand[]>;
  /** Stores the queue as it is. A promise, where it is not stored at once: nothing is written to the server before. */
  save(): Promise<void> | undefined;
  /** Gives the place up: another tab, or the next page, may take the commands over. `forget` removes them instead. */
  close(forget: boolean): void;
}

/** A client's queue, as a storage is given it. */
export interface KeptQueue {
  readonly queue: CommandQueue;
  /** Keeps the commands of contracts apart that share an origin. */
  readonly contract: string;
  readonly clock: Clock;
  /** Told what the storage threw; commands go on without it. */
  readonly failed: (error: unknown) => void;
}

/** What `storage` is: `localStorageStore()`, `indexedDbStore()` or an application's own `createStorage(…)`. */
export type CommandStorage = (kept: KeptQueue) => QueueKeeper;

type Awaitable<TValue> = TValue | Promise<TValue>;

/** Where values are kept: plain JSON under keys. A method that returns no promise has done its work. */
export interface KeyedStore {
  /** Every key that begins so. */
  keys(prefix: string): Awaitable<readonly string[]>;
  /** The value under a key; `undefined` or `null` where there is none. */
  get(key: string): Awaitable<unknown>;
  /** Keeps a value, in place of the one before. */
  set(key: string, value: unknown): Awaitable<void>;
  /** Forgets a key; one that is not there is no error. */
  remove(key: string): Awaitable<void>;
}

/** What is needed of `navigator.locks`. */
export interface TabLocks {
  /** Runs while the lock is held; at once with `null` where another holds it and `ifAvailable` says so. */
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
 * could not be told whether its tab still sends what is there, so nothing is kept; nor is it without a store.
 */
export function createStorage(
  store: KeyedStore | undefined,
  locks: TabLocks | undefined = globalThis.navigator?.locks,
): CommandStorage {
  return (kept) => (store && locks ? createKeeper(kept, store, locks) : nowhere);
}

const nowhere: QueueKeeper = { open: async () => [], save: () => undefined, close() {} };

function createKeeper({ queue, contract, clock, failed }: KeptQueue, store: KeyedStore, locks: TabLocks): QueueKeeper {
  let place: Place | undefined;
  let saving: Promise<void> = Promise.resolve();
  /** What the place takes up of other tabs. */
  let taking: Promise<readonly QueuedCommand[]>;
  const prefixOf = (user: string) => `gestaloka-events/${contract}/${encodeURIComponent(user)}/`;

  /** Waits for the lock of a place, and keeps it until the place is given up. */
  function hold({ key, release }: Place): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = () => {
        resolve();
        return release.promise;
      };
      locks.request(key, { ifAvailable: false }, run).catch(reject);
    });
  }

  function save(): Promise<void> | undefined {
    if (!place?.held) return undefined;
    try {
      const stored = toStoredQueue(queue, clock(), Date.now());
      const done = stored?.commands.length ? store.set(place.key, stored) : store.remove(place.key);
      if (!done) return undefined;
      const kept = inTime(done.catch(failed));
      // Commands go out in the order in which they were sent, whichever is kept first.
      saving = saving.then(() => kept);
      return saving;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  async function adopt(mine: Place, key: string, into: QueuedCommand[]): Promise<void> {
    await locks.request(key, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      const left = await store.get(key);
      // The client was closed meanwhile, or is another user's: they stay for the next page.
      if (place !== mine) return;
      into.push(...restoreQueue(queue, left, clock(), Date.now()));
      // In this order, a page that dies here leaves the commands twice, under the same ids, and not lost.
      await save();
      await store.remove(key);
      // A store that had no room for both has now.
      save();
    });
  }

  async function take(mine: Place, left?: Place): Promise<readonly QueuedCommand[]> {
    const taken: QueuedCommand[] = [];
    try {
      if (left) await store.remove(left.key);
      mine.lock ??= hold(mine);
      await mine.lock;
      const keys = await store.keys(mine.prefix);
      // It answers: commands may wait for it.
      mine.held = true;
      save();
      for (const key of keys) if (place === mine) await adopt(mine, key, taken);
    } catch (error) {
      failed(error);
    }
    return taken;
  }

  async function purge(prefix: string, own?: Place): Promise<void> {
    // First, and asked for at once: whoever logs out may leave the page.
    if (own) await store.remove(own.key);
    for (const key of await store.keys(prefix)) await store.remove(key);
  }

  return {
    open(user) {
      const prefix = prefixOf(user);
      const left = place;
      // What another tab has left since it was opened.
      if (left?.prefix === prefix) taking = taking.then(() => take(left));
      else {
        left?.release.resolve();
        place = { prefix, key: prefix + createId(), held: false, release: createDeferred(true) };
        taking = take(place, left);
      }
      return taking;
    },
    save,
    close(forget) {
      // Where a plain server does not say who it is now, the one it was last.
      const prefix = (!queue.user && place?.prefix) || prefixOf(queue.user);
      place?.release.resolve();
      if (forget) purge(prefix, place).catch(failed);
      place = undefined;
    },
  };
}

/** Where the commands of one user and one tab are, while the tab lives. */
interface Place {
  readonly prefix: string;
  readonly key: string;
  /** Asked for once: who has it would wait for itself. */
  lock?: Promise<void>;
  /** Whether its lock is held, and the store answers. */
  held: boolean;
  /** Settled as it is given up: until then its lock is held. */
  readonly release: Deferred<void>;
}
