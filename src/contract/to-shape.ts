import { ContractError } from "./errors.js";
import { markOf, type ObjectSchema, type Schema } from "./schema.js";
import type { FieldShape, NumberShape, ObjectShape, PatternShape, PayloadShape, Shape, StringShape } from "./shape.js";
import { textBounds } from "./text.js";
import { timestampPattern } from "./timestamp.js";

// What this file reads of zod's `_zod.def`, for every kind of schema it knows.
interface Definition {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDefinition } }[];
  readonly coerce?: boolean;
  readonly check?: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly element?: Schema;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
}

interface CheckDefinition {
  readonly check: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly length?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly format?: string;
  readonly pattern?: RegExp;
}

const advice: Record<string, string> = {
  date: "write z.string().regex(timestampPattern): JSON has no dates",
  bigint: "write z.int(), or a decimal string: JSON has no bigints",
  map: "write z.record(z.string(), …) or an array: JSON has no maps",
  set: "write z.array(…): JSON has no sets",
  any: "say what it holds, or mark it: jsonValue(z.json()), jsonObject(z.looseObject({}))",
  unknown: "say what it holds, or mark it: jsonValue(z.json()), jsonObject(z.looseObject({}))",
  lazy: "mark any JSON as jsonValue(z.json()), or flatten the recursion: a recursive payload has no bound",
  default: "leave it .optional() and let `derive` or the application fill it: a default changes what was sent",
  prefault: "leave it .optional() and let `derive` or the application fill it: a default changes what was sent",
  catch: "remove it, and say with openEnum(…) or .optional() what may differ: a catch hides what was sent",
  pipe: "check the value as it is on the wire and convert it in the application: a transform changes what was sent",
  transform:
    "check the value as it is on the wire and convert it in the application: a transform changes what was sent",
  undefined: "write .optional()",
  void: "write .optional()",
  null: "write .nullable() on what stands beside null",
  nan: "write z.number(): NaN is not JSON",
  tuple: "write z.object({…}) with named fields: tuples cannot grow",
  intersection: "write one z.object({ ...a.shape, ...b.shape })",
  symbol: "write z.string() or z.enum([…])",
  file: "send a reference to the file as z.string()",
  readonly: "remove it: what is checked is not copied, so it is not frozen",
  nonoptional: "remove it, and write the field without .optional()",
  template_literal: "write z.string().max(…).regex(…)",
  custom: "write a schema of plain JSON: custom checks cannot be compiled or exported",
};

// zod's formats that are one linear pattern and nothing else.
const patternFormats = new Set(["uuid", "guid", "ulid", "nanoid", "cuid2", "date", "time", "datetime"]);

/**
 * Reads a zod schema as a payload's shape.
 *
 * @throws {ContractError} `schema_unsupported`, with the path and what to write instead, for a schema that changes what
 * it checks, or that cannot be said in JSON, compiled and exported.
 */
export function toPayloadShape(schema: ObjectSchema, event: string): PayloadShape {
  const shape = toShape(schema, { event, path: "" });
  if (shape.kind === "object" || shape.kind === "choice") return shape;
  throw unsupported({ event, path: "" }, shape.kind, "write z.object({…}): an event carries one JSON object");
}

interface Place {
  readonly event: string;
  readonly path: string;
}

function unsupported({ event, path }: Place, what: string, instead: string): ContractError {
  const where = path === "" ? "payload" : `payload.${path}`;
  return new ContractError("schema_unsupported", `${where}: ${what} is not wire-stable; ${instead}`, { event });
}

function toShape(schema: Schema, place: Place): Shape {
  return { ...bare(schema, place), ...described(schema) };
}

function described(schema: Schema): { description?: string; name?: string } {
  const meta = (schema as { meta?: () => { id?: unknown; description?: unknown } | undefined }).meta?.();
  return {
    ...(typeof meta?.description === "string" ? { description: meta.description } : {}),
    ...(typeof meta?.id === "string" ? { name: meta.id } : {}),
  };
}

