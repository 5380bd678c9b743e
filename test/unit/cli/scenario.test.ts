import { describe, expect, it } from "vitest";
import { fillIn } from "../../../src/cli/play/scenario.js";

describe("fillIn", () => {
  it("leaves in braces what is none of its words, also a name that every object has", () => {
    const text = "{player} {constructor} {toString} {env.HOME}";
    expect(fillIn({ text }, { player: "ada" })).toEqual({ text: "ada {constructor} {toString} {env.HOME}" });
  });
});
