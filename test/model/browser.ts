import type { KeyedStore, TabLocks } from "@gestaloka/events/client";
import fc from "fast-check";
import { vi } from "vitest";
import { createLocks } from "../support/tab-locks.js";

const shapes = ["ok", "ok", "late", "hanging", "broken", "damaged"] as const;

const finds = ["found", "found", "slow", "hanging", "broken"] as const;

/** What a browser, its machine and its user do to a page. */
export type Happening =
  /** The machine sleeps, or its clock is set; which of the two stands in the setting. */
  | { readonly do: "clock"; readonly ms: number; readonly isCounted: boolean; readonly isHeard: boolean }
  | { readonly do: "online" | "offline" | "shown" | "restored" | "reload" | "kill" }
  | { readonly do: "storage"; readonly shape: (typeof shapes)[number] }
  /** What looks for the credential. */
  | { readonly do: "auth"; readonly is: (typeof finds)[number] }
  /** A command has no answer as the machine falls asleep. */
  | { readonly do: "oversleep"; readonly isCounted: boolean; readonly next: "wake" | "reload" | "kill" }
  /** Another tab on the same storage. */
  | { readonly do: "tab"; readonly does: "open" | "send" | "close" | "forget" | "kill" };

export const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("clock" as const),
      ms: fc.constantFrom(-600_000, -20_000, -1_500, 900, 50_000, 600_000),
      isCounted: fc.boolean(),
      isHeard: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "online" as const,
        "offline" as const,
        "shown" as const,
        "restored" as const,
        "reload" as const,
        "kill" as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("storage" as const), shape: fc.constantFrom(...shapes) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("auth" as const), is: fc.constantFrom(...finds) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("oversleep" as const),
      isCounted: fc.boolean(),
      next: fc.constantFrom("wake" as const, "reload" as const, "kill" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("tab" as const),
      does: fc.constantFrom("open" as const, "send" as const, "close" as const, "forget" as const, "kill" as const),
    }),
  },
);

/** One document. Nothing that it does comes to anything once it is killed. */
export class Page {
  isAlive = true;
  /** What it is told of moves nobody any more. */
  isLeft = false;
  kill!: () => void;
  readonly killed = new Promise<void>((resolve) => {
    this.kill = () => {
      this.isAlive = false;
      resolve();
    };
  });
}

const never = new Promise<never>(() => {});

/** The machine's clocks, and what the pages of one origin share. */
export class Browser {
  shape: (typeof shapes)[number] = "ok";
  auth: (typeof finds)[number] = "found";
  /** Whether the storage ever was not as it should be. */
  wasBad = false;
  /** What listens to the browser's network. */
  readonly watching = new Map<unknown, Set<string>>();
  readonly stored = new Map<string, unknown>();
  private readonly locks = createLocks();
  private readonly navigator = { onLine: true };
  /** Timers stand still while the machine sleeps. */
  private readonly awakeMs: () => number;
  private slept = 0;
  private counted = 0;

  constructor() {
    this.awakeMs = performance.now.bind(performance);
    vi.stubGlobal("performance", { now: () => this.awakeMs() + this.counted });
    vi.stubGlobal("navigator", this.navigator);
    vi.stubGlobal("addEventListener", (name: string, listener: unknown) => {
      this.watching.set(listener, (this.watching.get(listener) ?? new Set()).add(name));
    });
    vi.stubGlobal("removeEventListener", (name: string, listener: unknown) => {
      const names = this.watching.get(listener);
      names?.delete(name);
      if (names?.size === 0) this.watching.delete(listener);
    });
  }

  /** As the timers count. */
  awake(): number {
    return this.awakeMs();
  }

  /** As the rest of the world counts. */
  elapsed(): number {
    return this.awakeMs() + this.slept;
  }

  /** `isCounted`: by `performance.now()` as well. */
  sleep(ms: number, isCounted: boolean): void {
    this.slept += ms;
    if (isCounted) this.counted += ms;
    this.setClock(ms);
  }

