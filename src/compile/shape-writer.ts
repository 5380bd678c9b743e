import { expectation, type Role } from "../contract/expectation.js";
import {
  type ArrayShape,
  type ChoiceShape,
  discriminatorsOf,
  type EnumShape,
  type FieldShape,
  type LiteralShape,
  type NumberShape,
  type ObjectShape,
  OPEN_ENUM_LENGTH,
  type Shape,
  type StringShape,
  wordless,
} from "../contract/shape.js";
import { codePoints } from "../contract/text.js";
import { bracketed, call, group, indent, type Layout, line } from "./layout.js";
import { camelCase, inheritedNames, key, NameBook } from "./names.js";
import { cannotCompile, inside, type Place, within } from "./place.js";
import { shapeNames } from "./runtime-names.js";
import { kindTest, takesNull } from "./shape-kinds.js";

/** Writes shapes as values that judge in one role; an object that is needed twice is declared once. */
export class ShapeWriter {
  readonly #names = new NameBook(shapeNames);
  readonly #declared: Layout[] = [];
  readonly #known = new Map<string, string>();
  readonly #used = new Set<string>();
  readonly #uses = new Map<string, number>();
  /** The event that is being written: its judge is made by a function that is given what judges this name. */
  #event: { readonly name: string; usesName: boolean } | undefined;

  /** Constants, in the order in which they need each other. */
  get declared(): readonly Layout[] {
    return this.#declared;
  }

  /** The names of the runtime that the code uses. */
  get used(): readonly string[] {
    return [...this.#used];
  }

  /** Takes note of a shape that will be written: what is met twice is worth a name. */
  expect(shape: Shape, role: Role): void {
    const id = idOf(shape, role);
    const uses = (this.#uses.get(id) ?? 0) + 1;
    this.#uses.set(id, uses);
    if (uses === 1) for (const part of partsOf(shape)) this.expect(part, role);
  }

  /** Code of what makes an event's judge, given the one that takes nothing but the event's name. */
  writeEvent(shape: Shape, name: string): Layout {
    const event = { name, usesName: false };
    this.#event = event;
    const judge = this.write(shape, "reader", { event: name, name, path: "" });
    this.#event = undefined;
    return group([`(${event.usesName ? "name" : ""}) =>`, indent([line, judge])]);
  }

  /** Code of what judges a value. */
  write(shape: Shape, role: Role, place: Place): Layout {
    const isStructure = shape.kind === "choice" || (shape.kind === "object" && shape.fields.length > 0);
    const id = idOf(shape, role);
    if (!isStructure || (this.#uses.get(id) ?? 0) < 2) return this.#value(shape, role, place);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const value = this.#outsideEvents(() => this.#value(shape, role, place));
    const name = this.#names.take(camelCase(shape.name ?? place.name));
    this.#known.set(id, name);
    this.#declared.push([`const ${name} = `, value, ";"]);
    return name;
  }

  #value(shape: Shape, role: Role, place: Place): Layout {
    switch (shape.kind) {
      case "string":
        return this.#string(shape);
      case "number":
        return this.#number(shape);
      case "boolean":
        return this.#name("flag");
      case "literal":
        return this.#literal(shape);
      case "enum":
        return shape.open && role === "reader" ? this.#word(shape) : this.#call("oneOf", ...shape.values.map(quoted));
      case "json":
        return this.#name("json");
      case "nullable":
        return this.#call("nullable", this.write(shape.inner, role, place));
      case "array":
        return this.#list(shape, role, place);
      case "record":
        return this.#call("record", this.write(shape.values, role, inside(place)));
      case "object":
        return this.#object(shape, role, place);
      case "choice":
        return this.#choice(shape, role, place);
      case "either":
        return this.#either(
          shape,
          role,
          shape.options.map((option) => [kindTest(option, "v", place), this.write(option, role, place)]),
        );
      default:
        throw cannotCompile(shape, place);
    }
  }

  // A constant that several share is no event's.
  #outsideEvents(write: () => Layout): Layout {
    const event = this.#event;
    this.#event = undefined;
    const written = write();
    this.#event = event;
    return written;
  }

  #literal(shape: LiteralShape): Layout {
    const { values } = shape;
    if (values.length > 1) {
      const tests = values.map((value) => `v === ${quoted(value)}`).join(" || ");
      return this.#fits("unknown", [tests], expectation(shape, "writer"));
    }
    if (!this.#event || values[0] !== this.#event.name) return this.#call("literal", quoted(values[0]));
    this.#event.usesName = true;
    return "name";
  }

  #list(shape: ArrayShape, role: Role, place: Place): Layout {
    const { min = 0, max } = shape;
    const list = this.#call("list", this.write(shape.items, role, inside(place)));
    const bounds = [...(min > 0 ? [`v.length >= ${min}`] : []), ...(max === undefined ? [] : [`v.length <= ${max}`])];
    return bounds.length === 0
      ? list
      : this.#either(shape, role, [[["Array.isArray(v)", ...bounds].join(" && "), list]]);
  }