function bare(schema: Schema, place: Place): Shape {
  const def = schema._zod.def as Definition;
  const mark = markOf(schema);
  if (def.coerce) throw unsupported(place, `coerced ${def.type}`, "check the value as it is on the wire");
  if (mark === "json") return { kind: "json" };
  switch (def.type) {
    case "string":
      return stringShape(def, place);
    case "number":
      return numberShape(def, place);
    case "boolean":
      noChecks(def, place);
      return { kind: "boolean" };
    case "literal":
      return { kind: "literal", values: (def.values ?? []).map((value) => literalValue(value, place)) };
    case "enum": {
      noChecks(def, place);
      const values = Object.values(def.entries ?? {});
      if (!values.every((value) => typeof value === "string")) {
        throw unsupported(place, "an enum of numbers", "write z.literal([1, 2, …]) or name the members");
      }
      return { kind: "enum", values, open: mark === "open_enum" };
    }
    case "object":
      return objectShape(def, mark === "json_object", place);
    case "array":
      return arrayShape(def, place);
    case "record":
      return recordShape(def, place);
    case "union":
      noChecks(def, place);
      return def.discriminator === undefined ? eitherShape(def, place) : choiceShape(def, def.discriminator, place);
    case "nullable":
      return { kind: "nullable", inner: toShape(inner(def), place) };
    case "optional":
      throw unsupported(place, "optional", "only a field of an object can be absent");
    default:
      throw unsupported(place, def.type, advice[def.type] ?? "use the kinds that docs/contract.md lists");
  }
}

function inner(def: Definition): Schema {
  return def.innerType as Schema;
}

function checksOf(def: Definition): CheckDefinition[] {
  return (def.checks ?? []).map((check) => check._zod.def);
}

function noChecks(def: Definition, place: Place): void {
  for (const check of checksOf(def)) throw foreignCheck(check, place);
}

function foreignCheck(check: CheckDefinition, place: Place): ContractError {
  if (check.check === "overwrite") {
    return unsupported(place, "a check that overwrites (trim, toLowerCase, …)", "normalise before sending");
  }
  return unsupported(
    place,
    `the check "${check.check}"`,
    "say it with bounds, a pattern, literals or `derive`: others cannot be compiled and exported",
  );
}

