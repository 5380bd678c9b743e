import {
  defineEvent,
  type EventDefinition,
  jsonObject,
  jsonValue,
  openEnum,
  textPattern,
  timestampPattern,
} from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import { z as zod3 } from "zod-3.25";
import * as z3 from "zod-3.25/v4";
import type { Schema } from "../../../src/contract/schema.js";
import { toPayloadShape } from "../../../src/contract/to-shape.js";
import { refusalOf } from "../../support/refusal.js";

const shapeOf = (field: unknown) => {
  const shape = toPayloadShape(z.object({ field: field as z.ZodType }), "ship_loaded");
  return shape.kind === "object" ? shape.fields[0] : undefined;
};
const refused = (field: unknown) => refusalOf(() => shapeOf(field));

interface Node {
  readonly value: string;
  readonly next?: Node | undefined;
}
const node: z.ZodType<Node> = z.object({
  value: z.string(),
  get next() {
    return node.optional();
  },
});

const otherJson = [z.number(), z.boolean(), z.null(), z.array(z.string()), z.record(z.string(), z.string())];

const shortKeys: z.ZodType = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(shortKeys), z.record(z.string().max(9), shortKeys)]),
);

const coerced: z.ZodType = z.lazy(() =>
  z.union([z.coerce.string(), z.number(), z.boolean(), z.null(), z.array(coerced), z.record(z.string(), coerced)]),
);

function freshNode(): z.ZodType {
  return z.object({
    get next() {
      return freshNode().optional();
    },
  });
}

