import { explain } from "../../contract/explain.js";
import type { LiteralShape, Shape } from "../../contract/shape.js";
import { pyLiteral } from "./literal.js";
import { isFree, type Plan } from "./plan.js";

/** Where a type stands: a field of a model, a key of a TypedDict, or an argument of an emitter. */
export type Place = "model" | "dict" | "argument";

/** Writes a shape as a Python type. */
export function annotation(shape: Shape, plan: Plan, place: Place): string {
  const type = typeOf(shape, plan, place);
  // To pydantic 1, null is of no Literal.
  return place === "model" && takesNull(shape) ? optional(type) : type;
}

/** Whether null is a value of a shape. */
export function takesNull(shape: Shape): boolean {
  return explain(shape, null, "reader") === undefined;
}

function typeOf(shape: Shape, plan: Plan, place: Place): string {
  switch (shape.kind) {
    case "string":
      return "str";
    case "number":
      return shape.integer ? "int" : "float";
    case "boolean":
      return "bool";
    case "literal":
      if (place === "model" && mistakesNumbers(shape)) return strictUnion([shape], plan);
      return literalType(shape.values);
    case "enum": {
      const name = plan.classOf(shape);
      if (place === "model") return shape.open ? `Union[${name}, str]` : name;
      return place === "dict" ? `${name}Value` : `Union[${name}, ${name}Value]`;
    }
    case "object": {
      if (isFree(shape)) return place === "argument" ? "Mapping[str, Any]" : "dict[str, Any]";
      const name = plan.classOf(shape);
      // A TypedDict takes no key of the application's own, a dictionary of them is of no other type.
      const own = shape.open ? ", Mapping[str, Any]" : "";
      return { model: name, dict: `${name}Payload`, argument: `Union[${name}, ${name}Payload${own}]` }[place];
    }
    case "choice": {
      const name = plan.classOf(shape);
      return { model: name, dict: `${name}Payload`, argument: `Union[${name}, ${name}Payload]` }[place];
    }
    case "array": {
      const item = annotation(shape.items, plan, place);
      return place === "argument" ? `Sequence[${item}]` : `list[${item}]`;
    }
    case "record": {
      const value = annotation(shape.values, plan, place);
      return place === "argument" ? `Mapping[str, ${value}]` : `dict[str, ${value}]`;
    }
    case "json":
      return "Any";
    case "either":
      if (place === "model") return strictUnion(shape.options, plan);
      return `Union[${shape.options.map((option) => annotation(option, plan, place)).join(", ")}]`;
    case "nullable":
      return optional(annotation(shape.inner, plan, place));
  }
}

// pydantic 1 takes the first type that it can make a value into, "5" for a number, 5 for a text, [] for an object: what
// is strict, or made of the fewest kinds, stands first.
const ranks: Partial<Record<Shape["kind"], number>> = { number: 1, object: 2, record: 2, choice: 2 };
const rankOf = (shape: Shape) => (saysBoolean(shape) ? -1 : (ranks[shape.kind] ?? 0));

function strictUnion(options: readonly Shape[], plan: Plan): string {
  const types = [...options]
    .sort((one, other) => rankOf(one) - rankOf(other))
    .map((option) => {
      if (option.kind === "string") return "pydantic.StrictStr";
      if (option.kind === "boolean") return "pydantic.StrictBool";
      // To pydantic 1, 0 is a Literal[False].
      if (option.kind === "literal" && saysBoolean(option)) {
        const others = option.values.filter((value) => typeof value !== "boolean");
        return ["pydantic.StrictBool", ...(others.length === 0 ? [] : [literalType(others)])].join(", ");
      }
      const isOpen = option.kind === "enum" && option.open;
      return isOpen ? `${plan.classOf(option)}, pydantic.StrictStr` : annotation(option, plan, "model");
    });
  return `Union[${types.join(", ")}]`;
}

// To pydantic 1, 1 is True where both are members.
function mistakesNumbers({ values }: LiteralShape): boolean {
  return [0, 1].some((number) => values.includes(number) && values.includes(number === 1));
}

function saysBoolean(shape: Shape): boolean {
  return (
    shape.kind === "boolean" || (shape.kind === "literal" && shape.values.some((value) => typeof value === "boolean"))
  );
}

/** `T` or `None`, said once. */
export function optional(type: string): string {
  return type === "Any" || type.startsWith("Optional[") ? type : `Optional[${type}]`;
}

function literalType(values: readonly (string | number | boolean | null)[]): string {
  // Literal[…] takes no floats, and with pydantic 2 no integer of more than 64 bits.
  const fraction = values.some((value) => typeof value === "number" && !Number.isSafeInteger(value));
  const said = values.filter((value) => !fraction || typeof value !== "number").map(pyLiteral);
  if (!fraction) return `Literal[${said.join(", ")}]`;
  // To pydantic 1, what is no number but can be made into one, as False or "5", is a float.
  return said.length === 0 ? "float" : `Union[Literal[${said.join(", ")}], float]`;
}
