import type { Role } from "../contract/expectation.js";
import type { EnumShape, FieldShape, ObjectShape, PayloadShape, Shape } from "../contract/shape.js";
import { docstring } from "./docstring.js";
import { block, group, hardline, ifBroken, indent, join, type Layout, line } from "./layout.js";
import { itemWord, key, NameBook, pascalCase } from "./names.js";

/** A type that was declared: how it is spoken of, and its declaration. */
interface Declared {
  readonly name: string;
  readonly text: Layout;
}

/** What is said about the type of a payload, beside its shape. */
export interface TypeOptions {
  readonly name: string;
  readonly docs: readonly string[];
  /** Derived fields, which may be left out, with the words that say what is filled in. */
  readonly derived?: ReadonlyMap<string, string>;
}

// What TypeScript and this file's neighbours call by these names.
const reserved = ["ServerToClientEvents", "ClientToServerEvents", "AppEvents", "Room", "CommandAnswer"];

/** Writes shapes as plain types. Objects get interfaces of their own, in the order in which they are first needed. */
export class TypeWriter {
  readonly #names: NameBook;
  /** The names of enums and objects, by what they are declared as. */
  readonly #known = new Map<string, string>();
  readonly #declared: Declared[] = [];

  constructor(taken: readonly string[]) {
    this.#names = new NameBook([...reserved, ...taken]);
  }

  /** Every declared type, in order. */
  get declared(): readonly Declared[] {
    return this.#declared;
  }

