import { json } from "./payloads.js";
import type { Random } from "./random.js";

const proto = () => JSON.parse('{"__proto__":{"admin":true}}') as unknown;

function odd(random: Random): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => true,
    () => "",
    () => "0",
    () => "x".repeat(random.int(60, 70)),
    () => "😀".repeat(random.int(63, 65)),
    () => "語".repeat(random.pick([128, 129, 2000, 2001])),
    () => "2026-02-30T00:00:00Z",
    () => "2026-11-24T05:30:19\n",
    () => 0,
    () => -0,
    () => -1,
    () => 1.5,
    () => 100.5,
    () => 2 ** 53,
    () => -(2 ** 53),
    () => 2 ** 53 - 1,
    () => 1e308,
    () => [],
    () => ({}),
    () => json(random, random.int(29, 35)),
    proto,
    () => ({ deep: [proto()] }),
  ])();
}

type Holder = Record<string | number, unknown>;

/** Changes one place of a JSON value, or several; the value itself is changed and given back. */
export function mutate(value: unknown, random: Random): unknown {
  const holders: Holder[] = [];
  collect(value, holders);
  if (holders.length === 0 || random.chance(0.01)) return odd(random);
  for (let times = random.pick([1, 1, 1, 2, 3]); times > 0; times--) change(random.pick(holders), random);
  return value;
}

function collect(value: unknown, holders: Holder[]): void {
  if (typeof value !== "object" || value === null || holders.length > 50) return;
  holders.push(value as Holder);
  for (const held of Object.values(value)) collect(held, holders);
}

function change(holder: Holder, random: Random): void {
  const keys = Object.keys(holder);
  const kind = random.pick(["replace", "replace", "tweak", "tweak", "remove", "add"] as const);
  if (kind === "add" || keys.length === 0) {
    add(holder, random);
    return;
  }
  const key = random.pick(keys);
  if (key === "__proto__") return;
  if (kind === "replace") holder[key] = odd(random);
  else if (kind === "tweak") holder[key] = tweaked(holder[key], random);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function add(holder: Holder, random: Random): void {
  if (Array.isArray(holder)) {
    holder.push(random.chance(0.5) && holder.length > 0 ? structuredClone(holder[0]) : odd(random));
  } else if (random.chance(0.2)) {
    Object.defineProperty(holder, "__proto__", {
      value: odd(random),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else holder[random.pick(["unknown", "type", "toString", "7", "a.b"])] = odd(random);
}

function tweaked(value: unknown, random: Random): unknown {
  if (typeof value === "number") return value + random.pick([-1, 1, 0.5, -0.5, 1e6]);
  if (typeof value === "boolean") return !value;
  if (typeof value === "string")
    return random.pick([
      `${value}x`,
      value.slice(1),
      `${value}\n`,
      value.toUpperCase(),
      `${value}😀`,
      `\ud83d${value}`,
    ]);
  return odd(random);
}

/** Some texts of a JSON value end in one character of two units: as long as before in units, and shorter in code points. */
export function widened(value: unknown, random: Random): unknown {
  if (typeof value === "string") return value.length > 1 && random.chance(0.15) ? `${value.slice(0, -2)}😀` : value;
  if (Array.isArray(value)) return value.map((item) => widened(item, random));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, widened(held, random)]));
}
