import type { Fields, Kind } from "./wire-table.js";

/** A step into a payload: a field, or a position. */
export type Steps = readonly (string | number)[];

/** Values of one kind: taken by both ends, by a reader alone, by neither. */
export interface Samples {
  readonly taken: readonly unknown[];
  readonly readOnly: readonly unknown[];
  readonly refused: readonly unknown[];
}

/** An object in objects, `levels` levels in all. */
export function nested(levels: number): object {
  let value: object = {};
  for (let level = 1; level < levels; level++) value = { inner: value };
  return value;
}

const astral = "𠮷"; // one code point, two UTF-16 units
const poisoned = JSON.parse('{"a":[{"__proto__":{"admin":true}}]}') as object;

const stamps: Samples = {
  taken: [
    "2026-11-24T05:28:59.614747",
    "2026-11-24T05:28:59",
    "2026-11-24T05:28:59.614747+00:00",
    "2026-11-24T05:28:59.614Z",
    "2026-11-24T05:28:59.123456789Z",
    "2026-11-24T05:28:59.1+09:00",
    "2028-02-29T00:00:00Z",
  ],
  readOnly: [],
  refused: [
    "",
    "now",
    1795498139614,
    "2026-11-24",
    "2026-11-24 05:28:59",
    "2026-11-24T05:28",
    "2026-11-24T05:28:59.1234567890Z",
    "2026-11-24T05:28:60Z",
    "2026-11-24T24:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-11-24T05:28:59z",
    "2026-11-24T05:28:59Z\n",
    "2026-11-24T05:28:59+0900",
  ],
};

const notNumbers = ["1", true, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1n, {}, []];
const notSafe = [1.5, Number.MAX_SAFE_INTEGER + 1, Number.MIN_SAFE_INTEGER - 1, ...notNumbers];
const notObjects = ["x", 1, true, [], [{}], new Date(), new Map(), () => 1];

/** Edge values on both sides of the bounds of a kind. */
export function samplesOf(kind: Kind): Samples {
  switch (kind.is) {
    case "text":
      return {
        taken: ["", "x", "あ", "\u0000", "\ud800", "x".repeat(100_000)],
        readOnly: [],
        refused: [1, true, {}, ["x"]],
      };
    case "id":
      return bounded(128);
    case "line":
      return bounded(2000);
    case "flag":
      return { taken: [true, false], readOnly: [], refused: [0, 1, "true", {}] };
    case "stamp":
      return stamps;
    case "number":
      return { taken: [0, -0, -1.5, 1e300, Number.MAX_SAFE_INTEGER + 1], readOnly: [], refused: notNumbers };
    case "seconds":
      return { taken: [0, 0.001, 1e9], readOnly: [], refused: [-0.001, -1, ...notNumbers] };
    case "percent":
      return { taken: [0, 33.3, 100], readOnly: [], refused: [-0.001, 100.001, ...notNumbers] };
    case "integer":
      return { taken: [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER], readOnly: [], refused: notSafe };
    case "count":
      return { taken: [0, 1, Number.MAX_SAFE_INTEGER], readOnly: [], refused: [-1, ...notSafe] };
    case "literal":
      return {
        taken: [kind.value],
        readOnly: [],
        refused: [`${kind.value} `, kind.value.toUpperCase(), "", 1, [kind.value]],
      };
    case "enum":
      return {
        taken: kind.members,
        readOnly: ["", "unheard_of", astral.repeat(64)],
        refused: [astral.repeat(65), "x".repeat(65), 1, {}, [kind.members[0]]],
      };
    case "open":
      return {
        taken: [{}, { a: null, b: [1, "x", { c: false }], "": 0 }, nested(32), Object.create(null) as object],
        readOnly: [],
        refused: [
          ...notObjects,
          nested(33),
          poisoned,
          { a: Number.NaN },
          { a: [Number.POSITIVE_INFINITY] },
          { a: undefined },
          { a: 1n },
          { a: new Date() },
          { a: () => 1 },
        ],
      };
    case "json":
      return {
        taken: ["x", 1.5, true, [], [null], {}, { a: null }, nested(32)],
        readOnly: [],
        refused: [nested(33), poisoned, Number.NaN, 1n, new Date(), [undefined], () => 1],
      };
    case "list":
      return {
        taken: [[], [baseOf(kind.of), baseOf(kind.of)]],
        readOnly: [],
        refused: [{}, "x", { 0: baseOf(kind.of), length: 1 }, [null], [undefined]],
      };
    case "fields": {
      const base = baseOf(kind) as object;
      const withPoison = { ...base, extra: poisoned };
      const further = [
        { ...base, extra: 1 },
        { ...base, extra: null },
      ];
      return kind.open
        ? {
            taken: further,
            readOnly: [],
            refused: [...notObjects, withPoison, { ...base, extra: Number.NaN }, { ...base, extra: nested(32) }],
          }
        : { taken: [], readOnly: [...further, { ...base, extra: nested(100) }], refused: [...notObjects, withPoison] };
    }
    case "variants":
      return { taken: [], readOnly: [], refused: [...notObjects, {}] };
  }
}

