import { advice } from "./advice.js";
import { addLength, type LengthBounds } from "./length-bounds.js";
import { literalValue, numberShape, stringShape } from "./scalar-shape.js";
import { type Mark, markOf, metaOf, type ObjectSchema, type Schema } from "./schema.js";
import {
  type ChoiceShape,
  discriminators,
  type FieldShape,
  jsonKindsOf,
  type ObjectShape,
  type PayloadShape,
  type Shape,
} from "./shape.js";
import { checksOf, foreignCheck, noChecks, type Place, unsupported, type ZodDef, zodDefOf } from "./zod-def.js";

/**
 * Reads a zod schema as the shape of a payload, or of a command's acknowledgement.
 *
 * @throws {ContractError} `schema_unsupported`, with the path and what to write instead, for a schema that changes what
 * it checks, or that cannot be said in JSON, compiled and exported.
 */
export function toPayloadShape(schema: ObjectSchema, event: string, part: Place["part"] = "payload"): PayloadShape {
  const place: Place = { event, part, path: "", around: [] };
  const shape = toShape(schema, place);
  if (shape.kind === "object" || shape.kind === "choice") return shape;
  throw unsupported(place, shape.kind, "write z.object({…}): an event carries one JSON object");
}

// Deeper than anybody writes: a getter that makes its schema anew each time has no end, and no definition twice.
const DEEPEST = 64;

function toShape(schema: Schema, place: Place): Shape {
  const def = zodDefOf(schema, place);
  if (place.around.includes(def) || place.around.length > DEEPEST) {
    throw unsupported(place, "recursion", advice.lazy as string);
  }
  return { ...bare(schema, def, { ...place, around: [...place.around, def] }), ...described(schema) };
}

function described(schema: Schema): { description?: string; name?: string } {
  const { description, id } = metaOf(schema);
  return {
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof id === "string" ? { name: id } : {}),
  };
}

function bare(schema: Schema, def: ZodDef, place: Place): Shape {
  const mark = markOf(schema);
  if (def.coerce) throw unsupported(place, `coerced ${def.type}`, "check the value as it is on the wire");
  if (mark !== undefined) checkMark(mark, def, place);
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
      noChecks(def, place);
      if (!def.values?.length) throw unsupported(place, "a literal without values", "give its values");
      return { kind: "literal", values: [...new Set(def.values.map((value) => literalValue(value, place)))] };
    case "enum": {
      noChecks(def, place);
      // A TypeScript enum may give one value two names.
      const values = [...new Set(Object.values(def.entries ?? {}))];
      if (values.length === 0) throw unsupported(place, "an enum without members", "name its members");
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
      noChecks(def, place);
      return { kind: "nullable", inner: toShape(inner(def), place) };
    case "optional":
      throw unsupported(place, "optional", "only a field of an object can be absent: write .optional() on it, last");
    default:
      throw unsupported(place, def.type, advice[def.type] ?? "use the kinds that docs/contract.md lists");
  }
}

// A mark where it means nothing would be believed by nobody but its author.
function checkMark(mark: Mark, def: ZodDef, place: Place): void {
  const right = { open_enum: def.type === "enum", json_object: def.type === "object", json: isAnyJson(def) }[mark];
  const { name, instead } = marks[mark];
  if (!right) throw unsupported(place, `${name} of a ${def.type}`, `write ${instead}`);
  if (mark === "json") noChecks(def, place);
}

const marks: Record<Mark, { readonly name: string; readonly instead: string }> = {
  open_enum: { name: "openEnum", instead: "openEnum(z.enum([…])), with .optional() and the like outside" },
  json_object: { name: "jsonObject", instead: "jsonObject(z.looseObject({…})), with .optional() and the like outside" },
  json: { name: "jsonValue", instead: "jsonValue(z.json()), with .optional() and the like outside" },
};

