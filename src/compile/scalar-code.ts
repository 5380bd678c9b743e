import { expectation } from "../contract/expectation.js";
import type { EnumShape, LiteralShape, NumberShape, Shape, StringShape } from "../contract/shape.js";
import { bracketed, join, type Layout, line } from "./layout.js";
import { camelCase } from "./names.js";
import type { Place } from "./place.js";

/** Where code asks for a helper of the runtime, and for a constant of its own. */
export interface CodeBook {
  helper(name: string, ...args: Layout[]): Layout;
  /** The name of the constant `id`, which is declared under the wanted name where it is new. */
  constant(id: string, wanted: string, value: Layout): string;
}

/** Code that judges a text. */
export function stringCode(code: CodeBook, shape: StringShape, value: string, place: Place): Layout {
  const { min, max, points, timestamp, patterns = [] } = shape;
  const alone = min === undefined && max === undefined && patterns.length === 0;
  if (alone && timestamp === undefined && points === undefined) return code.helper("text", value);
  if (alone && points === undefined) return code.helper("timestamp", value);
  if (alone && points !== undefined && timestamp === undefined)
    return code.helper("points", value, String(points[0]), String(points[1]));
  const conditions = [
    `typeof ${value} === "string"`,
    ...(min === undefined ? [] : [`${value}.length >= ${min}`]),
    ...(max === undefined ? [] : [`${value}.length <= ${max}`]),
    ...(points === undefined ? [] : [["!", code.helper("points", value, String(points[0]), String(points[1]))]]),
    ...(timestamp === undefined ? [] : [["!", code.helper("timestamp", value)]]),
    ...patterns.map(({ source, flags }) => {
      const text = String(new RegExp(source, flags));
      return `${code.constant(text, camelCase(`${place.name}_pattern`), text)}.test(${value})`;
    }),
  ];
  return fits(code, conditions, shape);
}

/** Code that judges a number. */
export function numberCode(code: CodeBook, shape: NumberShape, value: string): Layout {
  const { integer, min, max, above, below } = shape;
  if (above !== undefined || below !== undefined) {
    const compared = (operator: string, bound: number | undefined) =>
      bound === undefined ? [] : [`${value} ${operator} ${bound}`];
    return fits(
      code,
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
  if (integer && min === 0 && max === undefined) return code.helper("whole", value);
  return code.helper(integer ? "integer" : "finite", value, ...bounds(min, max));
}

/** Code that judges a literal. */
export function literalCode(code: CodeBook, shape: LiteralShape, value: string): Layout {
  const [only] = shape.values;
  if (shape.values.length === 1) return code.helper("literal", value, JSON.stringify(only));
  const conditions = shape.values.map((each) => `${value} === ${JSON.stringify(each)}`);
  return code.helper("fits", join([" ||", line], conditions), JSON.stringify(expectation(shape, "writer")));
}

/** Code that judges a member of an enum. */
export function enumCode(code: CodeBook, shape: EnumShape, value: string, place: Place): Layout {
  const members = bracketed(
    "new Set([",
    shape.values.map((each) => JSON.stringify(each)),
    "])",
  );
  const id = `enum ${JSON.stringify(shape.values)}`;
  const set = code.constant(id, camelCase(shape.name ?? `${place.name}_members`), members);
  return shape.open ? code.helper("openMember", value, set, "strict") : code.helper("member", value, set);
}

/** Inclusive bounds as arguments; none where both are open. */
export function bounds(min: number | undefined, max: number | undefined): string[] {
  if (max !== undefined) return [min === undefined ? "undefined" : String(min), String(max)];
  return min === undefined ? [] : [String(min)];
}

function fits(code: CodeBook, conditions: readonly Layout[], shape: Shape): Layout {
  return code.helper("fits", join([" &&", line], conditions), JSON.stringify(expectation(shape, "writer")));
}