  setClock(byMs: number): void {
    vi.setSystemTime(Date.now() + byMs);
  }

  say(what: "online" | "offline" | "shown" | "restored"): void {
    if (what === "online" || what === "offline") this.navigator.onLine = what === "online";
    const name = what === "shown" || what === "restored" ? "pageshow" : what;
    for (const [listener, names] of [...this.watching])
      if (names.has(name)) (listener as (event: object) => void)({ type: name, persisted: what === "restored" });
  }

  setStorage(shape: (typeof shapes)[number]): void {
    this.shape = shape;
    this.wasBad ||= shape !== "ok";
  }

  /** Looks for a credential, where there is one. */
  find(credential: () => object): object | Promise<object> {
    if (this.auth === "broken") throw new Error("nobody is signed in");
    if (this.auth === "hanging") return never;
    if (this.auth === "found") return credential();
    return new Promise((resolve) => setTimeout(() => resolve(credential()), 700));
  }

  /** Commands that are kept for a user. */
  keptOf(user: string): unknown[] {
    return [...this.stored]
      .filter(([key]) => key.includes(`/${user}/`))
      .flatMap(([, value]) => (value as { readonly commands: unknown[] }).commands);
  }

  /** The storage as a page sees it; `called` is told before each call. */
  storeOf(page: Page, kind: "sync" | "async" | "early", called: (name: string) => void): KeyedStore {
    const run = <TValue>(name: string, act: () => TValue): TValue | Promise<TValue> => {
      if (!page.isAlive) return never;
      called(name);
      const { shape } = this;
      if (kind === "sync") {
        if (shape === "broken") throw new Error("the storage is full");
        return act();
      }
      if (shape === "hanging") return never;
      const value = kind === "early" && shape !== "broken" ? { done: act() } : undefined;
      return new Promise((resolve, reject) => {
        setTimeout(
          () => {
            if (!page.isAlive) return;
            if (shape === "broken") reject(new Error("the storage is full"));
            else resolve(value ? value.done : act());
          },
          shape === "late" ? 6_000 : 3,
        );
      });
    };
    const { stored } = this;
    return {
      keys: (prefix) => run("keys", () => [...stored.keys()].filter((key) => key.startsWith(prefix))),
      get: (key) =>
        run("get", () => {
          const value = structuredClone(stored.get(key));
          return this.shape === "damaged" ? damaged(value) : value;
        }),
      set: (key, value) => run("set", () => void stored.set(key, structuredClone(value))),
      remove: (key) => run("remove", () => void stored.delete(key)),
    };
  }

  /** What a killed page held is free. */
  locksOf(page: Page): TabLocks {
    return {
      request: (name, options, run) =>
        page.isAlive
          ? this.locks.request(name, options, (lock) =>
              page.isAlive ? Promise.race([run(lock), page.killed]) : undefined,
            )
          : never,
    };
  }
}

const ofEve = { quay_id: "p", ship_id: "eve" };

/** What nobody wrote so: some of it may still be taken, and none of it as another's. */
function damaged(value: unknown): unknown {
  const { commands = [], ...rest } = (value ?? {}) as { readonly commands?: readonly object[] };
  // Nobody here is Eve, and no command of hers may come to a server.
  const eves = commands.map((command) => ({ ...command, name: "load_ship", payload: { ...ofEve, crates: 1 } }));
  const odd = [undefined, "", { ...rest, v: 2, commands }, { commands: 5 }];
  const broken = commands.map(
    (command, index) => [null, { ...command, age: "1" }, { ...command, left: null }][index % 3],
  );
  const choice = Math.floor(Math.random() * 8);
  if (choice < odd.length) return odd[choice];
  if (choice < 6) return { ...rest, user: "eve", commands: eves };
  return { ...rest, commands: choice === 6 ? broken : [...commands, ...commands, ...broken] };
}
