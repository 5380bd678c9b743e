import * as fc from "fast-check";
import type { ArrayShape, FieldShape, NumberShape, ObjectShape, Shape } from "../contract/shape.js";
import { textArbitrary } from "./text-arbitrary.js";

// How many elements and further keys a value has beyond the least.
const spare = 3;
// Sums and differences of a handful of integers stay exact; a field that takes none so small has what it takes.
const largest = 2 ** 50;

/** Values of a shape, as a writer may give them. Plain JSON all of them, without -0, which JSON does not keep. */
export function shapeArbitrary(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "string":
      return textArbitrary(shape);
    case "number":
      return numberArbitrary(shape);
    case "boolean":
      return fc.boolean();
    case "literal":
    case "enum":
      return fc.constantFrom<unknown>(...shape.values);
    case "object":
      return objectArbitrary(shape);
    case "array":
      return arrayArbitrary(shape);
    case "record":
      return dictionary(shapeArbitrary(shape.values));
    case "json":
      return jsonArbitrary();
    case "choice":
    case "either":
      return fc.oneof(...shape.options.map(shapeArbitrary));
    case "nullable":
      return fc.option(shapeArbitrary(shape.inner), { nil: null });
  }
}

function numberArbitrary({ integer, min, max, above, below }: NumberShape): fc.Arbitrary<number> {
  const far = integer ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE;
  const lower = Math.max(min ?? -far, above ?? -far);
  const upper = Math.min(max ?? far, below ?? far);
  const least = upper > -largest ? Math.max(lower, -largest) : lower;
  const most = lower < largest ? Math.min(upper, largest) : upper;
  const [minExcluded, maxExcluded] = [least === above, most === below];
  // To fast-check -0 is below 0, and so within a range that ends before it.
  if (!integer)
    return fc
      .double({ min: least, max: most, minExcluded, maxExcluded, noNaN: true })
      .filter((number) => !Object.is(number, -0));
  return fc.integer({
    min: minExcluded ? Math.floor(least) + 1 : Math.ceil(least),
    max: maxExcluded ? Math.ceil(most) - 1 : Math.floor(most),
  });
}

function arrayArbitrary({ items, min = 0, max = Infinity }: ArrayShape): fc.Arbitrary<unknown[]> {
  return fc.array(shapeArbitrary(items), { minLength: min, maxLength: Math.min(max, min + spare) });
}

function objectArbitrary({ fields, open }: ObjectShape): fc.Arbitrary<Record<string, unknown>> {
  const known = fc.record(Object.fromEntries(fields.map((field) => [field.name, fieldArbitrary(field)])), {
    requiredKeys: fields.filter(({ optional }) => !optional).map(({ name }) => name),
    noNullPrototype: true,
  });
  if (!open) return known;
  const names = new Set(fields.map(({ name }) => name));
  const further = dictionary(jsonArbitrary(), (key) => !names.has(key));
  return fc.tuple(further, known).map(([extra, own]) => ({ ...extra, ...own }));
}

function fieldArbitrary({ shape, nullish }: FieldShape): fc.Arbitrary<unknown> {
  const values = shapeArbitrary(shape);
  // A writer leaves the field out instead.
  return nullish ? values.filter((value) => value !== null) : values;
}

function dictionary(
  values: fc.Arbitrary<unknown>,
  admits: (key: string) => boolean = () => true,
): fc.Arbitrary<Record<string, unknown>> {
  // A key of this name would be the object's prototype to many a reader, so no payload has one.
  const keys = fc.string().filter((key) => key !== "__proto__" && admits(key));
  return fc.dictionary(keys, values, { maxKeys: spare, noNullPrototype: true });
}

function jsonArbitrary(): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    scalar: fc.oneof(fc.constant(null), fc.boolean(), fc.string(), numberArbitrary({ kind: "number", integer: false })),
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      tie("scalar"),
      fc.array(tie("value"), { maxLength: spare }),
      dictionary(tie("value")),
    ),
  })).value;
}
