/**
 * The part of a zod 4 schema that a contract reads. Said by its structure, so that this package names zod nowhere in
 * the types of a program that does not use it.
 */
export interface Schema<TOutput = unknown, TInput = unknown> {
  readonly _zod: { readonly def: { readonly type: string }; readonly output: TOutput; readonly input: TInput };
}

/** A schema of one JSON object. */
export type ObjectSchema = Schema<object, object>;

/** What a reader gets. */
export type OutputOf<TSchema> = TSchema extends { readonly _zod: { readonly output: infer TOutput } } ? TOutput : never;

/** What a writer gives: an absent value is left out, since `null` is refused from a writer of an optional field. */
export type InputOf<TSchema> = TSchema extends { readonly _zod: { readonly input: infer TInput } }
  ? Written<TInput>
  : never;

type Written<TValue> = TValue extends readonly (infer TItem)[]
  ? readonly Written<TItem>[]
  : TValue extends object
    ? keyof TValue extends never
      ? TValue
      : {
          [TKey in keyof TValue]: undefined extends TValue[TKey]
            ? Written<Exclude<TValue[TKey], null>>
            : Written<TValue[TKey]>;
        }
    : TValue;

// The mark sits in the definition, which `.describe()`, `.min()` and the like carry over to the schema they return.
const mark = Symbol.for("@gestaloka/events.mark");

/** What a marked schema means beyond what zod says. */
export type Mark = "open_enum" | "json_object" | "json";

// A copy is marked: the schema itself may stand elsewhere, as what it is. Zod shares definitions, so the copy has its own.
function marked(schema: Schema, meaning: Mark): Schema {
  const def = (schema as Partial<Schema> | undefined)?._zod?.def;
  // What is no schema of zod 4 is refused where it stands, with its path.
  if (!def) return schema;
  const own = Object.defineProperties({}, Object.getOwnPropertyDescriptors(def));
  return (schema as CopiedSchema).clone(Object.assign(own, { [mark]: meaning }), { parent: true });
}

interface CopiedSchema extends Schema {
  clone(def: object, params: { readonly parent: true }): Schema;
}

/** Reads the mark of a schema. */
export function markOf(schema: Schema): Mark | undefined {
  return (schema._zod.def as { [mark]?: Mark })[mark];
}

/** What `.meta()` and `.describe()` said of a schema; of a marked one also what was said before it was marked, its id included. */
export function metaOf(schema: Schema): Readonly<Record<string, unknown>> {
  const { parent } = schema._zod as { readonly parent?: Schema };
  const isCopy = parent !== undefined && markOf(schema) !== undefined && markOf(parent) === undefined;
  const own = (schema as { meta?: () => Readonly<Record<string, unknown>> | undefined }).meta?.();
  return { ...(isCopy ? metaOf(parent) : {}), ...own };
}

/** `TSchema` with another type for what is read and written, which its wrappers and descriptions keep. */
export type Retyped<TSchema extends Schema, TOutput, TInput> = Omit<
  TSchema,
  "_zod" | Bound | keyof Wrappers<TSchema, TOutput, TInput>
> &
  Wrappers<TSchema, TOutput, TInput> &
  Bounds<TSchema, TOutput, TInput> & {
    readonly _zod: Omit<TSchema["_zod"], "output" | "input"> & { readonly output: TOutput; readonly input: TInput };
  };

interface Wrappers<TSchema extends Schema, TOutput, TInput> {
  describe(description: string): Retyped<TSchema, TOutput, TInput>;
  meta(): Readonly<Record<string, unknown>> | undefined;
  meta(data: Readonly<Record<string, unknown>>): Retyped<TSchema, TOutput, TInput>;
  optional(): Wrapped<TSchema, "optional", TOutput | undefined, TInput | undefined>;
  nullable(): Wrapped<TSchema, "nullable", TOutput | null, TInput | null>;
  nullish(): Wrapped<TSchema, "nullish", TOutput | null | undefined, TInput | null | undefined>;
  array(): Wrapped<TSchema, "array", TOutput[], TInput[]>;
}

// What a list of them is bounded by, which zod types as returning the list that it knows.
type Bound = "min" | "max" | "length" | "nonempty";
type Bounds<TSchema extends Schema, TOutput, TInput> = {
  [TKey in keyof TSchema & Bound]: TSchema[TKey] extends (...args: infer TArgs) => unknown
    ? (...args: TArgs) => Retyped<TSchema, TOutput, TInput>
    : never;
};

type Wrapped<TSchema, TMethod extends string, TOutput, TInput> = TSchema extends {
  readonly [TKey in TMethod]: () => infer TWrapper extends Schema;
}
  ? Retyped<TWrapper, TOutput, TInput>
  : never;

/**
 * Marks an enum as open: a writer sends members only, a reader takes any text of up to 64 code points, so that a
 * member can be added without breaking clients that linger. Returns a marked copy.
 */
export function openEnum<TSchema extends Schema<string, string>>(
  schema: TSchema,
): Retyped<TSchema, OutputOf<TSchema> | (string & {}), OutputOf<TSchema>> {
  return marked(schema, "open_enum") as never;
}

/**
 * Marks a `z.looseObject({ known fields })` as an open JSON object: further keys are the application's own, plain JSON
 * to depth 32 with finite numbers. Returns a marked copy.
 */
export function jsonObject<TSchema extends ObjectSchema>(
  schema: TSchema,
): Retyped<
  TSchema,
  OutputOf<TSchema>,
  string extends keyof OutputOf<TSchema> ? OpenInput<TSchema["_zod"]["input"]> : OutputOf<TSchema>
> {
  return marked(schema, "json_object") as never;
}

// A literal may have further keys, and an application's interface is not assignable to an index signature.
type OpenInput<TObject> = keyof KnownOf<TObject> extends never ? object : TObject | KnownOf<TObject>;
type KnownOf<TObject> = { [TKey in keyof TObject as string extends TKey ? never : TKey]: TObject[TKey] };

/** Marks `z.json()` or `z.unknown()` as any plain JSON value to depth 32 with finite numbers. Returns a marked copy. */
export function jsonValue<TSchema extends Schema>(schema: TSchema): Retyped<TSchema, unknown, unknown> {
  return marked(schema, "json") as never;
}
