import { type Finding, finding, type Subject } from "./finding.js";
import { isBoolean, isList, isRecord, isText, type Test } from "./keywords.js";

const oneOf =
  (...words: readonly string[]): Test =>
  (value) =>
    words.includes(value as string);
const isTextOrFalse: Test = (value) => isText(value) || value === false;
// Judged elsewhere, by the keywords of shapes.
const isJudgedAsShape: Test = () => true;

const derivations: Readonly<Record<string, Readonly<Record<string, Test>>>> = {
  event_name: {},
  now: {},
  copy: { field: isText },
  sum: { fields: isList(isText) },
  difference: { minuend: isText, subtrahend: isText },
  template: { text: isText },
};
const isDerivation: Test = (value) => {
  const { kind } = (value ?? {}) as { kind?: unknown };
  const rest = typeof kind === "string" && Object.hasOwn(derivations, kind) ? derivations[kind] : undefined;
  return rest !== undefined && isRecord(value, { kind: isText, ...rest });
};
const isDerivations: Test = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isDerivation);
const isCoalesce: Test = (value) =>
  isRecord(value, { latest: (latest) => latest === true, key: isText, merge: isText });
const isRoomOptions: Test = (value) =>
  isRecord(value, {
    enter: isText,
    join: isText,
    leave: isText,
    joined: isTextOrFalse,
    left: isTextOrFalse,
    memberJoined: isTextOrFalse,
    memberLeft: isTextOrFalse,
  });

const said = { name: isText, summary: isText, since: isText, logFields: isList(isText) };

interface Declaration {
  readonly required: Readonly<Record<string, Test>>;
  readonly optional: Readonly<Record<string, Test>>;
}

/** What each kind of declaration says; whatever else stands there is unknown to this version. */
const declarations: Readonly<Record<Exclude<Subject["kind"], "ack">, Declaration>> = {
  contract: {
    required: {
      format: isText,
      revision: (value) => value === 1,
      name: isText,
      version: isText,
      fingerprint: isText,
      events: Array.isArray,
      commands: Array.isArray,
      rooms: Array.isArray,
      roles: (value) => typeof value === "object" && value !== null && Object.values(value).every(isText),
    },
    optional: {},
  },
  room: { required: { kind: isText, prefix: isText, parameter: isText, options: isRoomOptions }, optional: {} },
  event: {
    required: {
      ...said,
      appName: isText,
      audience: isText,
      lane: oneOf("critical", "normal", "low"),
      recover: isBoolean,
      derive: isDerivations,
      payload: isJudgedAsShape,
    },
    optional: { coalesce: isCoalesce, emitter: isText, deprecated: isText },
  },
  command: {
    required: {
      ...said,
      offline: oneOf("queue", "drop", "reject"),
      refusals: isList(isText),
      payload: isJudgedAsShape,
      ack: isJudgedAsShape,
    },
    optional: { room: isText, serial: oneOf("room"), deprecated: isText },
  },
};

/**
 * Findings for what this version does not know in a declaration, or misses there: a declaration that a later version
 * brought may mean anything.
 */
export function foreignDeclarations(
  subject: Subject & { readonly kind: keyof typeof declarations },
  side: "old" | "new",
  declared: object,
): Finding[] {
  const { required, optional } = declarations[subject.kind];
  const tests = { ...required, ...optional };
  const foreign = Object.entries(declared)
    .filter(([key, value]) => !(Object.hasOwn(tests, key) && tests[key]?.(value)))
    .map(([key]) => `says ${JSON.stringify(key)}, which this version cannot judge`);
  const missing = Object.keys(required)
    .filter((key) => !Object.hasOwn(declared, key))
    .map((key) => `says no ${JSON.stringify(key)}, which cannot be judged`);
  return [...foreign, ...missing].map((words) =>
    finding("KEYWORD_KNOWN", subject, "", `the ${side} contract ${words}`),
  );
}
