import { expect, it } from "vitest";
import { withDefaults } from "../../../src/server/with-defaults.js";

it("takes what is given for an option, and the default where nothing, undefined, null or no number is", () => {
  const defaults = { a: 1, b: 2, c: 3, d: 4, e: 5 };
  expect(withDefaults(defaults, { a: 0, b: undefined, c: Number.NaN, e: null })).toEqual({
    ...defaults,
    a: 0,
  });
  expect(withDefaults(defaults, undefined)).toEqual(defaults);
});
