import { type Derivation, type Derivations, derive, sourcesOf } from "./derive.js";
import { explain } from "./explain.js";
import { type FieldShape, type ObjectShape, objectsOf, type PayloadShape, type Shape } from "./shape.js";

/**
 * Checks that every derivation can be filled in every payload of the event, and comes out the same in every language:
 * sums of integers only, texts of texts and integers only.
 */
export function checkDerivations(
  derivations: Derivations,
  eventName: string,
  payload: PayloadShape,
  refuse: (sentence: string) => Error,
): void {
  // Each rule of the set knows its kind, whatever it is given.
  const kinds: unknown[] = Object.values(derive).map((rule: (...fields: never[]) => Derivation) => rule().kind);
  const options = objectsOf(payload);
  const later = new Set(Object.keys(derivations));
  for (const [name, derivation] of Object.entries(derivations)) {
    // A contract may be in JavaScript, or loaded without a look at its types: `derive.now` without its call is no rule.
    if (!kinds.includes((derivation as Derivation | undefined)?.kind))
      throw refuse(`derive.${name}: call a rule, such as derive.now()`);
    // Every object has something of such a name, whether the writer gave it or not.
    for (const each of [name, ...sourcesOf(derivation)])
      if (each in {}) throw refuse(`derive.${name}: choose another name than ${each}`);
    const fields = fieldsCalled(name, options);
    if (fields.length === 0) throw refuse(`derive.${name}: no such field in the payload`);
    if (fields.length < options.length) throw refuse(`derive.${name}: only some options of the payload have it`);
    for (const source of sourcesOf(derivation)) {
      const sources = fieldsCalled(source, options);
      if (sources.length === 0) throw refuse(`derive.${name} reads ${source}, which is no field of the payload`);
      if (later.has(source))
        throw refuse(`derive.${name} reads ${source}, which is derived after it; put ${source} first`);
      const wanted = sourceKinds(derivation);
      if (!sources.every(({ shape }) => wanted.includes(scalarKind(shape))))
        throw refuse(`derive.${name} reads ${source}, which must be ${wanted.map((kind) => words[kind]).join(" or ")}`);
    }
    for (const field of fields) checkTarget(field, derivation, eventName, refuse);
    later.delete(name);
  }
}

type Scalar = "text" | "integer" | "number" | "boolean" | "none";

const words: Record<Scalar, string> = {
  text: "a text",
  integer: "a safe integer (z.int())",
  number: "a number",
  boolean: "a boolean",
  none: "an object",
};

function sourceKinds(derivation: Derivation): Scalar[] {
  if (derivation.kind === "copy") return ["text", "integer", "number", "boolean"];
  // 0.1 + 0.2 differs from 0.3, and languages write fractions and booleans differently.
  return derivation.kind === "template" ? ["text", "integer"] : ["integer"];
}

function checkTarget(
  { name, shape }: FieldShape,
  derivation: Derivation,
  eventName: string,
  refuse: (sentence: string) => Error,
): void {
  const kind = derivation.kind;
  if ((kind === "sum" || kind === "difference") && scalarKind(shape) !== "integer")
    throw refuse(`derive.${name}: a ${kind} is a safe integer; write z.int()`);
  const sample = kind === "event_name" ? eventName : kind === "now" ? new Date(0).toISOString() : undefined;
  if (sample !== undefined && explain(shape, sample, "writer"))
    throw refuse(
      kind === "now"
        ? `derive.${name}: it becomes a timestamp; write z.string().regex(timestampPattern)`
        : `derive.${name}: it becomes "${eventName}"; write z.literal("${eventName}")`,
    );
  if (kind === "template" && scalarKind(shape) !== "text") throw refuse(`derive.${name}: a template makes a text`);
  if (kind === "copy" && scalarKind(shape) === "none")
    throw refuse(`derive.${name}: an object cannot be a copy; let the writer give it`);
}

function fieldsCalled(name: string, options: readonly ObjectShape[]): FieldShape[] {
  return options.flatMap(({ fields }) => fields.filter((field) => field.name === name));
}

function scalarKind(shape: Shape): Scalar {
  if (shape.kind === "string" || shape.kind === "enum") return "text";
  if (shape.kind === "number") return shape.integer ? "integer" : "number";
  if (shape.kind === "boolean") return "boolean";
  if (shape.kind !== "literal") return "none";
  if (shape.values.every((value) => typeof value === "string")) return "text";
  return shape.values.every((value) => Number.isSafeInteger(value)) ? "integer" : "none";
}
