import { findProtoKey, isPlainObject } from "../contract/plain-json.js";
import * as words from "../contract/words.js";
import { at, type Judge, refuse } from "./judge.js";

/** The fields of an object, in the order in which they are judged. */
export type FieldJudges = Readonly<Record<string, Judge>>;

/** An object as a reader takes it: further keys are passed by. */
export const closed = (fields: FieldJudges): Judge => object(fields, findProtoKey);

/** An object as a writer gives it: no further key. */
export const exact = (fields: FieldJudges): Judge => object(fields, (value) => refuse(words.unknownKey, value));

/** An object whose keys are data. */
export const record = (judge: Judge): Judge => object({}, judge);

export function object(fields: FieldJudges, further: Judge): Judge {
  const names = Object.keys(fields);
  const judges = Object.values(fields);
  return (value) => {
    if (!isPlainObject(value)) return refuse("object", value);
    let known = 0;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const held = value[name];
      if (held !== undefined) known++;
      const refusal = (judges[i] as Judge)(held);
      if (refusal) return at(name, refusal);
    }
    const keys = Object.keys(value);
    // Mostly there is no further key, and no need to look for one.
    for (const key of keys.length === known ? [] : keys) {
      if (Object.hasOwn(fields, key)) continue;
      const refusal = key === "__proto__" ? refuse(words.protoKey, value[key]) : further(value[key]);
      if (refusal) return at(key, refusal);
    }
    return undefined;
  };
}

/** An object of whose fields some have names that every object inherits: it is judged by what is its own. */
export const ownFields =
  (judge: Judge): Judge =>
  (value) =>
    judge(isPlainObject(value) ? { __proto__: null, ...value } : value);

/** An array. */
export const list =
  (judge: Judge): Judge =>
  (value) => {
    if (!Array.isArray(value)) return refuse("array", value);
    for (let i = 0; i < value.length; i++) {
      const refusal = judge(value[i]);
      if (refusal) return at(i, refusal);
    }
    return undefined;
  };

/** One of several objects, told apart by a field. */
export const choice = (discriminator: string, options: FieldJudges): Judge => {
  const judges = new Map(Object.entries(options));
  return (value) => {
    if (!isPlainObject(value)) return refuse("object", value);
    const told = value[discriminator];
    const judge = judges.get(told as string);
    return judge ? judge(value) : at(discriminator, refuse(`one of ${[...judges.keys()].join(", ")}`, told));
  };
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
