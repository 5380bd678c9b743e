import { isPlainObject } from "../contract/plain-json.js";
import { JSON_DEPTH } from "../contract/shape.js";
import * as words from "../contract/words.js";
import { type Judge, refuse } from "./judge.js";
import { finite } from "./scalars.js";
import { type FieldJudges, list, object, record } from "./structures.js";

/** Any plain JSON value. */
export const json: Judge = /* @__PURE__ */ jsonAt(1);

const furtherJson: Judge = /* @__PURE__ */ jsonAt(2);

/** An open object: further keys are plain JSON. */
export const open = (fields: FieldJudges = {}): Judge => object(fields, furtherJson);

/** Plain JSON, `depth` levels inside its open object: lists and records of plain JSON one level deeper. */
function jsonAt(depth: number): Judge {
  const tooDeep: Judge | undefined = depth > JSON_DEPTH ? (value) => refuse(words.depth, value) : undefined;
  const inner = tooDeep ?? jsonAt(depth + 1);
  const items = tooDeep ?? list(inner);
  const fields = tooDeep ?? record(inner);
  return (value) => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
    if (typeof value === "number") return finite(value);
    if (Array.isArray(value)) return items(value);
    return isPlainObject(value) ? fields(value) : refuse(words.json, value);
  };
}
