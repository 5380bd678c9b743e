import { discriminatorExpectation, expectation } from "../contract/expectation.js";
import {
  type ChoiceShape,
  discriminatorsOf,
  type EitherShape,
  type FieldShape,
  type ObjectShape,
  type PayloadShape,
  type Shape,
  wordless,
} from "../contract/shape.js";
import { type Branch, both, choose, directName, mentions, or, roleWords } from "./code-pieces.js";
import { bracketed, call, group, indent, join, type Layout, line } from "./layout.js";
import { camelCase, inheritedNames, type NameBook, property } from "./names.js";
import { cannotCompile, inside, type Place, within } from "./place.js";
import { bounds, type CodeBook, enumCode, literalCode, numberCode, stringCode } from "./scalar-code.js";
import { isText, kindTest, takesNull } from "./shape-kinds.js";

/** Writes shapes as checkers: one function a payload or nested object, one constant an enum or pattern. */
export class CheckerWriter implements CodeBook {
  readonly #names: NameBook;
  readonly #declared: Layout[] = [];
  /** The names of constants and functions, by what they are. */
  readonly #known = new Map<string, string>();
  readonly #used = new Set<string>();

  /** Takes the names of the file that its code goes to. */
  constructor(names: NameBook) {
    this.#names = names;
  }

  /** Every constant and function, in order. */
  get declared(): readonly Layout[] {
    return this.#declared;
  }

  /** The names of the runtime that the code uses. */
  get used(): readonly string[] {
    return [...this.#used].sort();
  }

  /** Declares the checker of a payload; returns its name. `rules`: what a strict one judges at the end. */
  payload(shape: PayloadShape, wanted: string, event: string, rules: readonly Layout[] = []): string {
    const place = { event, name: wanted.replace(/Payload$/, ""), path: "" };
    const name = this.#names.take(wanted);
    const conditions = [...this.#whole(shape, place)];
    if (rules.length > 0)
      conditions.push(both("strict", rules.length === 1 ? (rules[0] as Layout) : ["(", indent(or(rules)), ")"]));
    this.#function(name, conditions);
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

  #function(name: string, conditions: readonly Layout[]): void {
    const body = or(conditions);
    const parameters = mentions(body, "strict") ? "(v, strict)" : "(v)";
    this.#used.add("type Checker");
    this.#declared.push([`const ${name}: Checker = ${parameters} =>`, group(indent([line, group(body)])), ";"]);
  }

  #object(shape: ObjectShape, place: Place): Layout[] {
    const fields = shape.fields.map((field) => this.#field(field, within(place, field.name)));
    const names = shape.fields.map(({ name }) => JSON.stringify(name));
    const rest = shape.open
      ? this.helper(
          "further",
          "v",
          this.constant(`keys ${names.join()}`, `${camelCase(place.name)}Keys`, bracketed("[", names, "]")),
        )
      : this.helper("keys", "v", "strict", this.#count(shape));
    return [this.#isObject("v"), ...fields, rest];
  }

  // By far the most objects are told by their prototype, read where their fields are: a fifth of a check's time is saved.
  // Where a key of that name hides it, the value is looked at as any other.
  #isObject(value: string): Layout {
    return both(`${value}?.__proto__ !== Object.prototype`, this.helper("object", value));
  }

  // How many of a value's keys are known to its shape, where its required fields are there.
  #count(shape: ObjectShape): Layout {
    const optional = shape.fields
      .filter((field) => field.optional)
      .map(({ name }) =>
        inheritedNames.has(name) ? `Object.hasOwn(v, ${JSON.stringify(name)})` : `(${JSON.stringify(name)} in v)`,
      );
    return indent(join([" +", line], [String(shape.fields.length - optional.length), ...optional]));
  }

  #read(of: string, field: string): string {
    if (!inheritedNames.has(field)) return property(of, field);
    this.#used.add("own");
    return `own(${of}, ${JSON.stringify(field)})`;
  }

  #field(field: FieldShape, place: Place): Layout {
    const value = this.#read("v", field.name);
    if (field.nullish && isText(field.shape)) return this.helper("maybeText", value, "strict");
    const check = this.#value(field.shape, value, place);
    if (!field.optional) return check;
    if (!field.nullish) return both(`${value} !== undefined`, check);
    if (!takesNull(field.shape)) return both(this.helper("given", value, "strict"), check);
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
        return stringCode(this, shape, value, place);
      case "number":
        return numberCode(this, shape, value);
      case "boolean":
        return this.helper("flag", value);
      case "literal":
        return literalCode(this, shape, value);
      case "enum":
        return enumCode(this, shape, value, place);
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

  #choice(shape: ChoiceShape, value: string, place: Place): Layout[] {
    const told = this.#read(value, shape.discriminator);
    const branches = shape.options.map((option): Branch => {
      const values = discriminatorsOf(shape, option);
      const name = camelCase(`${place.name}_${values[0] ?? "option"}`);
      const checker = this.#nested(option, { ...place, name }, () => this.#object(option, { ...place, name }));
      const tests = values.map((each) => `${told} === ${JSON.stringify(each)}`);
      return { test: tests.join(" || "), check: `${checker}(${value}, strict)` };
    });
    return [this.#isObject(value), choose(branches, JSON.stringify(discriminatorExpectation(shape)))];
  }

  #either(shape: EitherShape, value: string, place: Place): Layout {
    const branches = shape.options.map(
      (option): Branch => ({ test: kindTest(option, value, place), check: this.#value(option, value, place) }),
    );
    return choose(
      branches,
      roleWords((role) => expectation(shape, role)),
    );
  }

  // The name of a function that judges one item of an array or record.
  #item(shape: Shape, place: Place): string {
    const here = inside(place);
    const check = this.#value(shape, "v", here);
    const direct = directName(check);
    if (direct !== undefined) return direct;
    return this.#nested(shape, here, () => [check]);
  }

  #nested(shape: Shape, place: Place, conditions: () => readonly Layout[]): string {
    const id = `function ${JSON.stringify(wordless(shape))}`;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const wanted = camelCase(shape.name ?? place.name);
    const written = conditions();
    const name = this.#names.take(wanted);
    this.#known.set(id, name);
    this.#function(name, written);
    return name;
  }

  /** The name of a constant, declared under the wanted name where it is new. */
  constant(id: string, wanted: string, value: Layout): string {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const name = this.#names.take(wanted);
    this.#known.set(id, name);
    this.#declared.push([`const ${name} = `, value, ";"]);
    return name;
  }
}
