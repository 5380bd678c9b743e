import { JSON_DEPTH, type Shape } from "../../contract/shape.js";

/** How many objects and arrays a value of a shape may nest, itself counted. */
export function levels(shape: Shape): number {
  switch (shape.kind) {
    case "array":
      return 1 + levels(shape.items);
    case "record":
      return 1 + levels(shape.values);
    case "object":
      return Math.max(shape.open ? JSON_DEPTH : 1, 1 + deepest(shape.fields.map((field) => field.shape)));
    case "choice":
    case "either":
      return deepest(shape.options);
    case "nullable":
      return levels(shape.inner);
    case "json":
      return JSON_DEPTH;
    default:
      return 0;
  }
}

function deepest(shapes: readonly Shape[]): number {
  return Math.max(0, ...shapes.map(levels));
}
