import type { PatternShape, StringShape } from "../../src/contract/shape.js";
import type { Random } from "./random.js";

// Letters, control characters, accents, an emoji of two units, half a surrogate pair, and line ends that patterns trip over.
const points = [
  "a",
  "Z",
  "0",
  "_",
  " ",
  "-",
  ".",
  "\n",
  "\u2028",
  "\u0000",
  "é",
  "語",
  "😀",
  "\ud83d",
  "\ude00",
  "\\",
  '"',
  "/",
];

/** Patterns that random shapes may carry, each with a maker of texts that match it. */
export const knownPatterns: readonly { readonly pattern: PatternShape; readonly make: (random: Random) => string }[] = [
  { pattern: { source: "^[a-z]+$", flags: "" }, make: (random) => "abcxyz".slice(random.int(0, 5)) },
  { pattern: { source: "^\\d{2,4}$", flags: "" }, make: (random) => String(random.int(10, 9999)) },
  { pattern: { source: "^.{1,3}$", flags: "u" }, make: (random) => repeated("😀", random.int(1, 3)) },
  { pattern: { source: "^\\S+\\s\\w*$", flags: "" }, make: () => "é b" },
  { pattern: { source: "^[^/]{1,4}$", flags: "" }, make: (random) => repeated("語", random.int(1, 4)) },
  { pattern: { source: "^[\\w-.]+[-\\s-/]?$", flags: "" }, make: (random) => random.pick(["a-b.c", "a ", "a/"]) },
  { pattern: { source: "^(?:👍|😂)$", flags: "" }, make: (random) => random.pick(["👍", "😂"]) },
  { pattern: { source: "^(?:a|b$|\\u00e9)", flags: "" }, make: (random) => random.pick(["a", "b", "é!"]) },
];

// Of each format in the contracts that are judged, one text.
const formatted: Readonly<Record<string, string>> = {
  uuid: "123e4567-e89b-42d3-a456-426614174000",
  date: "2026-11-24",
};

function repeated(text: string, times: number): string {
  return text.repeat(times);
}

/** A timestamp as the contract takes it: naive, zoned, with 0 to 9 fraction digits. */
export function timestampText(random: Random): string {
  const two = (least: number, most: number) => String(random.int(least, most)).padStart(2, "0");
  const fraction = random.int(0, 9);
  const digits = fraction === 0 ? "" : `.${Array.from({ length: fraction }, () => random.int(0, 9)).join("")}`;
  const zone = random.pick(["", "", "Z", "+00:00", `-${two(0, 23)}:${two(0, 59)}`]);
  return `20${two(0, 99)}-${two(1, 12)}-${two(1, 28)}T${two(0, 23)}:${two(0, 59)}:${two(0, 59)}${digits}${zone}`;
}

/** A text of a shape, its length often at a bound. */
export function textOf(shape: StringShape, random: Random): string {
  if (shape.timestamp) return timestampText(random);
  const [pattern] = shape.patterns ?? [];
  if (pattern) {
    const known = knownPatterns.find(
      ({ pattern: one }) => one.source === pattern.source && one.flags === pattern.flags,
    );
    return known?.make(random) ?? formatted[pattern.format ?? ""] ?? "a";
  }
  const least = Math.max(shape.points?.[0] ?? 0, shape.min ?? 0);
  const most = Math.min(shape.points?.[1] ?? least + 6, shape.max ?? Infinity);
  const length = random.pick([least, most, random.int(least, Math.min(most, least + 6))]);
  // Where units are counted, only single units keep the bounds.
  const letters =
    shape.min === undefined && shape.max === undefined
      ? points
      : points.filter((point) => point.length === 1 && !isSurrogate(point));
  if (length > 40) return random.pick(["a", "語"]).repeat(length);
  let text = "";
  // No pair may come about by chance from its halves: it would count as one.
  while (Array.from(text).length < length) text = joined(text, random.pick(letters));
  return text;
}

function joined(text: string, point: string): string {
  return text.endsWith("\ud83d") && point === "\ude00" ? `${text}a` : text + point;
}

function isSurrogate(point: string): boolean {
  return /^[\ud800-\udfff]$/.test(point);
}
