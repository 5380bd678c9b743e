import { derive } from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import { type Derivations, explainDerivations, fill, sourcesOf } from "../../../src/contract/derive.js";
import { contract } from "../../fixtures/contract.js";

const now = Date.UTC(2026, 10, 24, 5, 30, 19, 7);
const all: Derivations = {
  type: derive.eventName(),
  at: derive.now(),
  same: derive.copy("a"),
  total: derive.sum("a", "b", "same"),
  rest: derive.difference("a", "b"),
  words: derive.template("{a} of {total}, {name}: {{a}"),
};

describe("fill", () => {
  it("fills every kind of derivation, each from what was filled before", () => {
    expect(fill(all, "ship_loaded", { a: 7, b: 2, name: "塩" }, now)).toEqual({
      a: 7,
      b: 2,
      name: "塩",
      type: "ship_loaded",
      at: "2026-11-24T05:30:19.007Z",
      same: 7,
      total: 16,
      rest: 5,
      words: "7 of 16, 塩: {7",
    });
  });

  it("leaves what is given as it is, even 0, false, null and the empty text", () => {
    const given = { type: "other", at: "", same: 0, total: false, rest: null, words: "own", a: 1, b: 1, name: "x" };
    expect(fill(all, "ship_loaded", given, now)).toEqual(given);
    expect(fill(all, "ship_loaded", { ...given, type: undefined }, now)).toMatchObject({ type: "ship_loaded" });
  });

  it("leaves out what lacks a source, so that the check names what the caller forgot", () => {
    expect(fill(all, "ship_loaded", { b: 2 }, now)).toEqual({
      b: 2,
      type: "ship_loaded",
      at: "2026-11-24T05:30:19.007Z",
    });
  });

  it("puts a text in as it is: no pattern of replacement, no second reading", () => {
    const twice = { words: derive.template("<{name}>") };
    expect(fill(twice, "e", { name: "$& $1 {a} {name}" }, now)).toMatchObject({ words: "<$& $1 {a} {name}>" });
  });

  it("makes a new object and never touches the caller's", () => {
    const input = Object.freeze({ a: 1, b: 2, name: "x", nested: Object.freeze({}) });
    const filled = fill(all, "e", input, now);
    expect(filled).not.toBe(input);
    expect(filled.nested).toBe(input.nested);
    expect(Object.keys(input)).toEqual(["a", "b", "name", "nested"]);
  });

  it("carries a __proto__ key along as a key, for the check to refuse", () => {
    const filled = fill(all, "e", JSON.parse('{"__proto__":{"a":1,"b":1}}') as object, now);
    expect(Object.hasOwn(filled, "__proto__")).toBe(true);
    expect(filled).not.toHaveProperty("total");
    const payload = contract.events.get("ship_loaded");
    const hostile = payload?.fill(JSON.parse('{"__proto__":{"crates":1}}') as object, now) as object;
    expect(payload?.payload.accepts(hostile, "writer")).toBe(false);
  });

  it("writes the emit's own moment, to the millisecond, in UTC", () => {
    for (const [ms, text] of [
      [0, "1970-01-01T00:00:00.000Z"],
      [Date.UTC(2028, 1, 29, 23, 59, 59, 999), "2028-02-29T23:59:59.999Z"],
    ] as const)
      expect(fill({ at: derive.now() }, "e", {}, ms)).toEqual({ at: text });
  });
});

describe("explainDerivations", () => {
  const agreed = fill(all, "ship_loaded", { a: 7, b: 2, name: "塩" }, now);
  it("finds nothing in what fill made, nor in texts and moments of the caller's own", () => {
    expect(explainDerivations(all, "ship_loaded", agreed)).toBeUndefined();
    expect(
      explainDerivations(all, "ship_loaded", { ...agreed, words: "own", at: "2020-01-01T00:00:00" }),
    ).toBeUndefined();
  });

  it.each([
    ["type", "other", '"ship_loaded"'],
    ["same", 8, "the same as a"],
    ["total", 15, "the sum of a, b, same"],
    ["rest", 6, "a - b"],
    ["rest", "5", "a - b"],
  ])("finds a %s that does not agree", (field, value, expected) => {
    expect(explainDerivations(all, "ship_loaded", { ...agreed, [field]: value })).toEqual({
      path: field,
      expected,
      got: typeof value,
    });
  });

  it("does not miss an absent optional field, nor one that the others are derived from", () => {
    const { rest: _, ...without } = agreed;
    expect(explainDerivations(all, "ship_loaded", without)).toBeUndefined();
    const { b: __, ...lacking } = agreed;
    expect(explainDerivations(all, "ship_loaded", lacking)).toBeUndefined();
  });
});

describe("sourcesOf", () => {
  it("lists the fields that a derivation reads", () => {
    expect(Object.values(all).map(sourcesOf)).toEqual([
      [],
      [],
      ["a"],
      ["a", "b", "same"],
      ["a", "b"],
      ["a", "total", "name", "a"],
    ]);
  });
});