// What z.json() makes: each kind of JSON, whole, and inside of lists and objects the same again.
function isAnyJson(def: ZodDef): boolean {
  if (def.type !== "lazy") return def.type === "unknown" || def.type === "any";
  const union = def.getter?.()._zod.def as ZodDef | undefined;
  const options = (union?.type === "union" ? (union.options ?? []) : []).map(({ _zod }) => _zod.def as ZodDef);
  const isWhole = ({ check, checks = [], coerce, keyType, element, valueType = element }: ZodDef): boolean =>
    check === undefined &&
    checks.length === 0 &&
    !coerce &&
    (keyType === undefined || (keyType._zod.def.type === "string" && isWhole(keyType._zod.def))) &&
    (valueType === undefined || (valueType._zod.def as ZodDef).getter === def.getter);
  const kinds = options.filter(isWhole).map(({ type }) => type);
  return kinds.sort().join() === "array,boolean,null,number,record,string";
}

function inner(def: ZodDef): Schema {
  return def.innerType as Schema;
}

function objectShape(def: ZodDef, marked: boolean, place: Place): ObjectShape {
  noChecks(def, place);
  const catchall = (def.catchall?._zod.def as ZodDef | undefined)?.type;
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
  const here = { ...place, path: place.path === "" ? name : `${place.path}.${name}` };
  if (name === "__proto__") throw unsupported(here, "a field called __proto__", "choose another name");
  const def = zodDefOf(schema, here);
  if (def.type !== "optional" || markOf(schema) !== undefined) {
    return { name, shape: toShape(schema, here), optional: false, nullish: false };
  }
  noChecks(def, here);
  if ((schema._zod as { traits?: ReadonlySet<string> }).traits?.has("$ZodExactOptional")) {
    throw unsupported(here, "exactOptional", "write .optional(): JSON does not tell undefined from absent");
  }
  const nested = inner(def);
  const nestedDef = nested._zod.def as ZodDef;
  // What .partial() makes of a field that was optional before.
  if (nestedDef.type === "optional") {
    const field = fieldShape(name, nested, place);
    return { ...field, shape: { ...field.shape, ...described(schema) } };
  }
  const nullish = nestedDef.type === "nullable" && markOf(nested) === undefined;
  if (nullish) noChecks(nestedDef, here);
  const shape = toShape(nullish ? inner(nestedDef) : nested, here);
  return { name, shape: { ...shape, ...described(schema) }, optional: true, nullish };
}

function arrayShape(def: ZodDef, place: Place): Shape {
  const length: LengthBounds = {};
  for (const check of checksOf(def, place)) if (!addLength(length, check)) throw foreignCheck(check, place);
  const items = toShape(def.element as Schema, { ...place, path: `${place.path}[]` });
  return { kind: "array", items, ...length };
}

function recordShape(def: ZodDef, place: Place): Shape {
  noChecks(def, place);
  const key = def.keyType?._zod.def as ZodDef;
  if (key.type !== "string" || key.check !== undefined || checksOf(key, place).length > 0) {
    throw unsupported(place, "a record with checked keys", "write z.record(z.string(), …), or name the fields");
  }
  return { kind: "record", values: toShape(def.valueType as Schema, { ...place, path: `${place.path}.*` }) };
}

function choiceShape(def: ZodDef, discriminator: string, place: Place): Shape {
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
  const choice: ChoiceShape = { kind: "choice", discriminator, options };
  const told = discriminators(choice);
  const twice = told.find((value, i) => told.indexOf(value) !== i);
  if (twice !== undefined) {
    throw unsupported(place, `a union with two options for ${discriminator} "${twice}"`, "give each option its own");
  }
  return choice;
}

function eitherShape(def: ZodDef, place: Place): Shape {
  const options = (def.options ?? []).map((option) => toShape(option, place));
  const seen = new Set<string>();
  for (const option of options) {
    for (const jsonKind of jsonKindsOf(option)) {
      // Beside an object, null is said by .nullable().
      const kind = jsonKind === "null" ? "object" : jsonKind;
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
