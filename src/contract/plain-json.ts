import type { Issue } from "./errors.js";
import { kindOf } from "./expectation.js";
import { formatPath, type Path } from "./path.js";
import { JSON_DEPTH } from "./shape.js";
import * as words from "./words.js";

/** Says whether a value is an object written as `{}` or read from JSON, in this realm or another. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isForeignRoot(prototype as object);
}

// The `Object.prototype` of another realm; not an object that something else inherits fields from.
function isForeignRoot(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/**
 * Finds what is not plain JSON in a value that stands `depth` levels inside its open object; `undefined` if all is.
 */
export function explainJson(value: unknown, path: Path, depth: number): Issue | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : issue(path, words.finite, value);
  }
  if (Array.isArray(value)) {
    if (depth > JSON_DEPTH) return issue(path, words.depth, value);
    for (let i = 0; i < value.length; i++) {
      const found = explainJson(value[i], [...path, i], depth + 1);
      if (found) return found;
    }
    return undefined;
  }
  if (!isPlainObject(value)) return issue(path, words.json, value);
  if (depth > JSON_DEPTH) return issue(path, words.depth, value);
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return issue([...path, key], words.protoKey, value[key]);
    const found = explainJson(value[key], [...path, key], depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Finds a `__proto__` key anywhere in a value that a reader otherwise passes by, as near to it as there is one. */
export function findProtoKey(value: unknown, path: Path = []): Issue | undefined {
  // The map is a queue, so that a stranger may choose how deep this goes, and knows a value that holds itself.
  const steps = new Map<object, Path>();
  const visit = (held: unknown, stepsTo: Path) => {
    if (typeof held === "object" && held !== null && !steps.has(held)) steps.set(held, stepsTo);
  };
  visit(value, []);
  for (const [held, to] of steps) {
    for (const [key, inner] of Object.entries(held)) {
      const step = Array.isArray(held) ? Number(key) : key;
      if (key === "__proto__") return issue([...path, ...to, key], words.protoKey, inner);
      visit(inner, to.length > JSON_DEPTH ? to : [...to, step]);
    }
  }
  return undefined;
}

/** Makes an issue. */
export function issue(path: Path, expected: string, got: unknown): Issue {
  return { path: formatPath(path), expected, got: kindOf(got) };
}