  #object(shape: ObjectShape, role: Role, place: Place): Layout {
    const helper = shape.open ? "open" : role === "reader" ? "closed" : "exact";
    if (shape.open && shape.fields.length === 0) return this.#call(helper);
    const fields = shape.fields.map((field) => {
      const value = this.#field(field, role, within(place, field.name));
      return key(field.name) === value ? value : [key(field.name), ": ", value];
    });
    const judge = [this.#name(helper), "(", bracketed("{", fields, "}", line), ")"];
    return shape.fields.some(({ name }) => inheritedNames.has(name)) ? this.#call("ownFields", judge) : judge;
  }

  #field({ shape, optional, nullish }: FieldShape, role: Role, place: Place): Layout {
    const value = this.write(shape, role, place);
    if (!nullish) return optional ? this.#call("optional", value) : value;
    if (role === "reader") return this.#call(optional ? "maybe" : "nullable", value);
    const given = takesNull(shape) ? this.#either(shape, role, [["v !== null", value]]) : value;
    return optional ? this.#call("optional", given) : given;
  }

  #choice(shape: ChoiceShape, role: Role, place: Place): Layout {
    const options = shape.options.flatMap((option) => {
      const values = discriminatorsOf(shape, option);
      const here = { ...place, name: `${place.name}_${values[0] ?? "option"}` };
      // Looked up by value: an option of two values stands here twice.
      return values.map((value) => [key(value), ": ", this.write(option, role, here)]);
    });
    const told = JSON.stringify(shape.discriminator);
    const judge = [this.#name("choice"), `(${told}, `, bracketed("{", options, "}", line), ")"];
    return inheritedNames.has(shape.discriminator) ? this.#call("ownFields", judge) : judge;
  }

  #either(shape: Shape, role: Role, options: readonly (readonly [test: string, judge: Layout])[]): Layout {
    const told = options.map(([test, judge]) => bracketed("[", [`(v) => ${test}`, judge], "]"));
    return this.#call("either", JSON.stringify(expectation(shape, role)), ...told);
  }

  // A reader takes any word for a member, and those of the known members that are longer than a word may be.
  #word(shape: EnumShape): Layout {
    const long = shape.values.filter((value) => codePoints(value) > OPEN_ENUM_LENGTH);
    const word = this.#name("word");
    if (long.length === 0) return word;
    return this.#fits("string", [`${JSON.stringify(long)}.includes(v) || !${word}(v)`], expectation(shape, "reader"));
  }

  #string(shape: StringShape): Layout {
    const { min, max, points, timestamp, patterns = [] } = shape;
    const tests = [
      ...(min === undefined ? [] : [`v.length >= ${min}`]),
      ...(max === undefined ? [] : [`v.length <= ${max}`]),
      ...patterns.map(({ source, flags }) => `${String(new RegExp(source, flags))}.test(v)`),
    ];
    const whole = points !== undefined ? this.#call("points", ...points.map(String)) : undefined;
    if (tests.length === 0 && !(whole && timestamp)) return whole ?? this.#name(timestamp ? "timestamp" : "text");
    const judged = [...(whole ? [whole] : []), ...(timestamp ? [this.#name("timestamp")] : [])];
    return this.#fits(
      "string",
      [`typeof v === "string"`, ...tests, ...judged.map((judge) => ["!", judge, "(v)"])],
      expectation(shape, "writer"),
    );
  }

  #number(shape: NumberShape): Layout {
    const { integer, min, max, above, below } = shape;
    if (max === undefined && above === undefined && below === undefined) {
      if (min === undefined) return this.#name(integer ? "integer" : "finite");
      if (min === 0 && integer) return this.#name("whole");
    }
    const compared = (operator: string, bound: number | undefined) =>
      bound === undefined ? [] : [`v ${operator} ${bound}`];
    return this.#fits(
      "number",
      [
        `Number.${integer ? "isSafeInteger" : "isFinite"}(v)`,
        ...compared(">=", min),
        ...compared("<=", max),
        ...compared(">", above),
        ...compared("<", below),
      ],
      expectation(shape, "writer"),
    );
  }

  #fits(type: string, tests: readonly Layout[], expected: string): Layout {
    const test = tests.flatMap((each, i) => (i === 0 ? [each] : [" && ", each]));
    return this.#call("fits", [`(v: ${type}) => `, group(test)], JSON.stringify(expected));
  }

  #name(name: string): string {
    this.#used.add(name);
    return name;
  }

  #call(name: string, ...args: Layout[]): Layout {
    return call(this.#name(name), ...args);
  }
}

function quoted(value: unknown): string {
  return JSON.stringify(value);
}

function idOf(shape: Shape, role: Role): string {
  return `${role} ${JSON.stringify(wordless(shape))}`;
}

function partsOf(shape: Shape): readonly Shape[] {
  switch (shape.kind) {
    case "object":
      return shape.fields.map((field) => field.shape);
    case "array":
      return [shape.items];
    case "record":
      return [shape.values];
    case "nullable":
      return [shape.inner];
    case "choice":
    case "either":
      return shape.options;
    default:
      return [];
  }
}
