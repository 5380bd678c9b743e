import type { CommandQueue, QueuedCommand } from "../delivery/command-queue.js";
import type { Clock } from "./clock.js";

/** Keeps what waits in a queue over a page reload. */
export interface QueueKeeper {
  /** Takes a place for this user and tab, and takes up what tabs that are gone left behind; gives what it took up. */
  open(user: string): Promise<readonly QueuedCommand[]>;
  /** Stores the queue as it is. A promise, where it is not stored at once: nothing is written to the server before. */
  save(): Promise<void> | undefined;
  /** Gives the place up: another tab, or the next page, may take the commands over. `forget` removes them instead. */
  close(forget: boolean): void;
}

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
