import { type Derivation, derivationExpectation, sourcesOf } from "../contract/derive.js";
import type { DefinedEvent } from "../contract/event.js";
import { shapeKey } from "../contract/event.js";
import type { FieldShape, ObjectShape, PayloadShape } from "../contract/shape.js";
import type { Layout } from "./layout.js";
import { property } from "./names.js";

/** Code of a derived value, which reads its sources from the object called `of`. */
export function derivedValue(derivation: Derivation, of: string, shape: PayloadShape): string {
  const read = (field: string) => property(of, field);
  switch (derivation.kind) {
    case "event_name":
      return "name";
    case "now":
      return "isoTime(now)";
    case "copy":
      return read(derivation.field);
    case "sum": {
      const numbers = derivation.fields.every((field) => isNumber(shape, field));
      return [...(numbers && derivation.fields.length > 0 ? [] : ["0"]), ...derivation.fields.map(read)].join(" + ");
    }
    case "difference":
      return `${read(derivation.minuend)} - ${read(derivation.subtrahend)}`;
    case "template": {
      if (sourcesOf(derivation).length === 0) return JSON.stringify(derivation.text);
      const text = derivation.text.replace(/[\\`]|\$(?=\{)/g, "\\$&");
      return `\`${text.replace(/\{(\w+)\}/g, (_, field: string) => `\${String(${read(field)})}`)}\``;
    }
  }
}

/** What a strict check judges when all fields are valid: the derived ones agree with their sources. */
export function derivationRules(event: DefinedEvent, agrees: (...args: Layout[]) => Layout): Layout[] {
  const shape = event[shapeKey];
  return Object.entries(event.derive ?? {}).flatMap(([field, derivation]): Layout[] => {
    if (derivation.kind === "now" || derivation.kind === "template") return [];
    if (derivation.kind === "event_name" && isLiteral(shape, field, event.name)) return [];
    const value = derivation.kind === "event_name" ? JSON.stringify(event.name) : derivedValue(derivation, "v", shape);
    const rule = agrees(value, property("v", field), JSON.stringify(derivationExpectation(derivation, event.name)));
    const absent = [field, ...sourcesOf(derivation)].filter((name) => !isRequired(shape, name));
    if (absent.length === 0) return [rule];
    return [["(", ...absent.map((name) => `${property("v", name)} !== undefined && `), rule, ")"]];
  });
}

/** The field of each option that has it. */
export function fieldsNamed(shape: PayloadShape, name: string): (FieldShape | undefined)[] {
  const options: readonly ObjectShape[] = shape.kind === "object" ? [shape] : shape.options;
  return options.map(({ fields }) => fields.find((field) => field.name === name));
}

/** Whether a field stands in every payload. */
export function isRequired(shape: PayloadShape, name: string): boolean {
  return fieldsNamed(shape, name).every((field) => field?.optional === false);
}

function isNumber(shape: PayloadShape, name: string): boolean {
  return fieldsNamed(shape, name).every((field) => field?.shape.kind === "number");
}

function isLiteral(shape: PayloadShape, name: string, value: string): boolean {
  return fieldsNamed(shape, name).every(
    (field) => !field || (field.shape.kind === "literal" && field.shape.values.every((each) => each === value)),
  );
}
