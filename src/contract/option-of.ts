import { type ChoiceShape, discriminatorsOf, type EitherShape, type Shape } from "./shape.js";

/** The one option that a value can be of, by what tells it: whether it is, is not looked at. */
export function optionOf(shape: ChoiceShape | EitherShape, value: unknown): Shape | undefined {
  if (shape.kind === "either") return shape.options.find((candidate) => sameKind(candidate, value));
  const told = (value as Record<string, string>)[shape.discriminator] as string;
  return shape.options.find((candidate) => discriminatorsOf(shape, candidate).includes(told));
}

function sameKind(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case "literal":
      return shape.values.some((member) => typeof member === typeof value && (member === null) === (value === null));
    case "enum":
      return typeof value === "string";
    case "array":
      return Array.isArray(value);
    case "object":
    case "record":
    case "choice":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === shape.kind;
  }
}
