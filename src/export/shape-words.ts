import { type Derivation, derivationExpectation } from "../contract/derive.js";
import type { Role } from "../contract/expectation.js";
import { expectation } from "../contract/expectation.js";
import type { FieldShape, Shape } from "../contract/shape.js";

/** A shape in a few words, for a cell of a table. */
export function shapeWords(shape: Shape, role: Role = "writer"): string {
  switch (shape.kind) {
    case "object":
      return shape.open ? (shape.fields.length === 0 ? "open object" : "open object with known fields") : "object";
    case "array":
      return `array of ${inBrackets(shapeWords(shape.items, role))}${bounds(shape.min, shape.max, "items")}`;
    case "record":
      return `object of ${inBrackets(shapeWords(shape.values, role))}`;
    case "json":
      return "any plain JSON";
    case "choice":
      return `one of the objects told apart by ${shape.discriminator}`;
    case "either":
      return shape.options.map((option) => shapeWords(option, role)).join(" or ");
    case "nullable":
      return `${shapeWords(shape.inner, role)} or null`;
    case "enum":
      return `${shape.open ? "open enum" : "enum"}: ${shape.values.join(", ")}`;
    default:
      return expectation(shape, role);
  }
}

// "array of string or null" is the array that may be null, and not one whose items may be.
function inBrackets(words: string): string {
  return / or |, /.test(words) ? `(${words})` : words;
}

function bounds(min: number | undefined, max: number | undefined, unit: string): string {
  if (min === undefined && max === undefined) return "";
  return `, ${min ?? 0} to ${max ?? "any number of"} ${unit}`;
}

/** How a writer may come by a derived field, in a few words. */
export function derivationWords(derivation: Derivation, eventName: string): string {
  if (derivation.kind === "now") return "now";
  if (derivation.kind === "template") return `the text "${derivation.text}"`;
  return derivationExpectation(derivation, eventName);
}

/** One row of a table of fields. */
export interface FieldRow {
  readonly path: string;
  readonly field: FieldShape;
}

/** The fields of a shape and of the objects within it, each with its path. */
export function fieldRows(shape: Shape, path = ""): FieldRow[] {
  switch (shape.kind) {
    case "object":
      return shape.fields.flatMap((field) => {
        const here = path === "" ? field.name : `${path}.${field.name}`;
        return [{ path: here, field }, ...fieldRows(field.shape, here)];
      });
    case "array":
      return fieldRows(shape.items, `${path}[]`);
    case "record":
      return fieldRows(shape.values, `${path}.*`);
    case "nullable":
      return fieldRows(shape.inner, path);
    case "either":
    case "choice":
      return shape.options.flatMap((option) => fieldRows(option, path));
    default:
      return [];
  }
}
