import { ContractError } from "../contract/errors.js";
import { discriminatorExpectation, expectation } from "../contract/expectation.js";
import {
  type ChoiceShape,
  discriminatorsOf,
  type EitherShape,
  type EnumShape,
  type FieldShape,
  type LiteralShape,
  type NumberShape,
  type ObjectShape,
  type PayloadShape,
  type Shape,
  type StringShape,
} from "../contract/shape.js";
import { bracketed, call, group, indent, join, type Layout, line } from "./layout.js";
import { camelCase, itemWord, NameBook, property } from "./names.js";
import { runtimeNames } from "./runtime-names.js";

// Names that every object inherits: for these, `value.name` says nothing about the value's own fields.
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Where in a payload a piece of code stands. */
interface Place {
  /** The payload's name on the wire. */
  readonly event: string;
  /** What to call a function that is needed here. */
  readonly name: string;
  readonly path: string;
}

/** Writes shapes as checkers: one function a payload or nested object, one constant an enum or pattern. */
export class CheckerWriter {
  readonly #names = new NameBook(runtimeNames);
  readonly #declared: Layout[] = [];
  readonly #constants = new Map<string, string>();
  readonly #functions = new Map<string, string>();
  readonly #used = new Set<string>();

  /** Every constant and function, in order. */
  get declared(): readonly Layout[] {
    return this.#declared;
  }

