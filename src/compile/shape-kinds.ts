import { jsonKindsOf, type Shape, wordless } from "../contract/shape.js";
import { cannotCompile, type Place } from "./place.js";

/** Whether a shape takes any text. */
export function isText(shape: Shape): boolean {
  return JSON.stringify(wordless(shape)) === '{"kind":"string"}';
}

/** Whether a shape takes `null`. */
export function takesNull(shape: Shape): boolean {
  if (shape.kind === "either") return shape.options.some(takesNull);
  return (
    shape.kind === "json" || shape.kind === "nullable" || (shape.kind === "literal" && shape.values.includes(null))
  );
}

/** The test that `explain` makes before it looks into an option: of which JSON kind a value is. */
export function kindTest(option: Shape, value: string, place: Place): string {
  const tests = jsonKindsOf(option).map((kind) => {
    switch (kind) {
      case "string":
      case "number":
      case "boolean":
        return `typeof ${value} === "${kind}"`;
      case "null":
        return `${value} === null`;
      case "array":
        return `Array.isArray(${value})`;
      case "object":
        return `typeof ${value} === "object" && ${value} !== null && !Array.isArray(${value})`;
      default:
        throw cannotCompile(option, place);
    }
  });
  return tests.join(" || ");
}
