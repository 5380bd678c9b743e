import type { Backend } from "@gestaloka/events/server";

/** A backend behind one connection: every call is carried out in order, later, and answered later still. */
export interface Distant {
  readonly backend: Backend;
  /** Makes calls of these names fail from now on, or none. */
  fail(...names: (keyof Backend)[]): void;
}

/** What a backend answers at once in any case. */
const local = new Set<string>(["open", "close", "unwatch", "finish"]);

export function distantBackend(near: Backend): Distant {
  let failing = new Set<string>();
  let line = Promise.resolve();
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const backend = new Proxy(near, {
    get(target, name: keyof Backend & string) {
      if (typeof target[name] !== "function") return target[name];
      const method = (target[name] as (...args: unknown[]) => unknown).bind(target);
      if (local.has(name)) return method;
      return (...args: unknown[]) => {
        const carried = line.then(turn).then(() => {
          if (failing.has(name)) throw new Error(`${name}: the line is down`);
          return method(...args);
        });
        line = carried.then(
          () => {},
          () => {},
        );
        return carried.then(async (value) => {
          await turn();
          return value;
        });
      };
    },
  });
  return {
    backend,
    fail(...names) {
      failing = new Set(names);
    },
  };
}
