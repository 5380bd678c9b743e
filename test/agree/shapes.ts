import type { ChoiceShape, FieldShape, ObjectShape, PayloadShape, Shape } from "../../src/contract/shape.js";
import type { Random } from "./random.js";
import { knownPatterns } from "./texts.js";

// One is the name of what every object inherits; two can be no names of fields in Python.
const names = ["id", "kind", "count", "text", "items", "extra", "note", "toString", "class", "copy"];
const members = ["red", "green", "blue", "😀", "x".repeat(70)];

/** A random payload shape of the kinds that a contract may say. */
export function randomPayloadShape(random: Random): PayloadShape {
  return random.chance(0.2) ? choice(random, 2) : object(random, 2);
}

/** A random shape that nests at most `depth` levels. */
export function randomShape(random: Random, depth: number): Shape {
  const kinds: readonly Shape["kind"][] =
    depth <= 0
      ? ["string", "number", "boolean", "literal", "enum", "json"]
      : [
          "string",
          "string",
          "number",
          "number",
          "boolean",
          "literal",
          "enum",
          "enum",
          "object",
          "object",
          "array",
          "record",
          "json",
          "choice",
          "either",
          "nullable",
        ];
  const kind = random.pick(kinds);
  switch (kind) {
    case "string":
      return string(random);
    case "number":
      return number(random);
    case "boolean":
    case "json":
      return { kind };
    case "literal":
      return { kind, values: some(random, ["a", "b", 1, 1.5, true, false, null]) };
    case "enum":
      return { kind, values: some(random, members), open: random.chance(0.5) };
    case "object":
      return object(random, depth - 1);
    case "array":
      return { kind, items: randomShape(random, depth - 1), ...bounds(random, 0, 3, "min", "max") };
    case "record":
      return { kind, values: randomShape(random, depth - 1) };
    case "choice":
      return choice(random, depth - 1);
    case "either":
      return {
        kind,
        options: some<Shape>(random, [
          string(random),
          number(random),
          { kind: "boolean" },
          { kind: "array", items: randomShape(random, 0) },
          object(random, depth - 1),
        ]),
      };
    case "nullable": {
      const inner = randomShape(random, depth - 1);
      return inner.kind === "nullable" ? inner : { kind, inner };
    }
  }
}

function string(random: Random): Shape {
  const form = random.int(0, 5);
  if (form === 0) return { kind: "string", timestamp: true };
  if (form === 1) return { kind: "string", patterns: [random.pick(knownPatterns).pattern], max: 20 };
  if (form === 2) return { kind: "string", ...bounds(random, 0, 6, "min", "max") };
  if (form === 3) return { kind: "string" };
  const least = random.int(0, 3);
  return { kind: "string", points: [least, least + random.int(0, 80)] };
}

function number(random: Random): Shape {
  return {
    kind: "number",
    integer: random.chance(0.5),
    ...bounds(random, -3, 5, random.pick(["min", "above"]), random.pick(["max", "below"])),
  };
}

// Bounds that leave something between them.
function bounds(random: Random, from: number, to: number, low: string, high: string): Record<string, number> {
  const least = random.int(from, to);
  return {
    ...(random.chance(0.5) ? { [low]: least } : {}),
    ...(random.chance(0.5) ? { [high]: Math.max(least, from) + random.int(2, 5) } : {}),
  };
}

function object(random: Random, depth: number): ObjectShape {
  const fields = some(random, names).map((name) => field(random, name, depth));
  return { kind: "object", fields: random.chance(0.1) ? [] : fields, open: random.chance(0.3) };
}

function field(random: Random, name: string, depth: number): FieldShape {
  const optional = random.chance(0.4);
  const shape = randomShape(random, depth);
  const nullish = optional && random.chance(0.5);
  return { name, shape: optional && shape.kind === "nullable" ? shape.inner : shape, optional, nullish };
}

function choice(random: Random, depth: number): ChoiceShape {
  const options = some(random, ["one", "two", "three"]).map((value): ObjectShape => {
    const told: FieldShape = {
      name: "kind",
      shape: { kind: "literal", values: [value] },
      optional: false,
      nullish: false,
    };
    const inner = object(random, depth);
    return { ...inner, fields: [told, ...inner.fields.filter(({ name }) => name !== "kind")] };
  });
  return { kind: "choice", discriminator: "kind", options };
}

/** One item at least, in their order. */
function some<TItem>(random: Random, items: readonly TItem[]): TItem[] {
  const kept = items.filter(() => random.chance(0.5));
  return kept.length > 0 ? kept : [random.pick(items)];
}

/** A shape with one thing about it changed, as a contract changes from version to version. */
export function changedShape(shape: Shape, random: Random): Shape {
  if (random.chance(0.15))
    return random.chance(0.5)
      ? randomShape(random, 1)
      : { kind: "nullable", inner: shape.kind === "nullable" ? shape.inner : shape };
  switch (shape.kind) {
    case "object":
      return changedObject(shape, random);
    case "choice": {
      const at = random.int(0, shape.options.length - 1);
      if (shape.options.length > 1 && random.chance(0.3))
        return { ...shape, options: shape.options.filter((_, i) => i !== at) };
      return {
        ...shape,
        options: shape.options.map((option, i) =>
          i === at ? changedObject(option, random, shape.discriminator) : option,
        ),
      };
    }
    case "array":
      return random.chance(0.5)
        ? { ...shape, items: changedShape(shape.items, random) }
        : { kind: "array", items: shape.items, ...bounds(random, 0, 3, "min", "max") };
    case "record":
      return { ...shape, values: changedShape(shape.values, random) };
    case "nullable":
      return random.chance(0.5) ? shape.inner : { ...shape, inner: withoutNull(changedShape(shape.inner, random)) };
    case "enum":
      return random.chance(0.3) ? { ...shape, open: !shape.open } : { ...shape, values: some(random, members) };
    case "string":
      return string(random);
    case "number":
      return number(random);
    default:
      return random.chance(0.5) ? shape : randomShape(random, 0);
  }
}

function withoutNull(shape: Shape): Shape {
  return shape.kind === "nullable" ? shape.inner : shape;
}

/** An object with one field added, removed, made optional, or changed; never the one that tells options apart. */
export function changedObject(shape: ObjectShape, random: Random, told?: string): ObjectShape {
  const free = shape.fields.filter(({ name }) => name !== told);
  const how = random.int(0, 4);
  if (how === 0 || free.length === 0) {
    const name = random.pick(
      [...names, "added"].filter(
        (candidate) => candidate !== told && !shape.fields.some((one) => one.name === candidate),
      ),
    );
    return { ...shape, fields: [...shape.fields, field(random, name ?? "added", 1)] };
  }
  const victim = random.pick(free);
  if (how === 1) return { ...shape, fields: shape.fields.filter((one) => one !== victim) };
  if (how === 2 && random.chance(0.3)) return { ...shape, open: !shape.open };
  const changed =
    how === 2
      ? { ...victim, optional: !victim.optional, nullish: false }
      : {
          ...victim,
          shape: victim.optional ? withoutNull(changedShape(victim.shape, random)) : changedShape(victim.shape, random),
        };
  return { ...shape, fields: shape.fields.map((one) => (one === victim ? changed : one)) };
}
