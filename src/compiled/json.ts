import { isPlainObject } from "../contract/plain-json.js";
import { JSON_DEPTH } from "../contract/shape.js";
import * as words from "../contract/words.js";
import type { Fields } from "./fields.js";
import type { Refusal } from "./refusal.js";

/** Plain JSON, `depth` levels inside its open object. Allocates nothing. */
export function json(value: unknown, depth: number): Refusal {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : words.finite;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return;
  if (Array.isArray(value)) {
    if (depth > JSON_DEPTH) return words.depth;
    for (let i = 0; i < value.length; i++) {
      const held: unknown = value[i];
      // Most of what stands in open objects is text: a call is saved for each, here and below.
      const refusal = typeof held !== "string" && json(held, depth + 1);
      if (refusal) return refusal;
    }
    return;
  }
  if (!isPlainObject(value)) return words.json;
  return depth > JSON_DEPTH ? words.depth : entries(value, depth);
}

/** An open object without known fields. */
export function open(value: unknown): Refusal {
  return isPlainObject(value) ? entries(value, 1) : "object";
}

function entries(value: Fields, depth: number): Refusal {
  for (const name in value) {
    const held = value[name];
    const refusal = name === "__proto__" ? words.protoKey : typeof held !== "string" && json(held, depth + 1);
    // What is inherited is no part of it; asked on a refusal only, since it costs.
    if (refusal && Object.hasOwn(value, name)) return refusal;
  }
}
