import { type Derivations, fill } from "../../src/contract/derive.js";
import type { Role } from "../../src/contract/expectation.js";
import type { NumberShape, ObjectShape, Shape } from "../../src/contract/shape.js";
import type { Random } from "./random.js";
import { textOf, timestampText } from "./texts.js";

/** A value that fits a shape: of a writer, or with what a reader tolerates. Only JSON values. */
export function sample(shape: Shape, random: Random, role: Role = "writer"): unknown {
  switch (shape.kind) {
    case "string":
      return textOf(shape, random);
    case "number":
      return numberOf(shape, random);
    case "boolean":
      return random.chance(0.5);
    case "literal":
    case "enum":
      if (shape.kind === "enum" && shape.open && role === "reader" && random.chance(0.3))
        return random.pick(["new_member", "", "😀".repeat(64)]);
      return random.pick<unknown>(shape.values);
    case "object":
      return objectOf(shape, random, role);
    case "array": {
      const least = shape.min ?? 0;
      const length = random.pick([
        least,
        Math.min(shape.max ?? least + 2, least + 3),
        random.int(least, Math.min(shape.max ?? Infinity, least + 2)),
      ]);
      return Array.from({ length }, () => sample(shape.items, random, role));
    }
    case "record":
      return Object.fromEntries(
        Array.from({ length: random.int(0, 3) }, (_, i) => [
          random.pick([`key${i}`, `鍵${i}`, "", "constructor"]),
          sample(shape.values, random, role),
        ]),
      );
    case "json":
      return json(random, random.chance(0.1) ? 32 : random.int(0, 3));
    case "choice":
    case "either":
      return sample(random.pick(shape.options as readonly Shape[]), random, role);
    case "nullable":
      return random.chance(0.3) ? null : sample(shape.inner, random, role);
  }
}

/** A payload of a shape, with derived fields that agree. */
export function samplePayload(
  shape: Shape,
  derive: Derivations,
  name: string,
  random: Random,
  role: Role,
): Record<string, unknown> {
  const payload = sample(shape, random, role) as Record<string, unknown>;
  if (role === "reader") return payload;
  const derived = new Set(
    Object.keys(derive).filter((field) => !["now", "template"].includes((derive[field] as { kind: string }).kind)),
  );
  return fill(derive, name, Object.fromEntries(Object.entries(payload).filter(([field]) => !derived.has(field))), 0);
}

function numberOf(shape: NumberShape, random: Random): number {
  const step = shape.integer ? 1 : 0.5;
  const floor = shape.integer ? Math.ceil : (value: number) => value;
  const bound = shape.integer ? Number.MAX_SAFE_INTEGER : 1e300;
  const least = floor(Math.max(shape.min ?? -bound, shape.above === undefined ? -bound : shape.above + step));
  const most = -floor(-Math.min(shape.max ?? bound, shape.below === undefined ? bound : shape.below - step));
  const near = Math.min(most, Math.max(least, 0) + random.int(0, 100));
  return random.pick([least, most, near, Math.max(least, near - step), Math.min(most, near)]);
}

function objectOf(shape: ObjectShape, random: Random, role: Role): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of shape.fields) {
    if (field.optional && random.chance(0.4)) continue;
    const value = field.nullish && role === "reader" && random.chance(0.3) ? null : sample(field.shape, random, role);
    // A writer leaves a nullish field out, so null is no value of it.
    if (value === null && field.nullish && role === "writer") continue;
    object[field.name] = value;
  }
  if (shape.open && random.chance(0.5)) addKeys(object, shape, random, (depth) => json(random, depth));
  if (!shape.open && role === "reader" && random.chance(0.2))
    addKeys(object, shape, random, () => json(random, random.int(0, 40)));
  return object;
}

function addKeys(
  object: Record<string, unknown>,
  shape: ObjectShape,
  random: Random,
  value: (depth: number) => unknown,
): void {
  for (const key of [random.pick(["extra", "鍵", "0", "hasOwnProperty", "a b"]), "more"].slice(random.int(0, 1))) {
    if (!shape.fields.some((field) => field.name === key))
      object[key] = value(random.chance(0.1) ? 31 : random.int(0, 2));
  }
}

/** A JSON value that nests as deep as told. */
export function json(random: Random, depth: number): unknown {
  if (depth <= 0)
    return random.pick<unknown>([
      null,
      true,
      false,
      0,
      -1.5,
      1e21,
      2 ** 53,
      "",
      "text",
      "😀",
      "\ud83d",
      timestampText(random),
    ]);
  if (random.chance(0.5)) return [json(random, depth - 1), ...(random.chance(0.3) ? [json(random, 0)] : [])];
  return {
    [random.pick(["a", "鍵", "1"])]: json(random, depth - 1),
    ...(random.chance(0.3) ? { b: json(random, 0) } : {}),
  };
}
