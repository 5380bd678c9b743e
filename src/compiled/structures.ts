import { findProtoKey, isPlainObject } from "../contract/plain-json.js";
import * as words from "../contract/words.js";
import type { Fields } from "./fields.js";
import { json } from "./json.js";
import type { Checker, Refusal } from "./refusal.js";

/** An object written as `{}` or read from JSON. */
export function object(value: unknown): Refusal {
  return isPlainObject(value) ? undefined : "object";
}

/** Whether an optional field is there to be judged; `null` is absent where not strict. */
export function given(value: unknown, strict: boolean): boolean {
  return value !== undefined && (value !== null || strict);
}

/** An optional text. Whether it is there is asked of what is none, since most are. */
export function maybeText(value: unknown, strict: boolean): Refusal {
  return typeof value === "string" ? undefined : given(value, strict) && "string";
}

/**
 * The keys of a closed object whose `known` fields were all read: a strict one has no further key; in what else has
 * one, nothing may be called `__proto__`.
 */
export function keys(value: Fields, strict: boolean, known: number): Refusal {
  let count = 0;
  for (const _ in value) count++;
  return count === known ? undefined : furtherKeys(value, strict, known);
}

function furtherKeys(value: Fields, strict: boolean, known: number): Refusal {
  const names = Object.keys(value);
  if (names.length <= known) return;
  if (strict) return words.unknownKey;
  for (const name of names) {
    // The known ones were judged and hold no such key: looking again changes nothing. Which key it is, and how deep it
    // stands, `explainBy` finds out; a descriptor is not watched.
    const held: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
    if (name === "__proto__" || findProtoKey(held, [])) return words.unknownKey;
  }
}

/** The keys of an open object beside its known fields: plain JSON. */
export function further(value: Fields, known: readonly string[]): Refusal {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const held = value[name];
    const refusal = name === "__proto__" ? words.protoKey : json(held, 2);
    if (refusal) return refusal;
  }
}

/** An array of texts. */
export function texts(value: unknown): Refusal {
  if (!Array.isArray(value)) return "array";
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== "string") return "string";
}

/** An array, of a number of items within inclusive bounds where they are given. */
export function array(value: unknown, item: Checker, strict: boolean, min = 0, max = Infinity): Refusal {
  if (!Array.isArray(value) || value.length < min || value.length > max) {
    return `array${min ? `, at least ${min} items` : ""}${max === Infinity ? "" : `, at most ${max} items`}`;
  }
  for (let i = 0; i < value.length; i++) {
    const refusal = item(value[i], strict);
    if (refusal) return refusal;
  }
}

/** An object whose keys are data. */
export function record(value: unknown, item: Checker, strict: boolean): Refusal {
  const refusal = object(value);
  if (refusal) return refusal;
  for (const name of Object.keys(value as Fields)) {
    const held = (value as Fields)[name];
    const found = name === "__proto__" ? words.protoKey : item(held, strict);
    if (found) return found;
  }
}

/** A field whose name every object inherits. */
export function own(value: Fields, name: string): unknown {
  // Read even where it is not there: what is read last is what a refusal is about.
  const held = value[name];
  return Object.hasOwn(value, name) ? held : undefined;
}
