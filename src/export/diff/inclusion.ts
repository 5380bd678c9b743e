import { explain } from "../../contract/explain.js";
import {
  type ChoiceShape,
  discriminatorsOf,
  type FieldShape,
  JSON_DEPTH,
  jsonKindsOf,
  type ObjectShape,
  OPEN_ENUM_LENGTH,
  type RecordShape,
  type Shape,
  type StringShape,
} from "../../contract/shape.js";
import { shapeWords } from "../shape-words.js";
import { levels } from "./nesting.js";
import { lengthWithin, rangeWithin } from "./value-range.js";

/** Why a reader may refuse what a writer sends. */
export type Problem =
  | "type"
  | "null"
  | "enum"
  | "literal"
  | "option"
  | "missing"
  | "optional"
  | "claimed"
  | "depth"
  | "range"
  | "length"
  | "length_unknown"
  | "pattern"
  | "pattern_unknown";

/** A problem, where it is, and what it is about: a member, a variant, or what is sent and what is taken. */
export interface Refusal {
  readonly problem: Problem;
  readonly path: string;
  readonly about?: string;
}

/**
 * Finds every place where a value that a writer may send can be refused by a reader. Empty only if each one is
 * accepted: what cannot be told is found too.
 */
export function findRefusals(writer: Shape, reader: Shape, path = ""): Refusal[] {
  const values = finiteValues(writer);
  if (values) return findRefusedValues(writer, values, reader, path);
  if (writer.kind === "nullable") {
    const takesNull = explain(reader, null, "reader") === undefined;
    return [...(takesNull ? [] : refused("null", path)), ...findRefusals(writer.inner, reader, path)];
  }
  if (writer.kind === "either" || writer.kind === "choice") {
    return writer.options.flatMap((option) => findRefusals(option, reader, path));
  }
  if (reader.kind === "nullable") return findRefusals(writer, reader.inner, path);
  if (reader.kind === "either") {
    const [kind = ""] = jsonKindsOf(writer);
    const option = reader.options.find((candidate) => jsonKindsOf(candidate).includes(kind));
    return option ? findRefusals(writer, option, path) : unlike("type", path, writer, reader);
  }
  if (reader.kind === "json") return tooDeep(writer, 1, path);
  switch (writer.kind) {
    case "string":
      return findRefusedTexts(writer, reader, path);
    case "number":
      if (reader.kind !== "number" || (reader.integer && !writer.integer)) return unlike("type", path, writer, reader);
      return rangeWithin(writer, reader) ? [] : unlike("range", path, writer, reader);
    case "array": {
      if (reader.kind !== "array") return unlike("type", path, writer, reader);
      const fits = (writer.min ?? 0) >= (reader.min ?? 0) && (writer.max ?? Infinity) <= (reader.max ?? Infinity);
      const items = writer.max === 0 ? [] : findRefusals(writer.items, reader.items, `${path}[]`);
      return [...(fits ? [] : unlike("length", path, writer, reader)), ...items];
    }
    case "object":
      if (reader.kind === "object") return findRefusedFields(writer, reader, path);
      if (reader.kind === "choice") return findRefusedOptions(writer, reader, path);
      return reader.kind === "record" ? findRefusedEntries(writer, reader, path) : unlike("type", path, writer, reader);
    case "record":
      if (reader.kind === "record") return findRefusals(writer.values, reader.values, `${path}.*`);
      return reader.kind === "object" ? findRefusedKeys(writer, reader, path) : unlike("type", path, writer, reader);
    default:
      return unlike("type", path, writer, reader);
  }
}

/** Where the one does not fit into the other. */
function unlike(problem: Problem, path: string, writer: Shape, reader: Shape): Refusal[] {
  return refused(problem, path, `${shapeWords(writer)} → ${shapeWords(reader, "reader")}`);
}

function refused(problem: Problem, path: string, about?: string): Refusal[] {
  return [{ problem, path, ...(about === undefined ? {} : { about }) }];
}

/** The values of a shape that has few enough to try each. */
function finiteValues(shape: Shape): readonly unknown[] | undefined {
  if (shape.kind === "literal" || shape.kind === "enum") return shape.values;
  if (shape.kind === "boolean") return [true, false];
  const inner = shape.kind === "nullable" ? finiteValues(shape.inner) : undefined;
  return inner && [...inner, null];
}

function findRefusedValues(writer: Shape, values: readonly unknown[], reader: Shape, path: string): Refusal[] {
  const outside = values.filter((value) => explain(reader, value, "reader") !== undefined);
  if (outside.some((value) => value !== null) && (writer.kind === "boolean" || !takesTexts(reader))) {
    return unlike("type", path, writer, reader);
  }
  return outside.flatMap((value) => {
    if (value === null) return refused("null", path);
    return refused(writer.kind === "literal" ? "literal" : "enum", path, JSON.stringify(value));
  });
}

