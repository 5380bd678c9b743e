import { describe, expect, it } from "vitest";
import { fitFields } from "../../../src/server/fit-fields.js";

describe("the library's own events", () => {
  it("take of the fields that are known the most that pass", () => {
    const known = { sid: "s", user: "u", gone: undefined };
    expect(fitFields(known, () => true)).toEqual({ sid: "s", user: "u" });
    expect(fitFields(known, (fields) => Object.keys(fields).join() === "user")).toEqual({ user: "u" });
    expect(fitFields(known, (fields) => Object.keys(fields).length === 0)).toEqual({});
    expect(fitFields(known, () => false)).toBeUndefined();
  });
});