  /** The names of the runtime that the code uses. */
  get used(): readonly string[] {
    return [...this.#used].sort();
  }

  /** Declares and exports the checker of a payload; returns its name. `rules`: what a strict one judges at the end. */
  payload(shape: PayloadShape, wanted: string, event: string, rules: readonly Layout[] = []): string {
    const place = { event, name: wanted.replace(/Payload$/, ""), path: "" };
    const name = this.#names.take(wanted);
    const conditions = [...this.#whole(shape, place)];
    if (rules.length > 0)
      conditions.push(both("strict", rules.length === 1 ? (rules[0] as Layout) : ["(", indent(or(rules)), ")"]));
    this.#function(name, conditions, "export ");
    return name;
  }

  /** Code that calls a helper of the runtime. */
  helper(name: string, ...args: Layout[]): Layout {
    this.#used.add(name);
    return call(name, ...args);
  }

  #whole(shape: PayloadShape, place: Place): readonly Layout[] {
    return shape.kind === "object" ? this.#object(shape, place) : this.#choice(shape, "v", place);
  }

  #function(name: string, conditions: readonly Layout[], exported = ""): void {
    const body = or(conditions);
    const parameters = mentions(body, "strict") ? "(v, strict)" : "(v)";
    this.#used.add("type Checker");
    this.#declared.push([
      `${exported}const ${name}: Checker = ${parameters} =>`,
      group(indent([line, group(body)])),
      ";",
    ]);
  }

  #object(shape: ObjectShape, place: Place): Layout[] {
    const fields = shape.fields.map((field) => this.#field(field, within(place, field.name)));
    const names = shape.fields.map(({ name }) => JSON.stringify(name));
    const rest = shape.open
      ? this.helper(
          "further",
          "v",
          this.#constant(`keys ${names.join()}`, `${camelCase(place.name)}Keys`, bracketed("[", names, "]")),
        )
      : this.helper("keys", "v", "strict", this.#count(shape));
    return [this.helper("object", "v"), ...fields, rest];
  }

  // How many of a value's keys are known to its shape, where its required fields are there.
  #count(shape: ObjectShape): Layout {
    const optional = shape.fields
      .filter((field) => field.optional)
      .map(({ name }) =>
        inherited.has(name) ? `Object.hasOwn(v, ${JSON.stringify(name)})` : `(${JSON.stringify(name)} in v)`,
      );
    return indent(join([" +", line], [String(shape.fields.length - optional.length), ...optional]));
  }

  #read(of: string, field: string): string {
    if (!inherited.has(field)) return property(of, field);
    this.#used.add("own");
    return `own(${of}, ${JSON.stringify(field)})`;
  }

  #field(field: FieldShape, place: Place): Layout {
    const value = this.#read("v", field.name);
    const check = this.#value(field.shape, value, place);
    if (!field.optional) return check;
    if (!field.nullish) return both(`${value} !== undefined`, check);
    if (!takesNull(field.shape)) {
      const direct = directName(this.#value(field.shape, "v", place));
      if (direct !== undefined) return this.helper("maybe", direct, value, "strict");
      return both(this.helper("given", value, "strict"), check);
    }
    const words = roleWords((role) => expectation(field.shape, role));
    return group([
      "(",
      `${value} === null`,
      indent([line, `? strict && ${words}`, line, `: ${value} !== undefined && `, check]),
      ")",
    ]);
  }

  #value(shape: Shape, value: string, place: Place): Layout {
    switch (shape.kind) {
      case "string":
        return this.#string(shape, value, place);
      case "number":
        return this.#number(shape, value);
      case "boolean":
        return this.helper("flag", value);
      case "literal":
        return this.#literal(shape, value);
      case "enum":
        return this.#enum(shape, value, place);
      case "json":
        return this.helper("json", value, "1");
      case "nullable":
        return both(`${value} !== null`, this.#value(shape.inner, value, place));
      case "array":
        if (shape.min === undefined && shape.max === undefined && isText(shape.items))
          return this.helper("texts", value);
        return this.helper(
          "array",
          value,
          this.#item(shape.items, place),
          "strict",
          ...bounds(shape.min || undefined, shape.max),
        );
      case "record":
        return this.helper("record", value, this.#item(shape.values, place), "strict");
      case "object":
        if (shape.open && shape.fields.length === 0) return this.helper("open", value);
        return `${this.#nested(shape, place, () => this.#object(shape, place))}(${value}, strict)`;
      case "choice":
        return `${this.#nested(shape, place, () => this.#choice(shape, "v", place))}(${value}, strict)`;
      case "either":
        return this.#either(shape, value, place);
      default:
        throw cannotCompile(shape, place);
    }
  }

  #string(shape: StringShape, value: string, place: Place): Layout {
    const { min, max, points, timestamp, patterns = [] } = shape;
    const alone = min === undefined && max === undefined && patterns.length === 0;
    if (alone && timestamp === undefined && points === undefined) return this.helper("text", value);
    if (alone && points === undefined) return this.helper("timestamp", value);
    if (alone && points !== undefined && timestamp === undefined)
      return this.helper("points", value, String(points[0]), String(points[1]));
    const conditions = [
      `typeof ${value} === "string"`,
      ...(min === undefined ? [] : [`${value}.length >= ${min}`]),
      ...(max === undefined ? [] : [`${value}.length <= ${max}`]),
      ...(points === undefined ? [] : [["!", this.helper("points", value, String(points[0]), String(points[1]))]]),
      ...(timestamp === undefined ? [] : [["!", this.helper("timestamp", value)]]),
      ...patterns.map(({ source, flags }) => {
        const text = String(new RegExp(source, flags));
        return `${this.#constant(text, camelCase(`${place.name}_pattern`), text)}.test(${value})`;
      }),
    ];
    return this.#fits(conditions, shape);
  }

  #number(shape: NumberShape, value: string): Layout {
    const { integer, min, max, above, below } = shape;
    if (above !== undefined || below !== undefined) {
      const compared = (operator: string, bound: number | undefined) =>
        bound === undefined ? [] : [`${value} ${operator} ${bound}`];
      return this.#fits(
        [
          `Number.${integer ? "isSafeInteger" : "isFinite"}(${value})`,
          ...compared(">=", min),
          ...compared("<=", max),
          ...compared(">", above),
          ...compared("<", below),
        ],
        shape,
      );
    }
    if (integer && min === 0 && max === undefined) return this.helper("whole", value);
    return this.helper(integer ? "integer" : "finite", value, ...bounds(min, max));
  }

  #literal(shape: LiteralShape, value: string): Layout {
    const [only] = shape.values;
    if (shape.values.length === 1) return this.helper("literal", value, JSON.stringify(only));
    const conditions = shape.values.map((each) => `${value} === ${JSON.stringify(each)}`);
    return this.helper("fits", join([" ||", line], conditions), JSON.stringify(expectation(shape, "writer")));
  }

  #enum(shape: EnumShape, value: string, place: Place): Layout {
    const members = bracketed(
      "new Set([",
      shape.values.map((each) => JSON.stringify(each)),
      "])",
    );
    const id = `enum ${JSON.stringify(shape.values)}`;
    const set = this.#constant(id, camelCase(shape.name ?? `${place.name}_members`), members);
    return shape.open ? this.helper("openMember", value, set, "strict") : this.helper("member", value, set);
  }

  #fits(conditions: readonly Layout[], shape: Shape): Layout {
    return this.helper("fits", join([" &&", line], conditions), JSON.stringify(expectation(shape, "writer")));
  }

  #choice(shape: ChoiceShape, value: string, place: Place): Layout[] {
    const told = this.#read(value, shape.discriminator);
    const branches = shape.options.map((option): Branch => {
      const values = discriminatorsOf(shape, option);
      const name = camelCase(`${place.name}_${values[0] ?? "option"}`);
      const checker = this.#nested(option, { ...place, name }, () => this.#object(option, { ...place, name }));
      const tests = values.map((each) => `${told} === ${JSON.stringify(each)}`);
      return { test: tests.join(" || "), check: `${checker}(${value}, strict)` };
    });
    return [this.helper("object", value), choose(branches, JSON.stringify(discriminatorExpectation(shape)))];
  }

  #either(shape: EitherShape, value: string, place: Place): Layout {
    const branches = [...shape.options]
      .sort((a, b) => Number(b.kind === "array") - Number(a.kind === "array"))
      .map((option): Branch => ({ test: kindTest(option, value, place), check: this.#value(option, value, place) }));
    return choose(
      branches,
      roleWords((role) => expectation(shape, role)),
    );
  }

  // The name of a function that judges one item of an array or record.
  #item(shape: Shape, place: Place): string {
    const here = { ...place, name: camelCase(itemWordOf(place.name)), path: `${place.path}[]` };
    const check = this.#value(shape, "v", here);
    const direct = directName(check);
    if (direct !== undefined) return direct;
    return this.#nested(shape, here, () => [check]);
  }

  #nested(shape: Shape, place: Place, conditions: () => readonly Layout[]): string {
    const id = `function ${JSON.stringify(plain(shape))}`;
    const known = this.#functions.get(id);
    if (known !== undefined) return known;
    const wanted = "name" in shape && shape.name !== undefined ? camelCase(shape.name) : camelCase(place.name);
    const written = conditions();
    const name = this.#names.take(wanted);
    this.#functions.set(id, name);
    this.#function(name, written);
    return name;
  }

  #constant(id: string, wanted: string, value: Layout): string {
    const known = this.#constants.get(id);
    if (known !== undefined) return known;
    const name = this.#names.take(wanted);
    this.#constants.set(id, name);
    this.#declared.push([`const ${name} = `, value, ";"]);
    return name;
  }
}

