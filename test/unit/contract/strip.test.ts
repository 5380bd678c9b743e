import { jsonObject, jsonValue } from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import { strip } from "../../../src/contract/strip.js";
import { toPayloadShape } from "../../../src/contract/to-shape.js";
import { contract } from "../../fixtures/contract.js";

const stripped = (schema: z.ZodType, value: unknown) =>
  (strip(toPayloadShape(z.object({ field: schema }), "ship_loaded"), { field: value }) as { field?: unknown }).field;
const inner = z.object({ a: z.string().optional() });
const more = { a: "x", b: 1 };

describe("strip", () => {
  it.each<[string, z.ZodType, unknown, unknown]>([
    ["an object", inner, more, { a: "x" }],
    ["an array", z.array(inner), [more, {}], [{ a: "x" }, {}]],
    ["a record", z.record(z.string(), inner), { one: more, two: {} }, { one: { a: "x" }, two: {} }],
    ["a nullable", inner.nullable(), more, { a: "x" }],
    ["a null", inner.nullable(), null, null],
    [
      "a choice",
      z.discriminatedUnion("k", [z.object({ k: z.literal("x"), a: z.string() }), z.object({ k: z.literal("y") })]),
      { k: "y", a: "x" },
      { k: "y" },
    ],
    ["a union, as an object", z.union([z.string(), inner]), more, { a: "x" }],
    ["a union, as an array", z.union([z.array(inner), inner]), [more], [{ a: "x" }]],
    ["a union, as a text", z.union([z.string(), inner]), "x", "x"],
    [
      "an open object, whose further keys are the application's",
      jsonObject(z.looseObject({ known: inner })),
      { known: more, own: more },
      { known: { a: "x" }, own: more },
    ],
    ["any JSON", jsonValue(z.json()), more, more],
  ])("takes unknown keys out of %s", (_what, schema, value, expected) => {
    expect(stripped(schema, value)).toEqual(expected);
  });

  it("copies, and leaves what it was given alone", () => {
    const given = Object.freeze({ field: Object.freeze({ ...more }) });
    const shape = toPayloadShape(z.object({ field: inner }), "ship_loaded");
    expect(strip(shape, given)).toEqual({ field: { a: "x" } });
    expect(given.field).toEqual(more);
  });

  it("takes no key from a prototype", () => {
    expect(stripped(inner, Object.create({ a: "inherited" }))).toEqual({});
  });

  it("hands a handler no key that the contract does not know", () => {
    const command = contract.commands.get("load_ship");
    const sent = { quay_id: "q", ship_id: "s", crates: 1, admin: true, constructor: { prototype: {} } };
    expect(command?.payload.accepts(sent, "reader")).toBe(true);
    expect(command?.known(sent)).toEqual({ quay_id: "q", ship_id: "s", crates: 1 });
  });
});
