import { discriminatorsOf, type ObjectShape, type Shape } from "../contract/shape.js";
import { list, object } from "./code-pieces.js";
import { call, type Layout } from "./layout.js";

/** What a command keeps: the names of its fields, or code that also drops the unknown keys of its fields' fields. */
export function knownOf(shape: ObjectShape, use: (helper: string) => void): Layout {
  if (!shape.open && shape.fields.every((field) => knownKeys(field.shape, () => {}) === undefined))
    return list(shape.fields.map(({ name }) => name));
  return knownKeys(shape, use) ?? "(payload) => payload";
}

// Code of what drops the keys that a shape does not know; `undefined` where a value has none to lose.
function knownKeys(shape: Shape, use: (helper: string) => void): Layout | undefined {
  const helper = (name: string, ...args: Layout[]) => {
    use(name);
    // Without the mark, a bundler could not leave out a contract that nobody uses.
    return ["/* @__PURE__ */ ", call(name, ...args)];
  };
  switch (shape.kind) {
    case "object":
      return ofObject(shape, use, helper);
    case "nullable":
      return knownKeys(shape.inner, use);
    case "array": {
      const inner = knownKeys(shape.items, use);
      return inner && helper("eachItem", inner);
    }
    case "record": {
      const inner = knownKeys(shape.values, use);
      return inner && helper("eachValue", inner);
    }
    case "choice": {
      const options = shape.options.flatMap((option) => {
        const inner = knownKeys(option, use);
        return inner ? discriminatorsOf(shape, option).map((value) => [value, inner] as const) : [];
      });
      return options.length === 0
        ? undefined
        : helper("byOption", JSON.stringify(shape.discriminator), object(options));
    }
    case "either": {
      const ofKind = (array: boolean) => {
        const option = shape.options.find(({ kind }) => isStructure(kind) && (kind === "array") === array);
        return option && knownKeys(option, use);
      };
      const [ofArray, ofObjects] = [ofKind(true), ofKind(false)];
      return ofArray || ofObjects ? helper("byKind", ofArray ?? "undefined", ofObjects ?? "undefined") : undefined;
    }
    default:
      return undefined;
  }
}

function ofObject(
  shape: ObjectShape,
  use: (helper: string) => void,
  helper: (name: string, ...args: Layout[]) => Layout,
): Layout | undefined {
  const inner = shape.fields.flatMap((field) => {
    const filter = knownKeys(field.shape, use);
    return filter ? [[field.name, filter] as const] : [];
  });
  if (shape.open) return inner.length === 0 ? undefined : helper("allKeys", object(inner));
  return helper(
    "knownKeys",
    list(shape.fields.map(({ name }) => name)),
    ...(inner.length === 0 ? [] : [object(inner)]),
  );
}

function isStructure(kind: Shape["kind"]): boolean {
  return kind === "array" || kind === "object" || kind === "record" || kind === "choice";
}
