import type { ZodCheckDef } from "./zod-def.js";

/** Of a text, or of a list. */
export interface LengthBounds {
  min?: number;
  max?: number;
}

/** Adds what a check says of a length to the bounds; false for a check of something else. */
export function addLength(bounds: LengthBounds, { check, minimum, maximum, length }: ZodCheckDef): boolean {
  const least = minimum ?? length;
  const most = maximum ?? length;
  if (least !== undefined) bounds.min = Math.max(bounds.min ?? 0, least);
  if (most !== undefined) bounds.max = Math.min(bounds.max ?? Infinity, most);
  return check.includes("length");
}
