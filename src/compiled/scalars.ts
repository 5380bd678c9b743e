import { OPEN_ENUM_LENGTH } from "../contract/shape.js";
import { codePoints } from "../contract/text.js";
import { timestampPattern } from "../contract/timestamp.js";
import type { Refusal } from "./refusal.js";

// Small enough to be inlined where they are called: a check of ten fields is then one piece of machine code.
const { isFinite: isFiniteNumber, isSafeInteger } = Number;

/** Any text. */
export function text(value: unknown): Refusal {
  return typeof value === "string" ? undefined : "string";
}

/** A text of `min` to `max` Unicode code points. */
export function points(value: unknown, min: number, max: number): Refusal {
  // No more code points than units, no fewer than half of them: most texts need not be counted.
  if (typeof value === "string" && value.length >= min && value.length <= max * 2) {
    if (value.length >= min * 2 - 1 && value.length <= max) return;
    const count = codePoints(value);
    if (count >= min && count <= max) return;
  }
  return `string, ${min} to ${max} code points`;
}

/** An ISO 8601 timestamp, as `timestampPattern` takes it. */
export function timestamp(value: unknown): Refusal {
  return typeof value === "string" && timestampPattern.test(value) ? undefined : "ISO 8601 timestamp";
}

/** A boolean. */
export function flag(value: unknown): Refusal {
  return typeof value === "boolean" ? undefined : "boolean";
}

/** A safe integer that is not negative. */
export function whole(value: unknown): Refusal {
  return isSafeInteger(value) && (value as number) >= 0 ? undefined : "integer, at least 0";
}

/** A safe integer, within inclusive bounds where they are given. */
export function integer(value: unknown, min?: number, max?: number): Refusal {
  return isSafeInteger(value) && within(value, min, max) ? undefined : numberWords("integer", min, max);
}

/** A finite number, within inclusive bounds where they are given. */
export function finite(value: unknown, min?: number, max?: number): Refusal {
  return isFiniteNumber(value) && within(value, min, max) ? undefined : numberWords("finite number", min, max);
}

function within(value: unknown, min: number | undefined, max: number | undefined): boolean {
  // Not compared where there is none: once a number is compared to `undefined` here, no comparison is quick.
  return (min === undefined || (value as number) >= min) && (max === undefined || (value as number) <= max);
}

function numberWords(kind: string, min: number | undefined, max: number | undefined): string {
  return kind + (min === undefined ? "" : `, at least ${min}`) + (max === undefined ? "" : `, at most ${max}`);
}

/** Exactly one value. */
export function literal(value: unknown, expected: string | number | boolean | null): Refusal {
  return value === expected ? undefined : JSON.stringify(expected);
}

/** A member of an enum. */
export function member(value: unknown, members: ReadonlySet<unknown>): Refusal {
  return members.has(value) ? undefined : `one of ${[...members].join(", ")}`;
}

/** A member of an open enum; where not strict, any text of up to 64 code points. */
export function openMember(value: unknown, members: ReadonlySet<unknown>, strict: boolean): Refusal {
  return members.has(value) ? undefined : strict ? member(value, members) : newMember(value);
}

function newMember(value: unknown): Refusal {
  return typeof value === "string" && codePoints(value) <= OPEN_ENUM_LENGTH
    ? undefined
    : `string of at most ${OPEN_ENUM_LENGTH} code points`;
}

/** Anything that can be said in one expression. */
export function fits(condition: boolean, expected: string): Refusal {
  return condition ? undefined : expected;
}

/** A field that follows from others. The given value comes last, since it is the one that is refused. */
export function agrees(derived: unknown, given: unknown, expected: string): Refusal {
  return derived === given ? undefined : expected;
}
