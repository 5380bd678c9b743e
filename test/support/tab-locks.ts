import type { TabLocks } from "@gestaloka/events/client";

/** Locks as a browser has them, for one process. */
export function createLocks(): TabLocks {
  const held = new Map<string, Promise<unknown>>();
  return {
    async request(name, { ifAvailable }, run) {
      if (held.has(name) && ifAvailable) return run(null);
      while (held.has(name)) await held.get(name);
      const done = Promise.resolve(run({ name })).finally(() => held.delete(name));
      held.set(name, done);
      return done;
    },
  };
}
