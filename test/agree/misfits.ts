import type { Random } from "./random.js";
import { timestampText } from "./texts.js";

// Built once: a payload is judged, never changed, after it was made.
const megabyte = "x".repeat(1 << 20);
const wideMegabyte = "語".repeat(1 << 20);
const manyTexts = Array.from({ length: 10_000 }, (_, i) => `text ${i}`);
const manyObjects = Array.from({ length: 10_000 }, () => ({ id: "c", text: "" }));

/** Values that JSON cannot carry, and values of a size or form that only an attacker or an accident sends. */
export function misfit(random: Random): unknown {
  if (random.chance(0.0005)) return random.pick([megabyte, wideMegabyte, manyTexts, manyObjects]);
  return random.pick<() => unknown>([
    () => Number.NaN,
    () => Number.POSITIVE_INFINITY,
    () => Number.NEGATIVE_INFINITY,
    () => -0,
    () => Number.MAX_SAFE_INTEGER + random.pick([0, 1, 2]),
    () => Number.MIN_SAFE_INTEGER - random.pick([0, 1, 2]),
    () => undefined,
    () => 1n,
    () => Symbol("misfit"),
    () => () => "misfit",
    () => new Date(0),
    () => new Map([["a", 1]]),
    () => /misfit/,
    () => new String("boxed"),
    () => Object.create(null, { a: { value: 1, enumerable: true } }) as unknown,
    () => Object.freeze({ a: Object.freeze(["frozen", Number.NaN]) }),
    () => Object.create({ inherited: true }) as unknown,
    () => [undefined],
    () => new Array(3),
    () => ({ a: undefined }),
    () => random.pick(["\ud83d", "\ude00", "a\ud83d", "\ude00\ud83d", "😀\ude00"]),
    () => nearTimestamp(random),
    () => nearTimestamp(random),
    () => nearTimestamp(random),
  ])();
}

const fields = [
  { at: 0, length: 4, edges: ["0000", "1900", "2000", "2023", "2024", "2100", "9999", "10000", "999"] },
  { at: 5, length: 2, edges: ["00", "01", "02", "04", "12", "13", "2"] },
  { at: 8, length: 2, edges: ["00", "01", "28", "29", "30", "31", "32"] },
  { at: 11, length: 2, edges: ["00", "23", "24", "25", "1"] },
  { at: 14, length: 2, edges: ["00", "59", "60", "61"] },
  { at: 17, length: 2, edges: ["00", "59", "60", "61", ""] },
] as const;
const zones = [
  "Z",
  "z",
  "",
  "+00:00",
  "-00:00",
  "+23:59",
  "+24:00",
  "+23:60",
  "-1:00",
  "+0000",
  "+00",
  " Z",
  "UTC",
  "Z\n",
];

/** A timestamp with one thing about it at or past its bound: a field, the fraction, a separator, the zone. */
export function nearTimestamp(random: Random): string {
  const sound = timestampText(random);
  const field = random.pick(fields);
  const stamp = sound.slice(0, 19);
  const replaced = (text: string) => stamp.slice(0, field.at) + text + stamp.slice(field.at + field.length);
  const offByOne = () => {
    const value = Number(stamp.slice(field.at, field.at + field.length)) + random.pick([-1, 1]);
    return replaced(String(value).padStart(field.length, "0"));
  };
  return random.pick<() => string>([
    () => replaced(random.pick(field.edges)) + sound.slice(19),
    () => offByOne() + sound.slice(19),
    // The last day of every month, and the day after.
    () => `${stamp.slice(0, 5)}${String(random.int(1, 12)).padStart(2, "0")}-${random.int(28, 31)}${stamp.slice(10)}`,
    () => `${random.pick(["2023", "2024", "1900", "2000", "2100", "2400", "0004"])}-02-29${stamp.slice(10)}`,
    () => `${stamp.slice(0, 17)}60${sound.slice(19)}`,
    () => `${stamp}.${"0123456789".slice(0, random.int(0, 10))}${random.pick(zones)}`,
    () => stamp + random.pick(zones),
    () => stamp.replace(random.pick(["-", "T", ":"]), random.pick([" ", "t", "", "/", "٣"])) + sound.slice(19),
    () =>
      random.pick([`${sound} `, ` ${sound}`, `${sound}\n`, sound.slice(0, -1), stamp.slice(0, 16), stamp.slice(0, 10)]),
  ])();
}

/** Puts a misfit in one place of a value, or in the place of it. */
export function spoil(value: unknown, random: Random): unknown {
  const places: (readonly [holder: Record<string, unknown>, key: string])[] = [];
  const collect = (holder: unknown): void => {
    if (typeof holder !== "object" || holder === null || places.length > 200) return;
    for (const key of Object.keys(holder)) {
      if (key === "__proto__") continue;
      places.push([holder as Record<string, unknown>, key]);
      collect((holder as Record<string, unknown>)[key]);
    }
  };
  collect(value);
  const texts = places.filter(([holder, key]) => typeof holder[key] === "string" && /^\d{4}-/.test(holder[key]));
  if (places.length === 0 || random.chance(0.01)) return misfit(random);
  const [holder, key] = texts.length > 0 && random.chance(0.3) ? random.pick(texts) : random.pick(places);
  holder[key] = texts.some(([at, name]) => at === holder && name === key) ? nearTimestamp(random) : misfit(random);
  return value;
}
