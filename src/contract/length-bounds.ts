import { type Place, unsupported, type ZodCheckDef } from "./zod-def.js";

/** Of a text, or of a list. */
export interface LengthBounds {
  readonly min?: number;
  readonly max?: number;
}

/** The bounds with those that a check adds to them; `undefined` for a check of something else. */
export function withLength(bounds: LengthBounds, check: ZodCheckDef, place: Place): LengthBounds | undefined {
  switch (check.check) {
    case "min_length":
      return { ...bounds, min: Math.max(bounds.min ?? 0, length(check.minimum, place)) };
    case "max_length":
      return { ...bounds, max: Math.min(bounds.max ?? Infinity, length(check.maximum, place)) };
    case "length_equals": {
      const exact = length(check.length, place);
      return { min: Math.max(bounds.min ?? 0, exact), max: Math.min(bounds.max ?? Infinity, exact) };
    }
    default:
      return undefined;
  }
}

function length(said: number | undefined, place: Place): number {
  // A lower bound below 0 is none, and JSON Schema has neither.
  if (said === undefined || !Number.isSafeInteger(said) || said < 0)
    throw unsupported(place, "a length that is no whole number", "write a whole one, of at least 0");
  return said;
}