interface Branch {
  readonly test: string;
  readonly check: Layout;
}

/** The refusal of what a checker cannot be written for: none is better than one that checks less. */
function cannotCompile(shape: never, { event, path }: Place): ContractError {
  const kind = String((shape as { kind?: unknown } | undefined)?.kind);
  const where = path === "" ? "payload" : `payload.${path}`;
  return new ContractError("schema_unsupported", `${where}: no checker can be written for the kind ${kind}`, { event });
}

function within(place: Place, field: string): Place {
  return {
    event: place.event,
    name: `${place.name}_${field}`,
    path: place.path === "" ? field : `${place.path}.${field}`,
  };
}

function itemWordOf(name: string): string {
  const words = name.split("_");
  return [...words.slice(0, -1), itemWord(words.at(-1) as string)].join("_");
}

// Alternatives: the first refusal counts.
function or(conditions: readonly Layout[]): Layout {
  return join([" ||", line], conditions);
}

function both(test: Layout, check: Layout): Layout {
  return ["(", group([test, " &&", indent([line, check])]), ")"];
}

function choose(branches: readonly Branch[], otherwise: string): Layout {
  const chosen = branches.reduceRight<Layout>(
    (rest, { test, check }) => [test, indent([line, "? ", check, line, ": ", rest])],
    otherwise,
  );
  return group(["(", chosen, ")"]);
}

function roleWords(words: (role: "writer" | "reader") => string): string {
  const [writer, reader] = [words("writer"), words("reader")];
  return writer === reader
    ? JSON.stringify(writer)
    : `(strict ? ${JSON.stringify(writer)} : ${JSON.stringify(reader)})`;
}

function bounds(min: number | undefined, max: number | undefined): string[] {
  if (max !== undefined) return [min === undefined ? "undefined" : String(min), String(max)];
  return min === undefined ? [] : [String(min)];
}

function isText(shape: Shape): boolean {
  const { description: _, name: __, ...bare } = shape;
  return JSON.stringify(bare) === '{"kind":"string"}';
}

function takesNull(shape: Shape): boolean {
  if (shape.kind === "either") return shape.options.some(takesNull);
  return (
    shape.kind === "json" || shape.kind === "nullable" || (shape.kind === "literal" && shape.values.includes(null))
  );
}

// The test that `explain` makes before it looks into an option: of which JSON kind a value is.
function kindTest(option: Shape, value: string, place: Place): string {
  switch (option.kind) {
    case "string":
    case "number":
    case "boolean":
      return `typeof ${value} === "${option.kind}"`;
    case "enum":
      return `typeof ${value} === "string"`;
    case "array":
      return `Array.isArray(${value})`;
    case "object":
    case "record":
    case "choice":
      return `typeof ${value} === "object" && ${value} !== null`;
    case "literal":
      return [
        ...new Set(
          option.values.map((each) => (each === null ? `${value} === null` : `typeof ${value} === "${typeof each}"`)),
        ),
      ].join(" || ");
    default:
      throw cannotCompile(option as never, place);
  }
}

// A shape without what is only said about it.
function plain(shape: Shape): unknown {
  return JSON.parse(
    JSON.stringify(shape, function (this: { kind?: unknown }, key, value: unknown) {
      return (key === "description" || key === "name") && typeof this.kind === "string" ? undefined : value;
    }),
  );
}

// `text` for the code `text(v)`, and `npc` for `npc(v, strict)`: what takes an item as it is.
function directName(check: Layout): string | undefined {
  const text = flatText(check);
  const name = /^([A-Za-z]\w*)\(v(?:, strict)?\)$/.exec(text)?.[1];
  // These take bounds where others take `strict`.
  return name === "integer" || name === "finite" ? undefined : name;
}

function mentions(layout: Layout, word: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(flatText(layout).replace(/"(?:[^"\\]|\\.)*"/g, ""));
}

function flatText(layout: Layout): string {
  if (typeof layout === "string") return layout;
  if (Array.isArray(layout)) return layout.map(flatText).join("");
  const piece = layout as Exclude<Layout, string | readonly Layout[]>;
  if (piece.kind === "line") return piece.flat;
  return piece.kind === "group" || piece.kind === "indent" ? flatText(piece.of) : "";
}
