import type { Derivation, Derivations } from "../../contract/derive.js";
import {
  discriminatorsOf,
  type FieldShape,
  jsonKindsOf,
  type NumberShape,
  type ObjectShape,
  type Shape,
  type StringShape,
} from "../../contract/shape.js";
import type { NotExpressed } from "../not-expressed.js";
import { pyLiteral, pyString, pyTuple } from "./literal.js";
import { toPythonPattern } from "./pattern.js";

/** Takes note of a rule that Python cannot check. */
export type LeaveOut = (note: NotExpressed) => void;

/** Writes a shape as an expression that builds its check; `indent` is of the line it stands on. */
export function checkExpression(shape: Shape, indent: string, leaveOut: LeaveOut, path = ""): string {
  switch (shape.kind) {
    case "string":
      return textCheck(shape, leaveOut, path);
    case "number":
      return numberCheck(shape);
    case "boolean":
      return "_Boolean()";
    case "literal":
      return `_Literal(${shape.values.map(pyLiteral).join(", ")})`;
    case "enum":
      return `_Enum(${shape.values.map(pyString).join(", ")}${shape.open ? ", is_open=True" : ""})`;
    case "object":
      return objectCheck(shape, indent, leaveOut, path);
    case "array": {
      const items = checkExpression(shape.items, indent, leaveOut, `${path}[]`);
      return call("_Array", items, named("least", shape.min), named("most", shape.max));
    }
    case "record":
      return `_Record(${checkExpression(shape.values, indent, leaveOut, `${path}.*`)})`;
    case "json":
      return "_Json()";
    case "choice": {
      const inner = `${indent}    `;
      const options = shape.options.flatMap((option) =>
        discriminatorsOf(shape, option).map(
          (value) => `${inner}${pyString(value)}: ${objectCheck(option, inner, leaveOut, path)},`,
        ),
      );
      return [`_Choice(${pyString(shape.discriminator)}, {`, ...options, `${indent}})`].join("\n");
    }
    case "either": {
      const options = shape.options.map(
        (option) =>
          `(${pyTuple(jsonKindsOf(option).map(pyString))}, ${checkExpression(option, indent, leaveOut, path)})`,
      );
      return `_Either(${options.join(", ")})`;
    }
    case "nullable":
      return `_Nullable(${checkExpression(shape.inner, indent, leaveOut, path)})`;
  }
}

function textCheck(shape: StringShape, leaveOut: LeaveOut, path: string): string {
  if (shape.timestamp) {
    const others = textCheck(withoutTimestamp(shape), leaveOut, path);
    return others === "_Text()" ? "_TIMESTAMP" : others.replace(/\)$/, ", is_timestamp=True)");
  }
  const patterns = (shape.patterns ?? []).flatMap((pattern) => {
    const translated = toPythonPattern(pattern);
    if (!translated) leaveOut({ path, rule: `the pattern /${pattern.source}/${pattern.flags}` });
    if (!translated) return [];
    const { source, ignoreCase, units } = translated;
    return [
      `_Pattern(${[pyString(source), pyLiteral(pattern.format ?? null), pyLiteral(ignoreCase), pyLiteral(units)].join(", ")})`,
    ];
  });
  return call(
    "_Text",
    named("least", shape.min),
    named("most", shape.max),
    shape.points === undefined ? undefined : `points=(${shape.points.join(", ")})`,
    patterns.length === 0 ? undefined : `patterns=${pyTuple(patterns)}`,
  );
}

function withoutTimestamp({ timestamp: _, ...rest }: StringShape): StringShape {
  return rest;
}

function numberCheck(shape: NumberShape): string {
  return call(
    shape.integer ? "_Integer" : "_Number",
    named("least", shape.min),
    named("above", shape.above),
    named("most", shape.max),
    named("below", shape.below),
  );
}

function objectCheck(shape: ObjectShape, indent: string, leaveOut: LeaveOut, path: string): string {
  const inner = `${indent}    `;
  const fields = shape.fields.map(
    (field) => `${inner}${pyString(field.name)}: ${fieldCheck(field, inner, leaveOut, path)},`,
  );
  const open = shape.open ? ", is_open=True" : "";
  return fields.length === 0 ? `_Object({}${open})` : ["_Object({", ...fields, `${indent}}${open})`].join("\n");
}

function fieldCheck(field: FieldShape, indent: string, leaveOut: LeaveOut, path: string): string {
  const check = checkExpression(field.shape, indent, leaveOut, path === "" ? field.name : `${path}.${field.name}`);
  if (!field.optional) return check;
  return `${field.nullish ? "_nullish" : "_optional"}(${check})`;
}

function call(name: string, ...given: readonly (string | undefined)[]): string {
  return `${name}(${given.filter((argument) => argument !== undefined).join(", ")})`;
}

function named(name: string, value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${name}=${pyLiteral(value)}`;
}

/** Writes derivations as a mapping from field to rule. */
export function deriveExpression(derive: Derivations): string {
  return `{${Object.entries(derive)
    .map(([field, derivation]) => `${pyString(field)}: ${derivationTuple(derivation)}`)
    .join(", ")}}`;
}

function derivationTuple(derivation: Derivation): string {
  switch (derivation.kind) {
    case "copy":
      return `("copy", ${pyString(derivation.field)})`;
    case "sum":
      return `("sum", ${derivation.fields.map(pyString).join(", ")})`;
    case "difference":
      return `("difference", ${pyString(derivation.minuend)}, ${pyString(derivation.subtrahend)})`;
    case "template":
      return `("template", ${pyString(derivation.text)})`;
    default:
      return `("${derivation.kind}",)`;
  }
}
