import { isCommandId } from "./command-id.js";
import type { CommandQueue, QueuedCommand } from "./command-queue.js";

/** A queue as it is kept over a page reload: plain JSON. */
export interface StoredQueue {
  readonly v: 1;
  readonly user: string;
  /** Unix ms of the moment it was stored. */
  readonly at: number;
  readonly commands: readonly StoredCommand[];
}

export interface StoredCommand {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly bytes: number;
  /** ms since it was queued, and ms to its expiry, when it was stored. */
  readonly age: number;
  readonly left: number;
  readonly sent: boolean;
}

/**
 * Gives what of a queue a page reload should not lose; `undefined` while its user is not known.
 *
 * Only commands that may wait while offline are kept, and none that was written to a plain server. Store it before a
 * command is written, not after, so that one that was written never comes back as one that was not. `now` is monotonic ms,
 * `at` Unix ms.
 */
export function toStoredQueue(queue: CommandQueue, now: number, at: number): StoredQueue | undefined {
  if (!queue.user) return undefined;
  const commands: StoredCommand[] = [];
  for (const { id, name, payload, bytes, offline, queuedAt, expiresAt, sent } of queue.all()) {
    if (offline !== "queue" || (sent && queue.plain)) continue;
    commands.push({ id, name, payload, bytes, age: now - queuedAt, left: expiresAt - now, sent });
  }
  return { v: 1, user: queue.user, at, commands };
}

/**
 * Takes a stored queue (whatever the storage gave) up into a queue, and gives the commands that it took: each goes
 * out before what was sent after it.
 *
 * A malformed one, another user's, and commands past their age are left out. Where the wall clock `at` was set back
 * since, no age can be told: what was sent already is left out too, for the server may have forgotten its answer.
 */
export function restoreQueue(queue: CommandQueue, stored: unknown, now: number, at: number): QueuedCommand[] {
  const { v, user, at: storedAt, commands } = (stored ?? {}) as { [key in keyof StoredQueue]: unknown };
  if (v !== 1 || typeof user !== "string" || !user || !Number.isFinite(storedAt) || !Array.isArray(commands)) return [];
  if (queue.user && queue.user !== user) return [];
  const passed = at - (storedAt as number);
  const taken: QueuedCommand[] = [];
  const known = new Set(queue.all().map(({ id }) => id));
  for (const item of commands as unknown[]) {
    const { id, name, payload, bytes, age, left, sent } = (item ?? {}) as StoredCommand;
    if (typeof name !== "string" || !isCommandId(id) || known.has(id) || (sent && passed < 0)) continue;
    if (![bytes, age, left].every(Number.isFinite) || bytes < 0 || age < 0) continue;
    const queuedAt = now - age - Math.max(0, passed);
    const expiresAt = Math.min(now + left - Math.max(0, passed), queuedAt + queue.ageLimit);
    if (expiresAt <= now) continue;
    known.add(id);
    taken.push({ id, name, payload, bytes, offline: "queue", queuedAt, expiresAt, sent: sent !== false, known: false });
  }
  queue.takeUp(user, taken);
  return taken;
}
