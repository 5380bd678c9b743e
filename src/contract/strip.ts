import { optionOf } from "./option-of.js";
import type { Shape } from "./shape.js";

/** Copies an accepted value without the keys that its shape does not know. */
export function strip(shape: Shape, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  switch (shape.kind) {
    case "nullable":
      return strip(shape.inner, value);
    case "array":
      return (value as unknown[]).map((item) => strip(shape.items, item));
    case "record":
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, strip(shape.values, item)]));
    case "either":
    case "choice": {
      const option = optionOf(shape, value);
      return option ? strip(option, value) : value;
    }
    case "object": {
      const known: Record<string, unknown> = shape.open ? { ...value } : {};
      for (const field of shape.fields) {
        const given = (value as Record<string, unknown>)[field.name];
        if (given !== undefined && Object.hasOwn(value, field.name)) known[field.name] = strip(field.shape, given);
      }
      return known;
    }
    default:
      return value;
  }
}