function takesTexts(shape: Shape): boolean {
  if (shape.kind === "nullable") return takesTexts(shape.inner);
  return ["string", "enum", "literal", "either"].includes(shape.kind);
}

function findRefusedTexts(writer: StringShape, reader: Shape, path: string): Refusal[] {
  if (reader.kind === "enum" && reader.open) {
    return lengthWithin(writer, { points: [0, OPEN_ENUM_LENGTH] })
      ? []
      : unlike(lengthProblem(writer), path, writer, reader);
  }
  if (reader.kind !== "string") return unlike("type", path, writer, reader);
  const hasPattern = writer.timestamp || (writer.patterns ?? []).length > 0;
  const unkept = (reader.patterns ?? []).filter(
    ({ source, flags }) => !(writer.patterns ?? []).some((kept) => kept.source === source && kept.flags === flags),
  );
  const wanted = unkept.length + (reader.timestamp && !writer.timestamp ? 1 : 0);
  return [
    ...(lengthWithin(writer, reader) ? [] : unlike(lengthProblem(writer), path, writer, reader)),
    ...(wanted === 0 ? [] : refused(hasPattern ? "pattern_unknown" : "pattern", path)),
  ];
}

// A pattern may bound a text where the writer's bounds do not.
function lengthProblem(writer: StringShape): Problem {
  return (writer.patterns ?? []).length > 0 ? "length_unknown" : "length";
}

const anyJson: Shape = { kind: "json" };

function findRefusedFields(writer: ObjectShape, reader: ObjectShape, path: string): Refusal[] {
  const declared = reader.fields.flatMap((field) => {
    const here = join(path, field.name);
    const sent = writer.fields.find((candidate) => candidate.name === field.name);
    if (sent) {
      const absent = sent.optional && !field.optional ? refused("optional", here) : [];
      return [...absent, ...findRefusals(sent.shape, read(field), here)];
    }
    if (!field.optional) return refused("missing", here);
    // Under a key that the writer leaves to the application, anything may stand.
    return writer.open && findRefusals(anyJson, read(field)).length > 0 ? refused("claimed", here) : [];
  });
  const undeclared = writer.fields.filter((sent) => !reader.fields.some((field) => field.name === sent.name));
  const further = reader.open ? undeclared.flatMap((sent) => tooDeep(sent.shape, 2, join(path, sent.name))) : [];
  return [...declared, ...further];
}

function findRefusedOptions(writer: ObjectShape, reader: ChoiceShape, path: string): Refusal[] {
  const here = join(path, reader.discriminator);
  const told = writer.fields.find((field) => field.name === reader.discriminator);
  if (!told) return refused("missing", here);
  const values = finiteValues(told.shape);
  if (!values?.every((value) => typeof value === "string")) return refused("type", here);
  const options = values.flatMap((value) => {
    const option = reader.options.find((candidate) => discriminatorsOf(reader, candidate).includes(value));
    if (!option) return refused("option", here, JSON.stringify(value));
    const fields = writer.fields.map((field) =>
      field === told ? { ...field, shape: { kind: "literal" as const, values: [value] } } : field,
    );
    return findRefusedFields({ ...writer, fields }, option, path);
  });
  return [...(told.optional ? refused("optional", here) : []), ...options];
}

function findRefusedEntries(writer: ObjectShape, reader: RecordShape, path: string): Refusal[] {
  const fields = writer.fields.flatMap((field) => findRefusals(field.shape, reader.values, join(path, field.name)));
  return writer.open ? [...fields, ...findRefusals(anyJson, reader.values, `${path}.*`)] : fields;
}

function findRefusedKeys(writer: RecordShape, reader: ObjectShape, path: string): Refusal[] {
  const fields = reader.fields.flatMap((field) => {
    const here = join(path, field.name);
    return field.optional ? findRefusals(writer.values, read(field), here) : refused("missing", here);
  });
  return reader.open ? [...fields, ...tooDeep(writer.values, 2, `${path}.*`)] : fields;
}

function tooDeep(writer: Shape, depth: number, path: string): Refusal[] {
  return levels(writer) + depth - 1 > JSON_DEPTH ? refused("depth", path) : [];
}

// What a reader takes for a field: null too, where it may be absent or null.
function read(field: FieldShape): Shape {
  return field.nullish ? { kind: "nullable", inner: field.shape } : field.shape;
}

/** The path of a field within an object. */
export function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
