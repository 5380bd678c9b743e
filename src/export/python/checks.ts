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

/** What the module around an expression knows and hears. */
export interface CheckContext {
  /** The name under which the module has the check of a payload's part; `undefined` where it has none. */
  readonly partOf: (shape: ObjectShape) => string | undefined;
  /** Takes note of a rule that Python cannot check. */
  readonly leaveOut: (note: NotExpressed) => void;
}

/** Writes a shape as an expression that builds its check; `indent` is of the line it stands on. */
export function checkExpression(shape: Shape, indent: string, context: CheckContext, path = ""): string {
  switch (shape.kind) {
    case "string":
      return textCheck(shape, context, path);
    case "number":
      return numberCheck(shape);
    case "boolean":
      return "_Boolean()";
    case "literal":
      return `_Literal(${shape.values.map(pyLiteral).join(", ")})`;
    case "enum":
      return `_Enum(${shape.values.map(pyString).join(", ")}${shape.open ? ", is_open=True" : ""})`;
    case "object":
      return partCheck(shape, indent, context, path);
    case "array": {
      const items = checkExpression(shape.items, indent, context, `${path}[]`);
      return call("_Array", items, named("least", shape.min), named("most", shape.max));
    }
    case "record":
      return `_Record(${checkExpression(shape.values, indent, context, `${path}.*`)})`;
    case "json":
      return "_Json()";
    case "choice": {
      const inner = `${indent}    `;
      const options = shape.options.flatMap((option) =>
        discriminatorsOf(shape, option).map(
          (value) => `${inner}${pyString(value)}: ${partCheck(option, inner, context, path)},`,
        ),
      );
      return [`_Choice(${pyString(shape.discriminator)}, {`, ...options, `${indent}})`].join("\n");
    }
    case "either": {
      const options = shape.options.map(
        (option) =>
          `(${pyTuple(jsonKindsOf(option).map(pyString))}, ${checkExpression(option, indent, context, path)})`,
      );
      return `_Either(${options.join(", ")})`;
    }
    case "nullable":
      return `_Nullable(${checkExpression(shape.inner, indent, context, path)})`;
  }
}

function textCheck(shape: StringShape, context: CheckContext, path: string): string {
  if (shape.timestamp) {
    const others = textCheck(withoutTimestamp(shape), context, path);
    return others === "_Text()" ? "_TIMESTAMP" : others.replace(/\)$/, ", is_timestamp=True)");
  }
  const patterns = (shape.patterns ?? []).flatMap((pattern) => {
    const translated = toPythonPattern(pattern);
    if (!translated) context.leaveOut({ path, rule: `the pattern /${pattern.source}/${pattern.flags}` });
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

function partCheck(shape: ObjectShape, indent: string, context: CheckContext, path: string): string {
  // Written in any case: what it leaves out is told wherever it is used.
  const whole = objectCheck(shape, indent, context, path);
  return context.partOf(shape) ?? whole;
}

/** Writes an object's own fields, whether or not the module has a name for it. */
export function objectCheck(shape: ObjectShape, indent: string, context: CheckContext, path = ""): string {
  const inner = `${indent}    `;
  const fields = shape.fields.map(
    (field) => `${inner}${pyString(field.name)}: ${fieldCheck(field, inner, context, path)},`,
  );
  const open = shape.open ? ", is_open=True" : "";
  return fields.length === 0 ? `_Object({}${open})` : ["_Object({", ...fields, `${indent}}${open})`].join("\n");
}

function fieldCheck(field: FieldShape, indent: string, context: CheckContext, path: string): string {
  const check = checkExpression(field.shape, indent, context, path === "" ? field.name : `${path}.${field.name}`);
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