function stringShape(def: Definition, place: Place): StringShape {
  let min: number | undefined;
  let max: number | undefined;
  let points: readonly [number, number] | undefined;
  let timestamp = false;
  const patterns: PatternShape[] = [];
  const formats = def.check === "string_format" ? [def as CheckDefinition, ...checksOf(def)] : checksOf(def);
  for (const check of formats) {
    if (check.check === "min_length") min = Math.max(min ?? 0, check.minimum ?? 0);
    else if (check.check === "max_length") max = Math.min(max ?? Infinity, check.maximum ?? Infinity);
    else if (check.check === "length_equals") min = max = check.length;
    else if (check.check === "string_format" && check.format === "regex" && check.pattern) {
      const bounds = textBounds(check.pattern);
      if (bounds) points = points ? [Math.max(points[0], bounds[0]), Math.min(points[1], bounds[1])] : bounds;
      else if (check.pattern.source === timestampPattern.source && check.pattern.flags === "") timestamp = true;
      else patterns.push(patternShape(check.pattern, place));
    } else if (check.check === "string_format" && check.pattern && patternFormats.has(check.format ?? "")) {
      patterns.push({ ...patternShape(check.pattern, place), format: check.format ?? "" });
    } else throw foreignCheck(check.check === "string_format" ? { check: check.format ?? "format" } : check, place);
  }
  if (patterns.some((pattern) => pattern.format === undefined) && max === undefined && points === undefined) {
    throw unsupported(
      place,
      "a pattern without a length",
      "add .max(…) before it: a pattern must not meet a text of any length",
    );
  }
  return {
    kind: "string",
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
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

function numberShape(def: Definition, place: Place): NumberShape {
  let integer = false;
  let min: number | undefined;
  let max: number | undefined;
  let above: number | undefined;
  let below: number | undefined;
  const checks = def.check === "number_format" ? [def as CheckDefinition, ...checksOf(def)] : checksOf(def);
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

function literalValue(value: unknown, place: Place): string | number | boolean | null {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw unsupported(place, `a literal ${typeof value}`, "write a string, a finite number, a boolean or null");
}

function objectShape(def: Definition, marked: boolean, place: Place): ObjectShape {
  noChecks(def, place);
  const catchall = (def.catchall?._zod.def as Definition | undefined)?.type;
  if (catchall !== undefined && catchall !== "never" && !marked) {
    throw unsupported(
      place,
      "an object with a catch-all",
      "mark it: jsonObject(z.looseObject({…})), or name its fields",
    );
  }
  if (marked && catchall !== "unknown") {
    throw unsupported(place, "jsonObject of a closed object", "write jsonObject(z.looseObject({…}))");
  }
  const fields = Object.entries(def.shape ?? {}).map(([name, schema]) => fieldShape(name, schema, place));
  return { kind: "object", fields, open: marked };
}

function fieldShape(name: string, schema: Schema, place: Place): FieldShape {
  const here = { event: place.event, path: place.path === "" ? name : `${place.path}.${name}` };
  if (name === "__proto__") throw unsupported(here, "a field called __proto__", "choose another name");
  const def = schema._zod.def as Definition;
  if (def.type !== "optional") {
    return { name, shape: toShape(schema, here), optional: false, nullish: false };
  }
  const nested = inner(def);
  const nestedDef = nested._zod.def as Definition;
  const nullish = nestedDef.type === "nullable";
  const shape = toShape(nullish ? inner(nestedDef) : nested, here);
  return { name, shape: { ...shape, ...described(schema) }, optional: true, nullish };
}

function arrayShape(def: Definition, place: Place): Shape {
  let min: number | undefined;
  let max: number | undefined;
  for (const check of checksOf(def)) {
    if (check.check === "min_length") min = Math.max(min ?? 0, check.minimum ?? 0);
    else if (check.check === "max_length") max = Math.min(max ?? Infinity, check.maximum ?? Infinity);
    else if (check.check === "length_equals") min = max = check.length;
    else throw foreignCheck(check, place);
  }
  const items = toShape(def.element as Schema, { event: place.event, path: `${place.path}[]` });
  return { kind: "array", items, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function recordShape(def: Definition, place: Place): Shape {
  noChecks(def, place);
  const key = def.keyType?._zod.def as Definition;
  if (key.type !== "string" || key.check !== undefined || checksOf(key).length > 0) {
    throw unsupported(place, "a record with checked keys", "write z.record(z.string(), …), or name the fields");
  }
  return { kind: "record", values: toShape(def.valueType as Schema, { event: place.event, path: `${place.path}.*` }) };
}

function choiceShape(def: Definition, discriminator: string, place: Place): Shape {
  const options = (def.options ?? []).map((option) => {
    const shape = toShape(option, place);
    const field =
      shape.kind === "object" ? shape.fields.find((candidate) => candidate.name === discriminator) : undefined;
    const literal = field?.shape.kind === "literal" && field.shape.values.every((value) => typeof value === "string");
    if (shape.kind !== "object" || !literal || field.optional) {
      throw unsupported(
        place,
        `an option without a literal ${discriminator}`,
        `write ${discriminator}: z.literal("…") in each option`,
      );
    }
    return shape;
  });
  return { kind: "choice", discriminator, options };
}

const jsonKinds: Partial<Record<Shape["kind"], string>> = { enum: "string", record: "object", choice: "object" };

function eitherShape(def: Definition, place: Place): Shape {
  const options = (def.options ?? []).map((option) => toShape(option, place));
  const seen = new Set<string>();
  for (const option of options) {
    const kinds =
      option.kind === "literal"
        ? new Set(option.values.map((value) => typeof value as string))
        : [jsonKinds[option.kind] ?? option.kind];
    for (const kind of kinds) {
      if (seen.has(kind) || kind === "nullable" || kind === "json" || kind === "either") {
        throw unsupported(
          place,
          `a union in which two options may be a ${kind}`,
          "write z.enum, z.literal([…]) or z.discriminatedUnion: a value must tell its option",
        );
      }
      seen.add(kind);
    }
  }
  return { kind: "either", options };
}
