import { type Finding, finding, type Subject } from "./finding.js";

/** Says whether a keyword holds what it should. */
export type Test = (value: unknown) => boolean;

export const isText: Test = (value) => typeof value === "string";
const isNumber: Test = (value) => typeof value === "number" && Number.isFinite(value);
export const isBoolean: Test = (value) => typeof value === "boolean";
const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const isList =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const isPattern: Test = (value) =>
  isRecord(value, { source: isText, flags: isText, format: isText }) &&
  compiles(value as { source: string; flags: string });
const isScalar: Test = (value) => value === null || isText(value) || isNumber(value) || isBoolean(value);
const isShape: Test = (value) => foreignKeyword(value) === undefined;
const isField: Test = (value) =>
  isRecord(value, { name: isText, shape: isShape, optional: isBoolean, nullish: isBoolean });

const described = { kind: isText, description: isText, name: isText };

/** What each kind of shape may say; whatever else stands there is unknown to this version. */
const kinds: Readonly<Record<string, Readonly<Record<string, Test>>>> = {
  string: {
    min: isCount,
    max: isCount,
    points: isList(isCount),
    patterns: isList(isPattern),
    timestamp: (value) => value === true,
  },
  number: { integer: isBoolean, min: isNumber, max: isNumber, above: isNumber, below: isNumber },
  boolean: {},
  literal: { values: isList(isScalar) },
  enum: { values: isList(isText), open: isBoolean },
  object: { fields: isList(isField), open: isBoolean },
  array: { items: isShape, min: isCount, max: isCount },
  record: { values: isShape },
  json: {},
  choice: { discriminator: isText, options: isList((option) => isShape(option) && isOfKind(option, "object")) },
  either: { options: isList(isShape) },
  nullable: { inner: isShape },
};

const required: Readonly<Record<string, readonly string[]>> = {
  number: ["integer"],
  literal: ["values"],
  enum: ["values", "open"],
  object: ["fields", "open"],
  array: ["items"],
  record: ["values"],
  choice: ["discriminator", "options"],
  either: ["options"],
  nullable: ["inner"],
};

/** A finding for a payload in a snapshot that says something this version does not know; nothing for one that it does. */
export function unknownKeywords(subject: Subject, shape: unknown, side: "old" | "new"): Finding[] {
  const isPayload = isOfKind(shape, "object") || (isOfKind(shape, "choice") && subject.kind !== "ack");
  const foreign = foreignKeyword(shape) ?? (isPayload ? undefined : "a payload that is no object");
  return foreign === undefined
    ? []
    : [finding("KEYWORD_KNOWN", subject, "", `the ${side} contract says ${foreign}, which this version cannot judge`)];
}

/** The first keyword of a shape that is not known, or does not hold what it should, with its place. */
function foreignKeyword(shape: unknown): string | undefined {
  if (typeof shape !== "object" || shape === null || Array.isArray(shape)) return "no shape at the payload";
  const { kind } = shape as { kind?: unknown };
  const known = typeof kind === "string" && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!known) return `the kind ${JSON.stringify(kind)}`;
  for (const [key, value] of Object.entries(shape)) {
    const test = Object.hasOwn(known, key) ? known[key] : Object.hasOwn(described, key) ? isText : undefined;
    if (!test?.(value)) return `the keyword ${JSON.stringify(key)} of the kind ${kind as string}${nested(value)}`;
  }
  const missing = (required[kind as string] ?? []).find((key) => !Object.hasOwn(shape, key));
  return missing === undefined ? undefined : `the kind ${kind as string} without ${missing}`;
}

function isOfKind(shape: unknown, kind: string): boolean {
  return (shape as { kind?: unknown } | null)?.kind === kind;
}

// Where a keyword holds shapes, the unknown one is further in.
function nested(value: unknown): string {
  const held = Array.isArray(value) ? value : [value];
  for (const each of held) {
    const shape = (each as { shape?: unknown } | null)?.shape ?? each;
    if (typeof (shape as { kind?: unknown } | null)?.kind !== "string") continue;
    const foreign = foreignKeyword(shape);
    if (foreign !== undefined) return ` (${foreign})`;
  }
  return "";
}

/** Says whether an object has no other keys than these, each holding what it should. */
export function isRecord(value: unknown, tests: Readonly<Record<string, Test>>): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([key, held]) => Object.hasOwn(tests, key) && (tests[key] as Test)(held));
}

function compiles({ source, flags }: { source: string; flags: string }): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}
