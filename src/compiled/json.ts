import { words } from "../contract/expectation.js";
import { isPlainObject } from "../contract/plain-json.js";
import { JSON_DEPTH } from "../contract/shape.js";
import type { Refusal } from "./refusal.js";

/** Plain JSON, `depth` levels inside its open object. Allocates nothing. */
export function json(value: unknown, depth: number): Refusal {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "number") return Number.isFinite(value) ? undefined : words.finite;
    return typeof value === "string" || typeof value === "boolean" || value === null ? undefined : words.json;
  }
  if (Array.isArray(value)) {
    if (depth > JSON_DEPTH) return words.depth;
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      const refusal = typeof item !== "string" && json(item, depth + 1);
      if (refusal) return refusal;
    }
    return;
  }
  if (!isPlainObject(value)) return words.json;
  if (depth > JSON_DEPTH) return words.depth;
  for (const name in value) {
    const held = value[name];
    const refusal = name === "__proto__" ? words.protoKey : typeof held !== "string" && json(held, depth + 1);
    // What is inherited is no part of it; asked on a refusal only, since it costs.
    if (refusal && Object.hasOwn(value, name)) return refusal;
  }
}
