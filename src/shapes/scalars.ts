import { OPEN_ENUM_LENGTH } from "../contract/shape.js";
import { timestampPattern } from "../contract/timestamp.js";
import { type Judge, refuse } from "./judge.js";

const isText = (value: unknown): value is string => typeof value === "string";

/** Whatever passes a test; generated code says in its own words what that is. */
export const fits =
  (test: (value: never) => boolean, expected: string): Judge =>
  (value) =>
    test(value as never) ? undefined : refuse(expected, value);

/** Any text. */
export const text: Judge = (value) => (isText(value) ? undefined : refuse("string", value));

/** A boolean. */
export const flag: Judge = /* @__PURE__ */ fits((value: unknown) => typeof value === "boolean", "boolean");

/** A finite number. */
export const finite: Judge = /* @__PURE__ */ fits(Number.isFinite, "finite number");

/** A safe integer. */
export const integer: Judge = /* @__PURE__ */ fits(Number.isSafeInteger, "integer");

/** A safe integer that is not negative. */
export const whole: Judge = /* @__PURE__ */ fits(
  (value: number) => Number.isSafeInteger(value) && value >= 0,
  "integer, at least 0",
);

/** An ISO 8601 timestamp, as `timestampPattern` takes it. */
export const timestamp: Judge = /* @__PURE__ */ fits(
  (value: unknown) => isText(value) && timestampPattern.test(value),
  "ISO 8601 timestamp",
);

// Spread, since a page loads less for it than for counting; a text that is far too long is not.
const hasPoints = (value: unknown, min: number, max: number) => {
  if (!isText(value) || value.length > max * 2) return false;
  const { length } = [...value];
  return length >= min && length <= max;
};

/** A member of an open enum, known or not. */
export const word: Judge = /* @__PURE__ */ fits(
  (value: unknown) => hasPoints(value, 0, OPEN_ENUM_LENGTH),
  `string of at most ${OPEN_ENUM_LENGTH} code points`,
);

/** A text of `min` to `max` Unicode code points. */
export const points = (min: number, max: number): Judge =>
  fits((value: unknown) => hasPoints(value, min, max), `string, ${min} to ${max} code points`);

/** Exactly this value. */
export const literal = (value: string | number | boolean | null): Judge =>
  fits((given: unknown) => given === value, JSON.stringify(value));

/** A member of an enum. */
export const oneOf = (...values: readonly string[]): Judge =>
  fits((value: never) => values.includes(value), `one of ${values.join(", ")}`);
