import { words } from "../contract/expectation.js";
import { isPlainObject } from "../contract/plain-json.js";
import { jsonAt, noProtoKey, passedBy, protoKey } from "./json.js";
import { at, type Judge, refuse } from "./judge.js";

/** The fields of an object, in the order in which they are judged. */
export type FieldJudges = Readonly<Record<string, Judge>>;

/** An object as a reader takes it: further keys are passed by. */
export const closed = (fields: FieldJudges): Judge => object(fields, passedBy);

/** An object as a writer gives it: no further key. */
export const exact = (fields: FieldJudges): Judge => object(fields, (value) => refuse(words.unknownKey, value));

/** An open object: further keys are plain JSON. */
export const open = (fields: FieldJudges = {}): Judge => object(fields, (value) => jsonAt(value, 2));

/** An object whose keys are data. */
export const record = (judge: Judge): Judge => object({}, judge);

function object(fields: FieldJudges, further: Judge): Judge {
  const names = Object.keys(fields);
  const judges = Object.values(fields);
  // Of a name that every object inherits, only the object itself can say whether it is its own; of others it is faster.
  const inherits = names.some((name) => name in Object.prototype);
  return (value) => {
    if (!isPlainObject(value)) return refuse("object", value);
    let known = 0;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const held = inherits ? own(value, name) : value[name];
      if (held !== undefined) known++;
      const refusal = (judges[i] as Judge)(held);
      if (refusal) return at(name, refusal);
    }
    const keys = Object.keys(value);
    // Mostly there is no further key, and no need to look for one.
    for (const key of keys.length === known ? [] : keys) {
      if (Object.hasOwn(fields, key)) continue;
      const refusal = (key === protoKey ? noProtoKey : further)(value[key]);
      if (refusal) return at(key, refusal);
    }
    return undefined;
  };
}

/** An array; generated code says in its own words how many items it has. */
export const list =
  (judge: Judge, expected = "array", min = 0, max = Number.POSITIVE_INFINITY): Judge =>
  (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return refuse(expected, value);
    for (let i = 0; i < value.length; i++) {
      const refusal = judge(value[i]);
      if (refusal) return at(i, refusal);
    }
    return undefined;
  };

/** One of several objects, told apart by a field. */
export const choice =
  (discriminator: string, options: FieldJudges): Judge =>
  (value) => {
    if (!isPlainObject(value)) return refuse("object", value);
    const told = own(value, discriminator);
    const judge = typeof told === "string" ? own(options, told) : undefined;
    if (judge) return (judge as Judge)(value);
    return at(discriminator, refuse(`one of ${Object.keys(options).join(", ")}`, told));
  };

/** Values told apart by their kind. */
export const either =
  (expected: string, ...options: readonly (readonly [test: (value: unknown) => boolean, judge: Judge])[]): Judge =>
  (value) => {
    const option = options.find(([test]) => test(value));
    return option ? option[1](value) : refuse(expected, value);
  };

/** A field that may be missing. */
export const optional =
  (judge: Judge): Judge =>
  (value) =>
    value === undefined ? undefined : judge(value);

/** A value that may be `null`. */
export const nullable =
  (judge: Judge): Judge =>
  (value) =>
    value === null ? undefined : judge(value);

/** A field that may be missing or, to a reader, `null`. */
export const maybe =
  (judge: Judge): Judge =>
  (value) =>
    value === undefined || value === null ? undefined : judge(value);

/** A value that a writer does not give as `null`, though its shape takes that. */
export const present =
  (judge: Judge, expected: string): Judge =>
  (value) =>
    value === null ? refuse(expected, value) : judge(value);

function own<TValue>(value: Readonly<Record<string, TValue>>, name: string): TValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