describe("a schema that could not travel", () => {
  const transformed = "convert it in the application";
  it.each<[string, unknown, string]>([
    ["a date", z.date(), "write z.string().regex(timestampPattern): JSON has no dates"],
    ["a bigint", z.bigint(), "write z.int(), or a decimal string"],
    ["a map", z.map(z.string(), z.string()), "write z.record(z.string(), …) or an array"],
    ["a set", z.set(z.string()), "write z.array(…): JSON has no sets"],
    ["any", z.any(), "mark it: jsonValue(z.json()), jsonObject(z.looseObject({}))"],
    ["unknown", z.unknown(), "mark it: jsonValue(z.json()), jsonObject(z.looseObject({}))"],
    ["a lazy schema", z.lazy(() => z.string()), "mark any JSON as jsonValue(z.json())"],
    ["unmarked JSON", z.json(), "mark any JSON as jsonValue(z.json())"],
    ["a default", z.string().default("x"), "let `derive` or the application fill it"],
    ["a prefault", z.string().prefault("x"), "let `derive` or the application fill it"],
    ["a default behind optional", z.string().default("x").optional(), "let `derive` or the application fill it"],
    ["a catch", z.string().catch("x"), "a catch hides what was sent"],
    ["a transform", z.string().transform(Number), transformed],
    ["a pipe", z.string().pipe(z.string()), transformed],
    ["a preprocess", z.preprocess(Number, z.number()), transformed],
    ["a codec", z.codec(z.string(), z.number(), { decode: Number, encode: String }), transformed],
    ["a boolean in words", z.stringbool(), transformed],
    ["undefined", z.undefined(), "write .optional()"],
    ["void", z.void(), "write .optional()"],
    ["null", z.null(), "write .nullable() on what stands beside null"],
    ["NaN", z.nan(), "NaN is not JSON"],
    ["a tuple", z.tuple([z.string()]), "write z.object({…}) with named fields"],
    ["an intersection", z.intersection(z.object({}), z.object({})), "write one z.object({ ...a.shape, ...b.shape })"],
    ["a symbol", z.symbol(), "write z.string() or z.enum([…])"],
    ["a file", z.file(), "send a reference to the file"],
    ["readonly", z.array(z.string()).readonly(), "remove it"],
    ["nonoptional", z.string().optional().nonoptional(), "write the field without .optional()"],
    ["a template literal", z.templateLiteral(["a", z.string()]), "write z.string().max(…).regex(…)"],
    ["a custom schema", z.custom<string>(() => true), "custom checks cannot be compiled or exported"],
    ["an instance", z.instanceof(Date), "write"],
    ["never", z.never(), "use the kinds that docs/contract.md lists"],
    ["a promise", z.promise(z.string()), "use the kinds that docs/contract.md lists"],
    ["a coerced text", z.coerce.string(), "check the value as it is on the wire"],
    ["a coerced number", z.coerce.number(), "check the value as it is on the wire"],
    ["a coerced boolean", z.coerce.boolean(), "check the value as it is on the wire"],
    ["a coerced date", z.coerce.date(), "check the value as it is on the wire"],
    ["an optional item", z.array(z.string().optional()), "only a field of an object can be absent"],
    ["an optional in a nullable", z.string().optional().nullable(), "write .optional() on it, last"],
    ["an exact optional", z.string().exactOptional(), "JSON does not tell undefined from absent"],
    ["recursion", node, "it has no bound"],
    ["recursion that makes its schema anew", freshNode(), "it has no bound"],
    ["what is no schema", "text", 'write it with import * as z from "zod/v4"'],
    ["no schema at all", undefined, 'write it with import * as z from "zod/v4"'],
  ])("is refused with what to write instead: %s", (_what, schema, instead) => {
    expect(refused(schema)).toMatch(/^schema_unsupported: ship_loaded: payload\.field/);
    expect(refused(schema)).toContain("is not wire-stable; ");
    expect(refused(schema)).toContain(instead);
  });

  it.each<[string, unknown, string]>([
    ["trim", z.string().trim(), "normalise before sending"],
    ["toLowerCase", z.string().toLowerCase(), "normalise before sending"],
    ["toUpperCase", z.string().toUpperCase(), "normalise before sending"],
    ["normalize", z.string().normalize(), "normalise before sending"],
    ["a refinement of a text", z.string().refine(() => true), 'the check "custom"'],
    ["a refinement of a number", z.number().refine(() => true), 'the check "custom"'],
    ["a refinement of a boolean", z.boolean().refine(() => true), 'the check "custom"'],
    ["a refinement of a literal", z.literal("x").refine(() => true), 'the check "custom"'],
    ["a refinement of an enum", z.enum(["x"]).refine(() => true), 'the check "custom"'],
    ["a refinement of an object", z.object({}).refine(() => true), 'the check "custom"'],
    ["a refinement of an array", z.array(z.string()).refine(() => true), 'the check "custom"'],
    ["a refinement of a record", z.record(z.string(), z.string()).refine(() => true), 'the check "custom"'],
    ["a refinement of a union", z.union([z.string(), z.number()]).refine(() => true), 'the check "custom"'],
    [
      "a refinement of a nullable",
      z
        .string()
        .nullable()
        .refine(() => true),
      'the check "custom"',
    ],
    [
      "a refinement of an optional",
      z
        .string()
        .optional()
        .refine(() => true),
      'the check "custom"',
    ],
    [
      "a refinement of a nullish",
      z
        .string()
        .nullable()
        .refine(() => true)
        .optional(),
      'the check "custom"',
    ],
    ["a refinement of any JSON", jsonValue(z.unknown().refine(() => true)), 'the check "custom"'],
    ["a superRefine", z.string().superRefine(() => undefined), 'the check "custom"'],
    ["an overwrite", z.number().overwrite((value) => value + 1), "normalise before sending"],
    [
      "a bound of a number without end",
      z.number().max(Infinity),
      "a bound that is not finite is not wire-stable; leave it out",
    ],
    ["a bound of a text without end", z.string().max(Infinity), "a bound that is not finite"],
    ["a bound of a list that is no number", z.array(z.int()).min(Number.NaN), "a bound that is not finite"],
    ["a multiple", z.number().multipleOf(5), 'the check "multiple_of"'],
    ["a 32-bit integer", z.int32(), "write z.int() or z.number() with .min(…) and .max(…)"],
    ["a 32-bit float", z.float32(), "write z.int() or z.number() with .min(…) and .max(…)"],
    ["an e-mail address", z.email(), 'the check "email"'],
    ["a URL", z.url(), 'the check "url"'],
    ["a prefix", z.string().startsWith("a"), 'the check "starts_with"'],
    ["a part", z.string().includes("a"), 'the check "includes"'],
    ["a length that is no whole number", z.string().min(1.5), "write one of at least 0"],
    ["a length that is no whole number", z.array(z.string()).max(-1), "write one of at least 0"],
    ["a pattern without a length", z.string().regex(/^a+$/), "add .max(…) before it"],
    ["a pattern that remembers", z.string().max(5).regex(/a/g), "drop g and y"],
    ["a sticky pattern", z.string().max(5).regex(/a/y), "drop g and y"],
  ])("is refused for a check that cannot be compiled and exported: %s", (_what, schema, why) => {
    expect(refused(schema)).toMatch(/^schema_unsupported: ship_loaded: payload\.field/);
    expect(refused(schema)).toContain(why);
  });

  it.each<[string, unknown, string]>([
    ["an unmarked open object", z.looseObject({}), "mark it: jsonObject(z.looseObject({…}))"],
    ["a catch-all of texts", z.object({}).catchall(z.string()), "mark it: jsonObject(z.looseObject({…}))"],
    ["jsonObject of a closed object", jsonObject(z.object({})), "write jsonObject(z.looseObject({…}))"],
    ["jsonObject of a strict object", jsonObject(z.strictObject({})), "write jsonObject(z.looseObject({…}))"],
    [
      "jsonObject of a catch-all of texts",
      jsonObject(z.object({}).catchall(z.string())),
      "write jsonObject(z.looseObject({…}))",
    ],
    ["jsonObject of a record", jsonObject(z.record(z.string(), z.string())), "jsonObject of a record"],
    [
      "jsonObject around nullish",
      jsonObject(z.looseObject({}).nullish() as unknown as z.ZodObject),
      "with .optional() and the like outside",
    ],
    ["openEnum of a text", openEnum(z.string()), "openEnum of a string"],
    ["openEnum of a literal", openEnum(z.literal("x")), "openEnum of a literal"],
    [
      "openEnum around optional",
      openEnum(z.enum(["x"]).optional() as unknown as Schema<string, string>),
      "with .optional() and the like outside",
    ],
    [
      "jsonValue of a text",
      jsonValue(z.string()),
      "jsonValue of a string is not wire-stable; write jsonValue(z.json())",
    ],
    [
      "jsonValue of some JSON",
      jsonValue(z.lazy(() => z.union([z.string().max(3), ...otherJson]))),
      "jsonValue of a lazy",
    ],
    ["jsonValue of JSON whose keys are checked", jsonValue(shortKeys), "jsonValue of a lazy"],
    ["jsonValue of JSON whose texts are coerced", jsonValue(coerced), "jsonValue of a lazy"],
    ["jsonValue of flat JSON", jsonValue(z.lazy(() => z.union([z.string(), ...otherJson]))), "jsonValue of a lazy"],
    ["jsonValue of a lazy schema", jsonValue(z.lazy(() => z.string())), "jsonValue of a lazy"],
    ["jsonValue around nullish", jsonValue(z.json().nullish()), "with .optional() and the like outside"],
    ["an enum of numbers", z.enum({ One: 1, Two: 2 }), "write z.literal([1, 2, …])"],
    ["an enum without members", z.enum([]), "name its members"],
    ["a literal without values", z.literal([]), "give its values"],
    ["a literal bigint", z.literal(1n), "write a string, a finite number, a boolean or null"],
    ["a literal undefined", z.literal(undefined), "write a string, a finite number, a boolean or null"],
    ["a literal that is no number", z.literal(Number.NaN), "write a string, a finite number, a boolean or null"],
    ["a record by enum", z.record(z.enum(["a"]), z.string()), "write z.record(z.string(), …), or name the fields"],
    [
      "a record by pattern",
      z.record(z.string().max(3), z.string()),
      "write z.record(z.string(), …), or name the fields",
    ],
    ["a record by UUID", z.record(z.uuid(), z.string()), "write z.record(z.string(), …), or name the fields"],
    ["a union of two texts", z.union([z.string(), z.enum(["a"])]), "two options may be a string"],
    [
      "a union of two objects",
      z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
      "z.discriminatedUnion",
    ],
    [
      "a union of an object and a record",
      z.union([z.object({}), z.record(z.string(), z.string())]),
      "two options may be a object",
    ],
    ["a union with a literal of its own kind", z.union([z.number(), z.literal(1)]), "two options may be a number"],
    ["a union with any JSON", z.union([jsonValue(z.json()), z.string()]), "a value must tell its option"],
    ["a union with a nullable", z.union([z.string(), z.number().nullable()]), "a value must tell its option"],
    ["a union in a union", z.union([z.string(), z.union([z.number(), z.boolean()])]), "a value must tell its option"],
    [
      "a union told apart by an enum",
      z.discriminatedUnion("k", [z.object({ k: z.enum(["a", "b"]) })]),
      'write k: z.literal("…") in each option',
    ],
    [
      "a union told apart by numbers",
      z.discriminatedUnion("k", [z.object({ k: z.literal(1) })]),
      'write k: z.literal("…") in each option',
    ],
    [
      "a union in a told-apart union",
      z.discriminatedUnion("k", [z.discriminatedUnion("k", [z.object({ k: z.literal("a") })])]),
      'write k: z.literal("…") in each option',
    ],
    [
      "two options of one name",
      z.discriminatedUnion("k", [z.object({ k: z.literal("a") }), z.object({ k: z.literal(["b", "a"]) })]),
      'two options for k "a"',
    ],
  ])("is refused where it would not say what it takes: %s", (_what, schema, why) => {
    expect(refused(schema)).toMatch(/^schema_unsupported: ship_loaded: payload\.field/);
    expect(refused(schema)).toContain(why);
  });

  it("is found and named at any depth", () => {
    const deep = z.object({ list: z.array(z.record(z.string(), z.object({ when: z.date().nullish() }))) });
    expect(refused(deep)).toBe(
      "schema_unsupported: ship_loaded: payload.field.list[].*.when: date is not wire-stable; write z.string().regex(timestampPattern): JSON has no dates",
    );
    expect(refused(z.union([z.string(), z.array(z.date())]))).toContain("payload.field[]: date");
    expect(refused(jsonObject(z.looseObject({ known: z.date() })))).toContain("payload.field.known: date");
    expect(refused(z.discriminatedUnion("k", [z.object({ k: z.literal("a"), when: z.date() })]))).toContain(
      "payload.field.when: date",
    );
  });

  it("is refused as a field called __proto__", () => {
    const fields = Object.defineProperty({}, "__proto__", { value: z.string(), enumerable: true }) as {
      x: z.ZodString;
    };
    expect(refused(z.object(fields))).toContain("a field called __proto__ is not wire-stable; choose another name");
  });

  it("is refused as a whole payload that is no object", () => {
    for (const schema of [
      z.string(),
      z.array(z.object({})),
      z.record(z.string(), z.string()),
      z.object({}).nullable(),
      openEnum(z.enum(["a"])),
    ]) {
      expect(refusalOf(() => toPayloadShape(schema as never, "ship_loaded"))).toContain(
        "write z.object({…}): an event carries one JSON object",
      );
    }
    expect(refusalOf(() => toPayloadShape(z.object({}).optional() as never, "ship_loaded"))).toContain(
      "payload: optional",
    );
  });

  it("is refused where it stands though it was marked: one of zod 3, or none", () => {
    for (const field of [
      zod3.enum(["grain"]),
      openEnum(zod3.enum(["grain"]) as never),
      jsonObject(zod3.object({}).passthrough() as never),
      jsonValue(zod3.any() as never),
      openEnum(["grain"] as never),
      jsonObject(undefined as never),
    ])
      expect(refused(field)).toContain("payload.field: what is no zod 4 schema is not wire-stable");
  });

  it("reaches the author of an event through defineEvent", () => {
    const event = { name: "ship_loaded", appName: "ship:loaded", payload: z.object({ when: z.date() }) };
    expect(refusalOf(() => defineEvent(event as unknown as EventDefinition))).toContain(
      "schema_unsupported: ship_loaded: payload.when",
    );
  });
});

