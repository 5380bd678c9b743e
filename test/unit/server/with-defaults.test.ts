import { expect, it } from "vitest";
import { withDefaults } from "../../../src/server/with-defaults.js";

it("takes what is given for an option, and the default where nothing, undefined, null or no number is", () => {
  const defaults = { a: 1, b: 2, c: 3, d: 4, e: 5 };
  expect(withDefaults(defaults, { a: 0, b: undefined, c: Number.NaN, e: null }, "backend_invalid", "log")).toEqual({
    ...defaults,
    a: 0,
  });
  for (const nothing of [undefined, null])
    expect(withDefaults(defaults, nothing, "backend_invalid", "log")).toEqual(defaults);
});

it("takes what an instance of a class has from its class, or an object from the one that it was made of", () => {
  class Limits {
    constructor(private readonly seconds: number) {}
    get keepMs() {
      return this.seconds * 1_000;
    }
  }
  const defaults = { keepMs: 1, keepCount: 2 };
  expect(withDefaults(defaults, new Limits(7), "backend_invalid", "log")).toMatchObject({
    keepMs: 7_000,
    keepCount: 2,
  });
  expect(withDefaults(defaults, Object.create({ keepCount: 7 }), "backend_invalid", "log")).toEqual({
    keepMs: 1,
    keepCount: 7,
  });
});

it("refuses what is of another kind than its default, naming it and no value", () => {
  const refused = (given: unknown) => () =>
    withDefaults({ keepMs: 1, isOpen: false, ask: () => 1 }, given as object, "backend_invalid", "log");
  for (const [given, what] of [
    [{ keepMs: "20" }, "log.keepMs: write a number, at least 0"],
    [{ keepMs: -1 }, "log.keepMs: write a number, at least 0"],
    [{ isOpen: "false" }, "log.isOpen: write a boolean"],
    [{ ask: "secret" }, "log.ask: write a function"],
    [7, "log: write an object"],
    ["secret", "log: write an object"],
  ] as const)
    expect(refused(given)).toThrow(`[@gestaloka/events] ${what} (docs/errors.md#backend_invalid)`);
  expect(refused({ keepMs: Number.POSITIVE_INFINITY, another: "20" })).not.toThrow();
});
