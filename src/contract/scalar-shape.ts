import { addLength, type LengthBounds } from "./length-bounds.js";
import type { NumberShape, PatternShape, StringShape } from "./shape.js";
import { textBounds } from "./text.js";
import { timestampPattern } from "./timestamp.js";
import { checksOf, foreignCheck, type Place, unsupported, type ZodCheckDef, type ZodDef } from "./zod-def.js";

// zod's formats that are one linear pattern and nothing else.
const patternFormats = new Set(["uuid", "guid", "ulid", "nanoid", "cuid2", "date", "time", "datetime"]);

/** Reads a text with its bounds and patterns. */
export function stringShape(def: ZodDef, place: Place): StringShape {
  const length: LengthBounds = {};
  let points: readonly [number, number] | undefined;
  let timestamp = false;
  const patterns: PatternShape[] = [];
  const formats = def.check === "string_format" ? [def as ZodCheckDef, ...checksOf(def, place)] : checksOf(def, place);
  for (const check of formats) {
    if (addLength(length, check)) continue;
    if (check.check === "string_format" && check.format === "regex" && check.pattern) {
      const bounds = textBounds(check.pattern);
      if (bounds) points = points ? [Math.max(points[0], bounds[0]), Math.min(points[1], bounds[1])] : bounds;
      else if (check.pattern.source === timestampPattern.source && check.pattern.flags === "") timestamp = true;
      else patterns.push(patternShape(check.pattern, place));
    } else if (check.check === "string_format" && check.pattern && patternFormats.has(check.format ?? "")) {
      patterns.push({ ...patternShape(check.pattern, place), format: check.format ?? "" });
    } else throw foreignCheck(check.check === "string_format" ? { check: check.format ?? "format" } : check, place);
  }
  if (patterns.some((pattern) => pattern.format === undefined) && length.max === undefined && points === undefined) {
    throw unsupported(
      place,
      "a pattern without a length",
      "add .max(…) before it: a pattern must not meet a text of any length",
    );
  }
  return {
    kind: "string",
    ...length,
    ...(points === undefined ? {} : { points }),
    ...(patterns.length === 0 ? {} : { patterns }),
    ...(timestamp ? { timestamp } : {}),
  };
}

function patternShape(pattern: RegExp, place: Place): PatternShape {
  if (/[gy]/.test(pattern.flags)) {
    throw unsupported(
      place,
      `a pattern with the flag "${pattern.flags}"`,
      "drop g and y: they make a pattern remember",
    );
  }
  return { source: pattern.source, flags: pattern.flags };
}

/** Reads a number with its bounds. */
export function numberShape(def: ZodDef, place: Place): NumberShape {
  let integer = false;
  let min: number | undefined;
  let max: number | undefined;
  let above: number | undefined;
  let below: number | undefined;
  const checks = def.check === "number_format" ? [def as ZodCheckDef, ...checksOf(def, place)] : checksOf(def, place);
  for (const check of checks) {
    const value = check.value ?? 0;
    if (check.check === "number_format" && check.format === "safeint") integer = true;
    else if (check.check === "greater_than" && check.inclusive) min = Math.max(min ?? -Infinity, value);
    else if (check.check === "greater_than") above = Math.max(above ?? -Infinity, value);
    else if (check.check === "less_than" && check.inclusive) max = Math.min(max ?? Infinity, value);
    else if (check.check === "less_than") below = Math.min(below ?? Infinity, value);
    else if (check.check === "number_format")
      throw unsupported(place, `z.${check.format}()`, "write z.int() or z.number() with .min(…) and .max(…)");
    else throw foreignCheck(check, place);
  }
  return {
    kind: "number",
    integer,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(above === undefined ? {} : { above }),
    ...(below === undefined ? {} : { below }),
  };
}

/** Reads one value of a literal. */
export function literalValue(value: unknown, place: Place): string | number | boolean | null {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw unsupported(place, `a literal ${typeof value}`, "write a string, a finite number, a boolean or null");
}
