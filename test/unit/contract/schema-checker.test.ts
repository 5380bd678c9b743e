import {
  checkEvent,
  defineContract,
  defineEvent,
  jsonObject,
  jsonValue,
  openEnum,
  type Role,
  room,
  textPattern,
  timestampPattern,
} from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import * as z3 from "zod-3.25/v4";
import type { ObjectSchema, Schema } from "../../../src/contract/schema.js";
import { schemaChecker } from "../../../src/contract/schema-checker.js";
import { toPayloadShape } from "../../../src/contract/to-shape.js";
import { contract as quays } from "../../fixtures/contract.js";

const checkerOf = (schema: ObjectSchema) => schemaChecker(schema, toPayloadShape(schema, "ship_loaded"));

describe.each([
  ["zod 4", z],
  ["zod 3.25", z3 as unknown as typeof z],
])("the checker of a schema of %s", (version, zod) => {
  const cargo = openEnum(zod.enum(["salt", "tea"]).meta({ id: `Cargo of ${version}` }));
  const schema = zod.object({
    ship: zod.string().regex(textPattern(1, 8)),
    cargo,
    also: zod.array(cargo).nullish(),
    crates: zod.int().min(0),
    share: zod.number().lt(1).optional(),
    hold: jsonObject(zod.looseObject({ captain: zod.string().nullish() })),
    by_port: zod.record(zod.string(), zod.object({ crates: zod.int() })),
    order: zod.discriminatedUnion("kind", [
      zod.strictObject({ kind: zod.literal("buy"), price: zod.number(), cargo }),
      zod.object({ kind: zod.literal(["sell", "give"]) }),
    ]),
    reason: zod.union([zod.string(), zod.strictObject({ code: zod.int(), cargo: cargo.optional() }), zod.array(cargo)]),
    extra: jsonValue(zod.json()).optional(),
    at: zod.string().regex(timestampPattern),
    port: zod.string().nullable(),
  });
  const sound = {
    ship: "Ada",
    cargo: "salt",
    crates: 1,
    hold: { captain: "Bo", deck: [1] },
    by_port: { east: { crates: 1 } },
    order: { kind: "buy", price: 1.5, cargo: "tea" },
    reason: "none",
    at: "2026-11-24T05:30:19",
    port: null,
  };
  const checker = checkerOf(schema);
  const said = (value: unknown, role: Role) => {
    const found = checker.explain(value, role);
    expect(checker.accepts(value, role)).toBe(found === undefined);
    return found ? `${found.path}: ${found.expected} / ${found.got}` : "accepted";
  };

  it("takes what is sound, from both ends", () => {
    for (const role of ["writer", "reader"] as const) {
      expect(said(sound, role)).toBe("accepted");
      expect(
        said(
          { ...sound, extra: null, also: ["tea"], share: 0.5, port: "east", order: { kind: "give" }, reason: [] },
          role,
        ),
      ).toBe("accepted");
    }
  });

  it.each<[string, object, string]>([
    ["an unknown key", { flag: 1 }, "flag: no such key / number"],
    [
      "an unknown key in a strict object of a choice",
      { order: { ...sound.order, flag: 1 } },
      "order.flag: no such key / number",
    ],
    [
      "an unknown key in a strict object of a union",
      { reason: { code: 1, flag: 1 } },
      "reason.flag: no such key / number",
    ],
    [
      "an unknown key in a record's value",
      { by_port: { east: { crates: 1, flag: 1 } } },
      "by_port.east.flag: no such key / number",
    ],
    ["an unknown member", { cargo: "rum" }, "cargo: one of salt, tea / string"],
    ["an unknown member in a list", { also: ["tea", "rum"] }, "also[1]: one of salt, tea / string"],
    [
      "an unknown member in a choice",
      { order: { ...sound.order, cargo: "rum" } },
      "order.cargo: one of salt, tea / string",
    ],
    ["an unknown member in a union", { reason: { code: 1, cargo: "rum" } }, "reason.cargo: one of salt, tea / string"],
    ["an unknown member in a list of a union", { reason: ["rum"] }, "reason[0]: one of salt, tea / string"],
    ["null for absent", { also: null }, "also: array / null"],
    ["null for absent in an open object", { hold: { captain: null } }, "hold.captain: string / null"],
  ])("lets a reader live with %s, and refuses it from a writer", (_what, change, refusal) => {
    expect(said({ ...sound, ...change }, "reader")).toBe("accepted");
    expect(said({ ...sound, ...change }, "writer")).toBe(refusal);
  });

  it.each<[string, object, string]>([
    ["a wrong kind", { crates: "1" }, "crates: integer, at least 0 / string"],
    ["a missing field", { ship: undefined }, "ship: string, 1 to 8 code points / missing"],
    ["a long text", { ship: "😀".repeat(9) }, "ship: string, 1 to 8 code points / string"],
    ["an unsafe integer", { crates: 2 ** 53 }, "crates: integer, at least 0 / number"],
    ["NaN", { share: Number.NaN }, "share: finite number, below 1 / non-finite number"],
    ["a bound that is out", { share: 1 }, "share: finite number, below 1 / number"],
    ["null where there is no nullish", { share: null }, "share: finite number, below 1 / null"],
    ["a member of 65 code points", { cargo: "x".repeat(65) }, "cargo: "],
    ["a member that is no text", { cargo: 1 }, "cargo: "],
    ["an unknown option", { order: { kind: "lend" } }, "order.kind: one of buy, sell, give / string"],
    ["a broken option", { order: { kind: "buy", price: "1", cargo: "tea" } }, "order.price: finite number / string"],
    ["no option of a union", { reason: 1 }, "reason: string or object or array / number"],
    ["a broken option of a union", { reason: { code: 1.5 } }, "reason.code: integer / number"],
    ["a broken value of a record", { by_port: { "a b": { crates: null } } }, 'by_port["a b"].crates: integer / null'],
    ["what is no JSON", { extra: [new Date()] }, "extra[0]: plain JSON / object"],
    ["what is no JSON in an open object", { hold: { deck: [undefined] } }, "hold.deck[0]: plain JSON / missing"],
    [
      "a key __proto__ in a record",
      { by_port: JSON.parse('{"__proto__":{"crates":1}}') as object },
      "by_port.__proto__: no __proto__ key / object",
    ],
    [
      "a key __proto__ of an unknown key",
      { order: { kind: "sell", more: JSON.parse('{"__proto__":1}') as object } },
      "order.more",
    ],
    ["an array for an object", { hold: [] }, "hold: object / array"],
    ["an instance for an object", { hold: new Map() }, "hold: object / object"],
    ["a wrong timestamp", { at: "2026-11-24" }, "at: ISO 8601 timestamp / string"],
    ["a number beside null", { port: 1 }, "port: string / number"],
  ])("refuses %s from both ends, in the same words as the walk", (_what, change, refusal) => {
    for (const role of ["writer", "reader"] as const)
      expect(said({ ...sound, ...change }, role).startsWith(refusal), said({ ...sound, ...change }, role)).toBe(true);
  });

  it("counts texts in UTF-16 units, whichever zod says them", () => {
    const bounded = checkerOf(
      zod.object({ least: zod.string().min(2), most: zod.string().max(2), exact: zod.string().length(2) }),
    );
    const given = (text: string) => ({ least: text, most: text, exact: text });
    for (const role of ["writer", "reader"] as const) {
      expect(bounded.explain(given("😀"), role)).toBeUndefined();
      expect(bounded.explain({ ...given("ab"), most: "😀😀" }, role)).toMatchObject({ path: "most" });
      expect(bounded.explain({ ...given("ab"), exact: "😀a" }, role)).toMatchObject({ path: "exact" });
    }
  });

  it("takes a record for one, whatever its keys", () => {
    const records = checkerOf(
      zod.object({ counts: zod.record(zod.string(), zod.int()), any: jsonValue(zod.json()).optional() }),
    );
    for (const role of ["writer", "reader"] as const) {
      expect(records.explain({ counts: { constructor: 1 }, any: [{ constructor: { a: 1 } }] }, role)).toBeUndefined();
      expect(records.explain({ counts: { constructor: "1" } }, role)).toMatchObject({ path: "counts.constructor" });
    }
  });

  it("takes what every object inherits for no field of it", () => {
    const names = checkerOf(
      zod.object({
        toString: zod.string().optional(),
        inner: zod.array(zod.object({ constructor: zod.union([zod.string(), zod.int()]).optional() })),
      }),
    );
    for (const role of ["writer", "reader"] as const) {
      expect(names.explain({ inner: [{}] }, role)).toBeUndefined();
      expect(names.explain({ inner: [{ constructor: true }] }, role)).toMatchObject({ path: "inner[0].constructor" });
    }
  });

  it("goes as deep as 32 levels into an open object, and not on through a stranger's 100,000", () => {
    const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`) as object;
    expect(said({ ...sound, hold: nested(32), extra: nested(32) }, "reader")).toBe("accepted");
    expect(said({ ...sound, hold: nested(33) }, "reader")).toContain("at most 32 levels / object");
    expect(said({ ...sound, extra: nested(33) }, "reader")).toContain("at most 32 levels / object");
    let deep: object = {};
    for (let level = 0; level < 100_000; level++) deep = { a: deep };
    for (const change of [{ hold: deep }, { extra: deep }, { by_port: deep }, { reason: deep }])
      expect(said({ ...sound, ...change }, "reader")).not.toBe("accepted");
    expect(said({ ...sound, unknown: deep }, "reader")).toBe("accepted");
  });
});

describe("zod", () => {
  it("has the last word where the walk would let a value pass", () => {
    // A schema that says more than its shape: what no definition lets through, and what a slip in the walk would be.
    const narrow = z.object({ crates: z.int().min(5), order: z.object({ note: z.string().max(3) }).optional() });
    const wide = z.object({ crates: z.int(), order: z.object({ note: z.string() }).optional() });
    const checker = schemaChecker(narrow, toPayloadShape(wide, "ship_loaded"));
    expect(checker.accepts({ crates: 5 }, "reader")).toBe(true);
    for (const role of ["writer", "reader"] as const) {
      expect(checker.accepts({ crates: 4 }, role)).toBe(false);
      expect(checker.explain({ crates: 4 }, role)).toMatchObject({ path: "crates", got: "number" });
      expect(checker.explain({ crates: 5, order: { note: "long" } }, role)).toMatchObject({
        path: "order.note",
        got: "string",
      });
    }
  });

  it("is not overruled for a reader by an unknown key or member beside what it refuses", () => {
    const cargo = openEnum(z.enum(["salt"]));
    const narrow = z.object({ cargo, crates: z.int().min(5) });
    const checker = schemaChecker(narrow, toPayloadShape(z.object({ cargo, crates: z.int() }), "ship_loaded"));
    expect(checker.accepts({ cargo: "rum", crates: 5, flag: 1 }, "reader")).toBe(true);
    expect(checker.explain({ cargo: "rum", crates: 4, flag: 1 }, "reader")).toMatchObject({ path: "crates" });
    const unions = z.object({ reason: z.union([z.string(), z.strictObject({ code: z.int().min(5) })]) });
    const wide = z.object({ reason: z.union([z.string(), z.strictObject({ code: z.int() })]) });
    const union = schemaChecker(unions, toPayloadShape(wide, "ship_loaded"));
    expect(union.accepts({ reason: { code: 5, flag: 1 } }, "reader")).toBe(true);
    expect(union.accepts({ reason: { code: 4, flag: 1 } }, "reader")).toBe(false);
  });

  it("of version 3.25 makes a whole contract that works", () => {
    const shipLoaded = defineEvent({
      name: "ship_loaded",
      appName: "ship:loaded",
      audience: "quay",
      payload: z3.object({
        crates: z3.int().min(0),
        cargo: openEnum(z3.enum(["salt", "tea"])),
        note: z3.string().nullish(),
      }),
      lane: "normal",
      recover: true,
      summary: "Crates were loaded.",
      since: "1.0.0",
      examples: {
        valid: [{ crates: 1, cargo: "salt" }],
        invalid: [{ path: "crates", payload: { crates: -1, cargo: "salt" } }],
      },
    });
    const harbour = defineContract({
      name: "harbour",
      version: "1.0.0",
      events: [shipLoaded],
      commands: [],
      rooms: { quay: room("quay_{quay_id}", {}) },
    });
    const { payload } = harbour.events.get("ship_loaded") ?? {};
    expect(payload?.accepts({ crates: 1, cargo: "rum", note: null, more: 1 }, "reader")).toBe(true);
    expect(payload?.accepts({ crates: 1, cargo: "rum" }, "writer")).toBe(false);
    expect(payload?.explain({ crates: 1.5, cargo: "tea" }, "writer")).toEqual({
      path: "crates",
      expected: "integer, at least 0",
      got: "number",
    });
  });

  it("throws what reading the value throws, and nothing else: checkEvent makes a refusal of it", () => {
    const checker = checkerOf(z.object({ a: z.string() }) as Schema<object, object>);
    const trap = {
      get a(): string {
        throw new Error("no");
      },
    };
    expect(() => checker.accepts(trap, "reader")).toThrow("no");
    expect(checkEvent(quays, "ship_loaded", trap, { as: "reader" })).toMatchObject({ ok: false });
  });
});

it("looks at a value no more often for the new words in it, however many there are", () => {
  const word = openEnum(z.enum(["salt", "tea"]));
  const checker = checkerOf(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("all") }),
      z.object({ kind: z.literal("some"), cargo: z.union([z.string(), z.array(word)]) }),
    ]),
  );
  let reads = 0;
  const words = Array.from({ length: 4_000 }, () => "silk");
  const cargo = new Proxy(words, {
    get(target, name) {
      reads++;
      return Reflect.get(target, name) as unknown;
    },
  });
  expect(checker.accepts({ kind: "some", cargo }, "reader")).toBe(true);
  expect(reads).toBeLessThan(20 * words.length);
});
