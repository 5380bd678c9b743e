/**
 * What a payload looks like, as plain data: the one form that checkers, the compiler, exports and `diff` read.
 *
 * A shape is made from a zod schema by `toShape`; it can be written as JSON and read back.
 */
export type Shape =
  | StringShape
  | NumberShape
  | BooleanShape
  | LiteralShape
  | EnumShape
  | ObjectShape
  | ArrayShape
  | RecordShape
  | JsonShape
  | ChoiceShape
  | EitherShape
  | NullableShape;

/** What every shape may carry for readers of documents: a summary, and a name for a type that stands alone. */
export interface Described {
  readonly description?: string;
  readonly name?: string;
}

/** A text. `min` and `max` count UTF-16 units, `points` Unicode code points, both inclusive. */
export interface StringShape extends Described {
  readonly kind: "string";
  readonly min?: number;
  readonly max?: number;
  readonly points?: readonly [min: number, max: number];
  /** All of them must match; `timestamp` is apart, since every target has a better form for it. */
  readonly patterns?: readonly PatternShape[];
  readonly timestamp?: true;
}

/** A regular expression; `format` is zod's name for it where it has one. */
export interface PatternShape {
  readonly source: string;
  readonly flags: string;
  readonly format?: string;
}

/** A finite number, or a safe integer. `above` and `below` are the exclusive bounds. */
export interface NumberShape extends Described {
  readonly kind: "number";
  readonly integer: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}

export interface BooleanShape extends Described {
  readonly kind: "boolean";
}

/** Exactly one of these values. */
export interface LiteralShape extends Described {
  readonly kind: "literal";
  readonly values: readonly (string | number | boolean | null)[];
}

/** A member; where `open`, a reader takes any text of up to 64 code points. */
export interface EnumShape extends Described {
  readonly kind: "enum";
  readonly values: readonly string[];
  readonly open: boolean;
}

/** Named fields. Where `open`, further keys are plain JSON; else a writer has no further key and a reader ignores them. */
export interface ObjectShape extends Described {
  readonly kind: "object";
  readonly fields: readonly FieldShape[];
  readonly open: boolean;
}

/** One field. Where `nullish`, a reader takes `null` for absent; a writer leaves the field out. */
export interface FieldShape {
  readonly name: string;
  readonly shape: Shape;
  readonly optional: boolean;
  readonly nullish: boolean;
}

export interface ArrayShape extends Described {
  readonly kind: "array";
  readonly items: Shape;
  readonly min?: number;
  readonly max?: number;
}

/** An object whose keys are data, every value of one shape. */
export interface RecordShape extends Described {
  readonly kind: "record";
  readonly values: Shape;
}

/** Any plain JSON value. */
export interface JsonShape extends Described {
  readonly kind: "json";
}

/** Objects told apart by a literal field. The set is closed for both ends. */
export interface ChoiceShape extends Described {
  readonly kind: "choice";
  readonly discriminator: string;
  readonly options: readonly ObjectShape[];
}

/** Values told apart by their JSON kind: at most one option each of string, number, boolean, array and object. */
export interface EitherShape extends Described {
  readonly kind: "either";
  readonly options: readonly Shape[];
}

export interface NullableShape extends Described {
  readonly kind: "nullable";
  readonly inner: Shape;
}

/** How deep plain JSON may nest: the open object itself is level 1. */
export const JSON_DEPTH = 32;

/** How long an unknown member of an open enum may be, in code points. */
export const OPEN_ENUM_LENGTH = 64;

/** The shape of one payload: an object, or a choice of objects. */
export type PayloadShape = ObjectShape | ChoiceShape;

/** The objects that a payload may be: itself, or the options of a choice. */
export function objectsOf(payload: PayloadShape): readonly ObjectShape[] {
  return payload.kind === "object" ? [payload] : payload.options;
}

/** The names of a payload's fields, over all its options. */
export function fieldNames(shape: PayloadShape): Set<string> {
  return new Set(objectsOf(shape).flatMap((option) => option.fields.map((field) => field.name)));
}

/** The values by which the options of a choice are told apart, in order. */
export function discriminators(choice: ChoiceShape): string[] {
  return choice.options.flatMap((option) => discriminatorsOf(choice, option));
}

/** The values of the discriminator that lead to one option. */
export function discriminatorsOf(choice: ChoiceShape, option: ObjectShape): string[] {
  const field = option.fields.find((candidate) => candidate.name === choice.discriminator);
  return field?.shape.kind === "literal" ? field.shape.values.map(String) : [];
}

/** The kinds of JSON that a shape's values are of, as an `either` tells its options apart. */
export function jsonKindsOf(shape: Shape): string[] {
  switch (shape.kind) {
    case "literal":
      return [...new Set(shape.values.map((value) => (value === null ? "null" : typeof value)))];
    case "enum":
      return ["string"];
    case "record":
    case "choice":
      return ["object"];
    default:
      return [shape.kind];
  }
}

/** A shape, or a list of them, without the words that people read: two that are alike then are judged alike. */
export function wordless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wordless);
  if (typeof value !== "object" || value === null) return value;
  const isShape = typeof (value as { kind?: unknown }).kind === "string";
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !(isShape && (key === "description" || key === "name")))
      .map(([key, held]) => [key, wordless(held)]),
  );
}
