import { type Derivation, derivationExpectation, sourcesOf } from "../contract/derive.js";
import type { DefinedEvent } from "../contract/event.js";
import { shapeKey } from "../contract/event.js";
import { type FieldShape, objectsOf, type PayloadShape } from "../contract/shape.js";
import type { Layout } from "./layout.js";
import { property } from "./names.js";

/** Code of the value that fills a derived field; `undefined` where a source is missing, which is then named instead. */
export function filledValue(derivation: Derivation, from: string, used: Set<string>): string {
  const read = (field: string) => property(from, field);
  const helper = (name: string) => {
    used.add(name);
    return name;
  };
  switch (derivation.kind) {
    case "event_name":
      return "name";
    case "now":
      return `${helper("isoTime")}(now)`;
    case "copy":
      return read(derivation.field);
    case "sum":
      return `${helper("reckoned")}(${derivation.fields.map(read).join(" + ") || "0"})`;
    case "difference":
      return `${helper("reckoned")}(${read(derivation.minuend)} - ${read(derivation.subtrahend)})`;
    case "template": {
      if (sourcesOf(derivation).length === 0) return JSON.stringify(derivation.text);
      // To a template every line end is \n.
      const text = derivation.text
        .replace(/[\\`]|\$(?=\{)/g, "\\$&")
        .replaceAll("\r", "\\r")
        .replaceAll("\n", "\\n");
      return `${helper("standardText")}\`${text.replace(/\{(\w+)\}/g, (_, field: string) => `\${${read(field)}}`)}\``;
    }
  }
}

function agreedValue(derivation: Derivation, eventName: string): string | undefined {
  const read = (field: string) => property("v", field);
  switch (derivation.kind) {
    case "event_name":
      return JSON.stringify(eventName);
    case "copy":
      return read(derivation.field);
    case "sum":
      return derivation.fields.map(read).join(" + ") || "0";
    case "difference":
      return `${read(derivation.minuend)} - ${read(derivation.subtrahend)}`;
    default:
      return undefined;
  }
}

/** What a strict check judges when all fields are valid: the derived ones agree with their sources. */
export function derivationRules(event: DefinedEvent, agrees: (...args: Layout[]) => Layout): Layout[] {
  const shape = event[shapeKey];
  return Object.entries(event.derive ?? {}).flatMap(([field, derivation]): Layout[] => {
    const value = agreedValue(derivation, event.name);
    // What the field itself takes is judged already.
    if (value === undefined || (derivation.kind === "event_name" && isLiteral(shape, field, event.name))) return [];
    const rule = agrees(value, property("v", field), JSON.stringify(derivationExpectation(derivation, event.name)));
    const absent = [field, ...sourcesOf(derivation)].filter((name) => !isRequired(shape, name));
    if (absent.length === 0) return [rule];
    return [["(", ...absent.map((name) => `${property("v", name)} !== undefined && `), rule, ")"]];
  });
}

function fieldsNamed(shape: PayloadShape, name: string): (FieldShape | undefined)[] {
  return objectsOf(shape).map(({ fields }) => fields.find((field) => field.name === name));
}

function isRequired(shape: PayloadShape, name: string): boolean {
  return fieldsNamed(shape, name).every((field) => field?.optional === false);
}

function isLiteral(shape: PayloadShape, name: string, value: string): boolean {
  return fieldsNamed(shape, name).every(
    (field) => !field || (field.shape.kind === "literal" && field.shape.values.every((each) => each === value)),
  );
}