function bounded(points: number): Samples {
  return {
    taken: ["x", "x".repeat(points), astral.repeat(points), "\ud800".repeat(points), " \n"],
    readOnly: [],
    refused: ["", "x".repeat(points + 1), astral.repeat(points + 1), "\ud800".repeat(points + 1), 1, {}, ["x"]],
  };
}

/** A plain value of a kind, every optional field given. */
export function baseOf(kind: Kind): unknown {
  switch (kind.is) {
    case "list":
      return [baseOf(kind.of)];
    case "fields":
      return baseOfFields(kind.fields);
    case "enum":
      return kind.members[0];
    case "stamp":
      return "2026-11-24T05:30:20.340406";
    case "open":
    case "json":
      return { key: 1 };
    case "text":
    case "id":
    case "line":
      return "文";
    case "integer":
      return 0;
    case "variants":
      throw new Error("choose a variant");
    default:
      return samplesOf(kind).taken[0];
  }
}

function baseOfFields(fields: Fields): object {
  return Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name.replace("?", ""), baseOf(kind)]));
}

/** Each payload that a kind stands for, by its variant where it has some. */
export function payloadsOf(kind: Kind): Readonly<Record<string, Extract<Kind, { is: "fields" }>>> {
  if (kind.is === "fields") return { "": kind };
  if (kind.is !== "variants") throw new Error("a payload is an object");
  return Object.fromEntries(
    Object.entries(kind.variants).map(([value, fields]) => [
      value,
      { is: "fields", open: false, fields: { [kind.by]: { is: "literal", value }, ...fields } } as const,
    ]),
  );
}

export interface Spot {
  readonly steps: Steps;
  readonly kind: Kind;
  readonly optional: boolean;
}

/** Every place of a payload: fields, fields of fields, items of lists. */
export function* spotsOf(kind: Kind, steps: Steps = []): Generator<Spot> {
  if (kind.is === "list") {
    const here = [...steps, 0];
    yield { steps: here, kind: kind.of, optional: false };
    yield* spotsOf(kind.of, here);
  }
  if (kind.is !== "fields") return;
  for (const [name, field] of Object.entries(kind.fields)) {
    const here = [...steps, name.replace("?", "")];
    yield { steps: here, kind: field, optional: name.endsWith("?") };
    yield* spotsOf(field, here);
  }
}

/** A copy of `payload` with another value at a place; `absent` takes the field away. */
export function changed(payload: object, [step, ...rest]: Steps, value: unknown): object {
  const copy = (Array.isArray(payload) ? [...payload] : { ...payload }) as Record<string | number, unknown>;
  if (step === undefined) return value as object;
  if (rest.length > 0) copy[step] = changed(copy[step] as object, rest, value);
  else if (value === absent) delete copy[step];
  else copy[step] = value;
  return copy;
}

export const absent = Symbol("absent");

/** `npc.skills[0]` */
export function pathOf(steps: Steps): string {
  return steps.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}