  /** Declares the type of a payload; returns its name. */
  payload(shape: PayloadShape, role: Role, { name: wanted, docs, derived }: TypeOptions): string {
    const name = this.#names.take(wanted);
    if (shape.kind === "object" && !(shape.open && role === "writer"))
      this.#declare(name, docs, this.#interface(name, shape, role, wanted, derived));
    else
      this.#declare(name, docs, [
        `export type ${name} =`,
        union(this.#payloadMembers(shape, role, wanted, derived)),
        ";",
      ]);
    return name;
  }

  /** Declares a name for a type that is there already; returns the new name. */
  alias(wanted: string, of: string, docs: readonly string[]): string {
    const name = this.#names.take(wanted);
    this.#declare(name, docs, `export type ${name} = ${of};`);
    return name;
  }

  // What a payload may be that is no interface of its own: a choice, or what a writer gives for an open object.
  #payloadMembers(
    shape: PayloadShape,
    role: Role,
    within: string,
    derived: ReadonlyMap<string, string> | undefined,
  ): string[] {
    if (shape.kind === "choice")
      return shape.options.flatMap((option) =>
        this.#openMembers(option, role, this.#option(option, shape.discriminator, role, within, derived)),
      );
    if (shape.fields.length === 0) return ["object"];
    return this.#openMembers(shape, role, this.#named(shape, role, `${within}Fields`, within, derived));
  }

  #declare(name: string, docs: readonly string[], text: Layout): void {
    this.#declared.push({ name, text: [docstring(docs), text] });
  }

  #option(
    option: ObjectShape,
    discriminator: string,
    role: Role,
    within: string,
    derived?: ReadonlyMap<string, string>,
  ): string {
    const told = option.fields.find((field) => field.name === discriminator)?.shape;
    const word = told?.kind === "literal" ? pascalCase(String(told.values[0])) : "Option";
    const ending = /(Payload|Input|Command|Ack)?$/.exec(within)?.[0] ?? "";
    const wanted = `${within.slice(0, within.length - ending.length)}${word}${ending}`;
    return this.#named(option, role, wanted, within, derived);
  }

  #interface(
    name: string,
    shape: ObjectShape,
    role: Role,
    within: string,
    derived: ReadonlyMap<string, string> | undefined,
  ): Layout {
    const fields = shape.fields.map((field) => this.#field(field, role, within, derived));
    if (shape.open && role === "reader") fields.push("[key: string]: unknown;");
    if (fields.length === 0) {
      // An interface without fields would take anything.
      return `export type ${name} = { [key: string]: never };`;
    }
    return block(`export interface ${name} {`, fields, "}");
  }

  #field(field: FieldShape, role: Role, within: string, derived: ReadonlyMap<string, string> | undefined): Layout {
    const filled = derived?.get(field.name);
    const optional = field.optional || filled !== undefined;
    const members = this.#members(field.shape, role, within, field.name);
    if (field.nullish && role === "reader") members.push("null");
    if (optional && !members.includes("unknown")) members.push("undefined");
    const docs = [field.shape.description ?? "", filled === undefined ? "" : `Where left out: ${filled}.`];
    return [
      docstring(docs[0] === "" ? docs.slice(1) : docs),
      key(field.name),
      optional ? "?:" : ":",
      union([...new Set(members)]),
      ";",
    ];
  }

  // The members of the union that a shape is; most are one.
  #members(shape: Shape, role: Role, within: string, field: string): string[] {
    switch (shape.kind) {
      case "string":
      case "number":
      case "boolean":
        return [shape.kind];
      case "json":
        return ["unknown"];
      case "literal":
        return shape.values.map((value) => JSON.stringify(value));
      case "enum":
        return [...this.#enum(shape), ...(shape.open && role === "reader" ? ["(string & {})"] : [])];
      case "nullable":
        return [...this.#members(shape.inner, role, within, field), "null"];
      case "either":
        return shape.options.flatMap((option) => this.#members(option, role, within, field));
      case "choice":
        return this.#payloadMembers(shape, role, inner(within, field), undefined);
      case "array": {
        const items = this.#members(shape.items, role, within, itemWord(field));
        const all = items.join(" | ");
        // A union stands in brackets, and so does a list whose items a writer's list holds: readonly (readonly number[])[].
        const item = items.length === 1 && !all.startsWith("readonly ") ? all : `(${all})`;
        return [role === "reader" ? `${item}[]` : `readonly ${item}[]`];
      }
      case "record": {
        const values = this.#members(shape.values, role, within, itemWord(field)).join(" | ");
        return [`{ ${role === "reader" ? "" : "readonly "}[key: string]: ${values} }`];
      }
      case "object":
        if (shape.open && shape.fields.length === 0)
          return [role === "reader" ? "{ [key: string]: unknown }" : "object"];
        return this.#openMembers(shape, role, this.#named(shape, role, inner(within, field), within));
    }
  }

  // A writer's open object: a literal may have further keys, and an application's interface has no index signature.
  #openMembers(shape: ObjectShape, role: Role, name: string): string[] {
    return shape.open && role === "writer" ? [name, `(${name} & { readonly [key: string]: unknown })`] : [name];
  }

  #named(
    shape: ObjectShape,
    role: Role,
    wanted: string,
    within: string,
    derived?: ReadonlyMap<string, string>,
  ): string {
    const base = shape.name === undefined ? wanted : `${pascalCase(shape.name)}${role === "reader" ? "" : "Input"}`;
    const id = JSON.stringify([role, [...(derived?.keys() ?? [])], shape, shape.name === undefined ? wanted : ""]);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const name = this.#names.take(base);
    this.#known.set(id, name);
    this.#declare(name, [shape.description ?? `Part of ${within}.`], this.#interface(name, shape, role, base, derived));
    return name;
  }

  #enum(shape: EnumShape): string[] {
    const members = shape.values.map((value) => JSON.stringify(value));
    if (shape.name === undefined) return members;
    const id = JSON.stringify([shape.name, shape.values]);
    const known = this.#known.get(id);
    if (known !== undefined) return [known];
    const name = this.#names.take(pascalCase(shape.name));
    this.#known.set(id, name);
    this.#declare(name, [shape.description ?? ""], [`export type ${name} =`, union(members), ";"]);
    return [name];
  }
}

// `SpUpdatePayload`, `choices` → `SpUpdateChoices`; a writer's ends in `Input`.
function inner(within: string, field: string): string {
  const input = within.endsWith("Input");
  const base = within.replace(/(Payload|Input)$/, "");
  return `${base}${pascalCase(field)}${input ? "Input" : ""}`;
}

/** The members of a union, on one line or one a line. */
export function union(members: readonly string[]): Layout {
  if (members.length === 1) return ` ${members[0]}`;
  return group(indent([line, ifBroken("| "), join([line, "| "], members)]));
}

/** Puts a blank line between declarations. */
export function paragraphs(declarations: readonly Layout[]): Layout {
  return join([hardline, hardline], declarations);
}
