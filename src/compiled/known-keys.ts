import type { Fields } from "./fields.js";

/** Copies an accepted value without the keys that its shape does not know. */
export type KeyFilter = (value: unknown) => unknown;

/** Keeps the named fields of a closed object; `inner` filters those that have further keys to lose. */
export function knownKeys(names: readonly string[], inner: Readonly<Record<string, KeyFilter>> = {}): KeyFilter {
  return whenObject((value) => {
    const known: Record<string, unknown> = {};
    for (const name of names) copyField(value, known, name, inner);
    return known;
  });
}

/** Keeps all keys of an open object; `inner` filters its known fields. */
export function allKeys(inner: Readonly<Record<string, KeyFilter>>): KeyFilter {
  return whenObject((value) => {
    const all: Record<string, unknown> = { ...value };
    for (const name of Object.keys(inner)) copyField(value, all, name, inner);
    return all;
  });
}

/** Filters every item of an array. */
export function eachItem(inner: KeyFilter): KeyFilter {
  return (value) => (Array.isArray(value) ? value.map((item) => inner(item)) : value);
}

/** Filters every value of a record. */
export function eachValue(inner: KeyFilter): KeyFilter {
  return whenObject((value) => Object.fromEntries(Object.entries(value).map(([name, held]) => [name, inner(held)])));
}

/** Filters by the option of a choice that a value is of. */
export function byOption(discriminator: string, inner: Readonly<Record<string, KeyFilter>>): KeyFilter {
  return whenObject((value) => {
    const told = String(value[discriminator]);
    return Object.hasOwn(inner, told) ? inner[told]?.(value) : value;
  });
}

/** Filters an array by one filter and an object by another, where a value may be either. */
export function byKind(ofArray: KeyFilter | undefined, ofObject: KeyFilter | undefined): KeyFilter {
  return (value) => (Array.isArray(value) ? ofArray : ofObject)?.(value) ?? value;
}

function whenObject(filter: (value: Fields) => unknown): KeyFilter {
  return (value) => (typeof value === "object" && value !== null ? filter(value as Fields) : value);
}

function copyField(
  from: Fields,
  to: Record<string, unknown>,
  name: string,
  inner: Readonly<Record<string, KeyFilter>>,
): void {
  if (!Object.hasOwn(from, name) || from[name] === undefined) return;
  const filter = Object.hasOwn(inner, name) ? inner[name] : undefined;
  to[name] = filter ? filter(from[name]) : from[name];
}
