import { words } from "../contract/expectation.js";
import { isPlainObject } from "../contract/plain-json.js";
import { JSON_DEPTH } from "../contract/shape.js";
import { at, type Judge, type Refusal, refuse } from "./judge.js";
import { finite } from "./scalars.js";

/** The one key that is refused wherever it stands. */
export const protoKey = "__proto__";

/** Refuses what stands under it. */
export const noProtoKey = (value: unknown): Refusal => refuse(words.protoKey, value);

/** Any plain JSON value. */
export const json: Judge = (value) => jsonAt(value, 1);

/** Plain JSON, `depth` levels inside its open object. */
export function jsonAt(value: unknown, depth: number): Refusal | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return finite(value);
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) return refuse(words.json, value);
  if (depth > JSON_DEPTH) return refuse(words.depth, value);
  for (const key of isList ? value.keys() : Object.keys(value)) {
    const held = (value as Record<string | number, unknown>)[key];
    const refusal = key === protoKey ? noProtoKey(held) : jsonAt(held, depth + 1);
    if (refusal) return at(key, refusal);
  }
  return undefined;
}

/** What a reader passes by: anything, in which nothing is called `__proto__`. */
export function passedBy(value: unknown): Refusal | undefined {
  // A stack of its own: a stranger chooses how deep this goes. A set: a value of the application's may hold itself.
  const seen = new Set<unknown>();
  const pending: { held: unknown; steps: (string | number)[] }[] = [{ held: value, steps: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { held, steps } = next;
    if (typeof held !== "object" || held === null || seen.has(held)) continue;
    seen.add(held);
    for (const [key, inner] of Object.entries(held)) {
      if (key === protoKey) return { ...noProtoKey(inner), steps: [key, ...steps], passed: true };
      const step = Array.isArray(held) ? Number(key) : key;
      pending.push({ held: inner, steps: steps.length > JSON_DEPTH ? steps : [step, ...steps] });
    }
  }
  return undefined;
}
