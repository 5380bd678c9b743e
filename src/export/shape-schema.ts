import type { Role } from "../contract/expectation.js";
import { explain } from "../contract/explain.js";
import {
  type ChoiceShape,
  type FieldShape,
  JSON_DEPTH,
  type NumberShape,
  type ObjectShape,
  OPEN_ENUM_LENGTH,
  type Shape,
  type StringShape,
} from "../contract/shape.js";
import { codePoints } from "../contract/text.js";
import { timestampPattern } from "../contract/timestamp.js";
import { type NotExpressed, unexpressedLength, unexpressedPattern } from "./not-expressed.js";

/** A JSON Schema. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Where a schema is written: for whom, with which shared definitions, and what it had to leave out. */
export interface SchemaPlace {
  readonly role: Role;
  /** Refers to a shared definition (`plain_json_2`, `no_proto_key`, `key`) and takes it along. */
  refer(name: string): JsonSchema;
  leaveOut(note: NotExpressed): void;
}

/** Writes a shape as JSON Schema 2020-12, in the form of a writer or of a reader. */
export function shapeSchema(shape: Shape, place: SchemaPlace, path = ""): JsonSchema {
  const said = shape.description === undefined ? {} : { description: shape.description };
  // What a shared definition says of itself makes way for what the contract says.
  return {
    ...(shape.name === undefined ? {} : { title: shape.name }),
    ...said,
    ...bare(shape, place, path),
    ...said,
  };
}

function bare(shape: Shape, place: SchemaPlace, path: string): JsonSchema {
  switch (shape.kind) {
    case "string":
      return stringSchema(shape, place, path);
    case "number":
      return numberSchema(shape);
    case "boolean":
      return { type: "boolean" };
    case "literal":
      return shape.values.length === 1 ? { const: shape.values[0] } : { enum: shape.values };
    case "enum":
      return shape.open && place.role === "reader"
        ? openEnumSchema(shape.values)
        : { type: "string", enum: shape.values };
    case "object":
      return objectSchema(shape, place, path);
    case "array":
      return {
        type: "array",
        items: shapeSchema(shape.items, place, `${path}[]`),
        ...(shape.min === undefined ? {} : { minItems: shape.min }),
        ...(shape.max === undefined ? {} : { maxItems: shape.max }),
      };
    case "record":
      return {
        type: "object",
        propertyNames: place.refer("key"),
        additionalProperties: shapeSchema(shape.values, place, `${path}.*`),
      };
    case "json":
      return place.refer("plain_json_1");
    case "choice":
      return choiceSchema(shape, place, path);
    case "either":
      return { anyOf: shape.options.map((option) => shapeSchema(option, place, path)) };
    case "nullable":
      return { anyOf: [shapeSchema(shape.inner, place, path), { type: "null" }] };
  }
}

function stringSchema(shape: StringShape, place: SchemaPlace, path: string): JsonSchema {
  const length = unexpressedLength(shape);
  if (length !== undefined) place.leaveOut({ path, rule: length });
  const patterns = (shape.patterns ?? []).flatMap((pattern) => {
    const why = unexpressedPattern(pattern);
    if (why !== undefined) place.leaveOut({ path, rule: why });
    return why === undefined ? [pattern.source] : [];
  });
  if (shape.timestamp) patterns.unshift(timestampPattern.source);
  // A pair of surrogates is two units and one code point: the widest bounds that refuse nothing valid.
  const least = Math.max(shape.points?.[0] ?? 0, Math.ceil((shape.min ?? 0) / 2));
  const most = Math.min(shape.points?.[1] ?? Infinity, shape.max ?? Infinity);
  return {
    type: "string",
    ...(least > 0 ? { minLength: least } : {}),
    ...(most < Infinity ? { maxLength: most } : {}),
    ...(patterns.length === 1 ? { pattern: patterns[0] } : {}),
    ...(patterns.length > 1 ? { allOf: patterns.map((pattern) => ({ pattern })) } : {}),
  };
}

function numberSchema(shape: NumberShape): JsonSchema {
  const min = shape.integer ? Math.max(shape.min ?? -Infinity, Number.MIN_SAFE_INTEGER) : shape.min;
  const max = shape.integer ? Math.min(shape.max ?? Infinity, Number.MAX_SAFE_INTEGER) : shape.max;
  return {
    type: shape.integer ? "integer" : "number",
    ...(min === undefined ? {} : { minimum: min }),
    ...(shape.above === undefined ? {} : { exclusiveMinimum: shape.above }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(shape.below === undefined ? {} : { exclusiveMaximum: shape.below }),
  };
}

function openEnumSchema(values: readonly string[]): JsonSchema {
  const text = { type: "string", maxLength: OPEN_ENUM_LENGTH };
  const long = values.some((value) => codePoints(value) > OPEN_ENUM_LENGTH);
  return long ? { anyOf: [{ enum: values }, text] } : { ...text, "x-known-values": values };
}

function objectSchema(shape: ObjectShape, place: SchemaPlace, path: string): JsonSchema {
  const required = shape.fields.filter((field) => !field.optional).map((field) => field.name);
  const closed = !shape.open && place.role === "writer";
  return {
    type: "object",
    properties: Object.fromEntries(
      shape.fields.map((field) => [
        field.name,
        fieldSchema(field, place, path === "" ? field.name : `${path}.${field.name}`),
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
    ...(closed ? {} : { propertyNames: place.refer("key") }),
    additionalProperties: closed ? false : place.refer(shape.open ? "plain_json_2" : "no_proto_key"),
  };
}

function fieldSchema(field: FieldShape, place: SchemaPlace, path: string): JsonSchema {
  const schema = shapeSchema(field.shape, place, path);
  if (!field.nullish) return schema;
  if (place.role === "writer") {
    // A writer leaves such a field out, whatever its value may be elsewhere.
    return explain(field.shape, null, "writer") ? schema : { ...schema, not: { type: "null" } };
  }
  const { title: _, description, ...rest } = schema;
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, { type: "null" }] };
}

function choiceSchema(shape: ChoiceShape, place: SchemaPlace, path: string): JsonSchema {
  return { type: "object", anyOf: shape.options.map((option) => shapeSchema(option, place, path)) };
}

const scalars = { type: ["string", "number", "boolean", "null"] };

/** The definitions that schemas share: keys that are allowed, values without `__proto__`, plain JSON level by level. */
export function sharedDefinition(name: string, refer: (name: string) => JsonSchema): JsonSchema {
  if (name === "key") return { not: { const: "__proto__" } };
  if (name === "no_proto_key") {
    const within = refer("no_proto_key");
    return { propertyNames: refer("key"), additionalProperties: within, items: within };
  }
  const level = Number(name.slice("plain_json_".length));
  if (level > JSON_DEPTH) return scalars;
  const within = refer(`plain_json_${level + 1}`);
  return {
    type: [...scalars.type, "array", "object"],
    items: within,
    propertyNames: refer("key"),
    additionalProperties: within,
  };
}
