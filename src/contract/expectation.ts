import { discriminators, OPEN_ENUM_LENGTH, type Shape } from "./shape.js";

/** Who judges: a writer is strict about what it sends, a reader tolerates what a newer writer may add. */
export type Role = "writer" | "reader";

/** Says in a few words what a shape takes. Refusals of every checker, generated or not, use these words. */
export function expectation(shape: Shape, role: Role): string {
  switch (shape.kind) {
    case "string":
      return stringWords(shape);
    case "number":
      return [
        shape.integer ? "integer" : "finite number",
        ...(shape.min === undefined ? [] : [`at least ${shape.min}`]),
        ...(shape.above === undefined ? [] : [`above ${shape.above}`]),
        ...(shape.max === undefined ? [] : [`at most ${shape.max}`]),
        ...(shape.below === undefined ? [] : [`below ${shape.below}`]),
      ].join(", ");
    case "literal":
      return shape.values.map((value) => JSON.stringify(value)).join(" or ");
    case "enum":
      return shape.open && role === "reader"
        ? `string of at most ${OPEN_ENUM_LENGTH} code points`
        : `one of ${shape.values.join(", ")}`;
    case "array":
      return [
        "array",
        ...(shape.min ? [`at least ${shape.min} items`] : []),
        ...(shape.max === undefined ? [] : [`at most ${shape.max} items`]),
      ].join(", ");
    case "record":
    case "choice":
      return "object";
    case "json":
      return "plain JSON";
    case "nullable":
      return `${expectation(shape.inner, role)} or null`;
    case "either":
      return shape.options.map((option) => expectation(option, role)).join(" or ");
    default:
      return shape.kind;
  }
}

function stringWords(shape: Extract<Shape, { kind: "string" }>): string {
  if (shape.timestamp) return "ISO 8601 timestamp";
  return [
    "string",
    ...(shape.points ? [`${shape.points[0]} to ${shape.points[1]} code points`] : []),
    ...(shape.min === undefined ? [] : [`at least ${shape.min} characters`]),
    ...(shape.max === undefined ? [] : [`at most ${shape.max} characters`]),
    ...(shape.patterns ?? []).map((pattern) => pattern.format ?? "in the declared pattern"),
  ].join(", ");
}

/** Says what a discriminator takes. */
export function discriminatorExpectation(shape: Extract<Shape, { kind: "choice" }>): string {
  return `one of ${discriminators(shape).join(", ")}`;
}

/** The kind of a value, as a refusal names it; never the value. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && !Number.isFinite(value)) return "non-finite number";
  return typeof value;
}
