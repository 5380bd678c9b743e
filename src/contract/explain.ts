import type { Issue } from "./errors.js";
import { discriminatorExpectation, expectation, type Role } from "./expectation.js";
import { optionOf } from "./option-of.js";
import type { Path } from "./path.js";
import { explainJson, findProtoKey, isPlainObject, issue } from "./plain-json.js";
import {
  type ChoiceShape,
  type NumberShape,
  type ObjectShape,
  OPEN_ENUM_LENGTH,
  type Shape,
  type StringShape,
} from "./shape.js";
import { codePoints } from "./text.js";
import { timestampPattern } from "./timestamp.js";
import * as words from "./words.js";

/**
 * Finds the first place where a value is not of its shape; `undefined` if it is.
 *
 * Fields are judged in their declared order, then keys that are not declared. Slow and thorough: it runs on a refusal,
 * in tools, and beside zod in a contract that was never compiled.
 */
export function explain(shape: Shape, value: unknown, role: Role, path: Path = []): Issue | undefined {
  switch (shape.kind) {
    case "string":
      return typeof value === "string" && stringFits(shape, value) ? undefined : refuse();
    case "number":
      return typeof value === "number" && numberFits(shape, value) ? undefined : refuse();
    case "boolean":
      return typeof value === "boolean" ? undefined : refuse();
    case "literal":
      return (shape.values as readonly unknown[]).includes(value) ? undefined : refuse();
    case "enum":
      return typeof value === "string" &&
        (shape.values.includes(value) || (shape.open && role === "reader" && codePoints(value) <= OPEN_ENUM_LENGTH))
        ? undefined
        : refuse();
    case "nullable":
      if (value === null) return undefined;
      return explain(shape.inner, value, role, path);
    case "json":
      return explainJson(value, path, 1);
    case "object":
      return explainObject(shape, value, role, path);
    case "array": {
      if (!Array.isArray(value) || value.length < (shape.min ?? 0) || value.length > (shape.max ?? Infinity))
        return refuse();
      for (let i = 0; i < value.length; i++) {
        const found = explain(shape.items, value[i], role, [...path, i]);
        if (found) return found;
      }
      return undefined;
    }
    case "record": {
      if (!isPlainObject(value)) return refuse();
      for (const key of Object.keys(value)) {
        if (key === "__proto__") return issue([...path, key], words.protoKey, value[key]);
        const found = explain(shape.values, value[key], role, [...path, key]);
        if (found) return found;
      }
      return undefined;
    }
    case "choice":
      return explainChoice(shape, value, role, path);
    case "either": {
      const option = optionOf(shape, value);
      return option ? explain(option, value, role, path) : refuse();
    }
  }

  function refuse(): Issue {
    return issue(path, expectation(shape, role), value);
  }
}

/** Says whether a text is within the bounds and patterns of its shape. */
function stringFits(shape: StringShape, text: string): boolean {
  if (text.length < (shape.min ?? 0) || text.length > (shape.max ?? Infinity)) return false;
  if (shape.points) {
    const points = codePoints(text);
    if (points < shape.points[0] || points > shape.points[1]) return false;
  }
  if (shape.timestamp && !timestampPattern.test(text)) return false;
  return (shape.patterns ?? []).every((pattern) => new RegExp(pattern.source, pattern.flags).test(text));
}

function numberFits(shape: NumberShape, number: number): boolean {
  if (shape.integer ? !Number.isSafeInteger(number) : !Number.isFinite(number)) return false;
  if (shape.min !== undefined && number < shape.min) return false;
  if (shape.max !== undefined && number > shape.max) return false;
  if (shape.above !== undefined && number <= shape.above) return false;
  return shape.below === undefined || number < shape.below;
}

function explainObject(shape: ObjectShape, value: unknown, role: Role, path: Path): Issue | undefined {
  if (!isPlainObject(value)) return issue(path, "object", value);
  for (const field of shape.fields) {
    const given = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (given === undefined && field.optional) continue;
    if (given === null && field.nullish) {
      if (role === "reader") continue;
      return issue([...path, field.name], expectation(field.shape, role), given);
    }
    const found = explain(field.shape, given, role, [...path, field.name]);
    if (found) return found;
  }
  return explainFurtherKeys(shape, value, role, path);
}

function explainFurtherKeys(
  shape: ObjectShape,
  value: Record<string, unknown>,
  role: Role,
  path: Path,
): Issue | undefined {
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return issue([...path, key], words.protoKey, value[key]);
    if (shape.fields.some((field) => field.name === key)) continue;
    const here = [...path, key];
    if (shape.open) {
      const found = explainJson(value[key], here, 2);
      if (found) return found;
    } else if (role === "writer") {
      return issue(here, words.unknownKey, value[key]);
    } else {
      const found = findProtoKey(value[key], here);
      if (found) return found;
    }
  }
  return undefined;
}

function explainChoice(shape: ChoiceShape, value: unknown, role: Role, path: Path): Issue | undefined {
  if (!isPlainObject(value)) return issue(path, "object", value);
  const option = optionOf(shape, value);
  if (option) return explainObject(option as ObjectShape, value, role, path);
  const { discriminator } = shape;
  const given = Object.hasOwn(value, discriminator) ? value[discriminator] : undefined;
  return issue([...path, discriminator], discriminatorExpectation(shape), given);
}