describe.each([
  ["zod 4", z],
  ["zod 3.25", z3 as unknown as typeof z],
])("a schema that can travel, in %s", (_version, zod) => {
  const cases: [string, unknown, object][] = [
    ["a text", zod.string(), { shape: { kind: "string" } }],
    ["a bounded text", zod.string().min(1).max(9), { shape: { kind: "string", min: 1, max: 9 } }],
    ["a text of one length", zod.string().length(3), { shape: { kind: "string", min: 3, max: 3 } }],
    [
      "the tighter of two bounds",
      zod.string().min(1).min(2).max(9).max(8),
      { shape: { kind: "string", min: 2, max: 8 } },
    ],
    ["a text that no length fits", zod.string().max(2).length(3), { shape: { kind: "string", min: 3, max: 2 } }],
    ["a list that no length fits", zod.array(zod.int()).min(2).length(1), { shape: { kind: "array", min: 2, max: 1 } }],
    ["a text in code points", zod.string().regex(textPattern(1, 20)), { shape: { kind: "string", points: [1, 20] } }],
    [
      "both of two bounds",
      zod.string().regex(textPattern(1, 20)).regex(textPattern(2, 30)),
      { shape: { kind: "string", points: [2, 20] } },
    ],
    ["a timestamp", zod.string().regex(timestampPattern), { shape: { kind: "string", timestamp: true } }],
    [
      "a pattern",
      zod.string().max(5).regex(/^a+$/i),
      { shape: { kind: "string", max: 5, patterns: [{ source: "^a+$", flags: "i" }] } },
    ],
    ["a UUID", zod.uuid(), { shape: { kind: "string", patterns: [{ format: "uuid" }] } }],
    ["a date of the calendar", zod.iso.date(), { shape: { kind: "string", patterns: [{ format: "date" }] } }],
    ["a number", zod.number(), { shape: { kind: "number", integer: false } }],
    ["a bounded number", zod.number().min(0).max(1), { shape: { kind: "number", integer: false, min: 0, max: 1 } }],
    [
      "an open-ended number",
      zod.number().gt(0).lt(1),
      { shape: { kind: "number", integer: false, above: 0, below: 1 } },
    ],
    ["an integer", zod.int(), { shape: { kind: "number", integer: true } }],
    [
      "an integer, said otherwise",
      zod.number().int().nonnegative(),
      { shape: { kind: "number", integer: true, min: 0 } },
    ],
    ["a boolean", zod.boolean(), { shape: { kind: "boolean" } }],
    ["a literal", zod.literal(["a", 1, true, null]), { shape: { kind: "literal", values: ["a", 1, true, null] } }],
    ["an enum", zod.enum(["a", "b"]), { shape: { kind: "enum", values: ["a", "b"], open: false } }],
    [
      "an enum of which two members have one value",
      zod.enum({ Open: "open", Active: "open", Shut: "shut" }),
      { shape: { kind: "enum", values: ["open", "shut"] } },
    ],
    ["a literal that is said twice", zod.literal(["a", "a"]), { shape: { kind: "literal", values: ["a"] } }],
    ["an open enum", openEnum(zod.enum(["a", "b"])), { shape: { kind: "enum", open: true } }],
    [
      "a described open enum",
      openEnum(zod.enum(["a"])).describe("x"),
      { shape: { kind: "enum", open: true, description: "x" } },
    ],
    [
      "a nullish open enum",
      openEnum(zod.enum(["a"])).nullish(),
      { optional: true, nullish: true, shape: { kind: "enum", open: true } },
    ],
    ["an optional field", zod.string().optional(), { optional: true, nullish: false, shape: { kind: "string" } }],
    [
      "a nullable field",
      zod.string().nullable(),
      { optional: false, nullish: false, shape: { kind: "nullable", inner: { kind: "string" } } },
    ],
    ["a nullish field", zod.string().nullish(), { optional: true, nullish: true, shape: { kind: "string" } }],
    [
      "a field that is optional twice",
      zod.string().optional().optional().describe("x"),
      { optional: true, nullish: false, shape: { kind: "string", description: "x" } },
    ],
    [
      "the fields of a .partial(), those that were optional before with the others",
      zod.object({ a: zod.string(), b: zod.string().optional(), c: zod.int().nullish().describe("C") }).partial(),
      {
        shape: {
          fields: [
            { name: "a", optional: true, nullish: false, shape: { kind: "string" } },
            { name: "b", optional: true, nullish: false, shape: { kind: "string" } },
            { name: "c", optional: true, nullish: true, shape: { kind: "number", description: "C" } },
          ],
        },
      },
    ],
    ["an object", zod.object({ a: zod.string() }), { shape: { kind: "object", open: false, fields: [{ name: "a" }] } }],
    ["a strict object", zod.strictObject({ a: zod.string() }), { shape: { kind: "object", open: false } }],
    [
      "an open object",
      jsonObject(zod.looseObject({ a: zod.string() })),
      { shape: { kind: "object", open: true, fields: [{ name: "a" }] } },
    ],
    [
      "a described open object",
      jsonObject(zod.looseObject({})).describe("x").nullish(),
      { nullish: true, shape: { kind: "object", open: true } },
    ],
    [
      "an array",
      zod.array(zod.string()).min(1).max(3),
      { shape: { kind: "array", items: { kind: "string" }, min: 1, max: 3 } },
    ],
    [
      "an array that is bounded twice",
      zod.array(zod.string()).min(2).min(1).max(3).max(4),
      { shape: { kind: "array", min: 2, max: 3 } },
    ],
    ["a record", zod.record(zod.string(), zod.number()), { shape: { kind: "record", values: { kind: "number" } } }],
    ["any JSON", jsonValue(zod.json()), { shape: { kind: "json" } }],
    ["any JSON as unknown", jsonValue(zod.unknown()), { shape: { kind: "json" } }],
    [
      "a choice",
      zod.discriminatedUnion("k", [zod.object({ k: zod.literal("a") }), zod.object({ k: zod.literal(["b", "c"]) })]),
      { shape: { kind: "choice", discriminator: "k" } },
    ],
    [
      "a union by kind",
      zod.union([zod.string(), zod.number(), zod.array(zod.string())]),
      { shape: { kind: "either", options: [{ kind: "string" }, { kind: "number" }, { kind: "array" }] } },
    ],
    [
      "a named type",
      zod.enum(["a"]).meta({ description: "A sky" }).nullish().describe("The sky today"),
      { shape: { kind: "enum", description: "The sky today" } },
    ],
  ];
  it.each(cases)("is read as %s", (_what, schema, expected) => {
    expect(shapeOf(schema)).toMatchObject(expected);
    expect(JSON.parse(JSON.stringify(shapeOf(schema)))).toEqual(shapeOf(schema));
  });

  it("keeps the name of a type behind nullish, and a field's own words", () => {
    const sky = zod.enum(["clear"]).meta({ id: `Sky${_version.replace(/\W/g, "")}`, description: "A sky" });
    expect(shapeOf(sky)?.shape).toMatchObject({ name: expect.stringMatching(/^Sky/), description: "A sky" });
    expect(shapeOf(sky.nullish().describe("Today's"))?.shape).toMatchObject({
      name: expect.stringMatching(/^Sky/),
      description: "Today's",
    });
  });
});

describe.each([
  ["zod 4", z],
  ["zod 3.25", z3 as unknown as typeof z],
])("a mark, in %s", (version, zod) => {
  it("is on a copy: where the schema itself, or one described from it, stands elsewhere, it is what it was", () => {
    const cargo = zod.enum(["salt", "tea"]).meta({ id: `Shared cargo of ${version}`, description: "What is carried" });
    const bag = zod.looseObject({ known: zod.string() });
    const open = [openEnum(cargo), openEnum(cargo.describe("x")), openEnum(cargo).describe("y")];
    for (const marked of open) expect(shapeOf(marked)).toMatchObject({ shape: { open: true } });
    jsonObject(bag);
    expect(shapeOf(cargo)).toMatchObject({ shape: { open: false } });
    expect(refused(bag)).toContain("an object with a catch-all");
  });

  it("keeps the name and the words that were given before it", () => {
    const id = `Named cargo of ${version}`;
    const cargo = openEnum(zod.enum(["salt", "tea"]).meta({ id, description: "What is carried" }));
    expect(shapeOf(cargo)?.shape).toMatchObject({ name: id, description: "What is carried" });
    expect(shapeOf(cargo.nullish())?.shape).toMatchObject({ name: id, description: "What is carried" });
  });
});
