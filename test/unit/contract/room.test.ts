import { describe, expect, it } from "vitest";
import { contract } from "../../fixtures/contract.js";
import { refusalOf } from "../../support/refusal.js";

const sound = ["q", "q".repeat(128), "港-1", "a b", "user_1", "quay_", "é", "😀", "../..", "*", "ｑ", "\u200b"];
const broken: [string, unknown][] = [
  ["nothing", ""],
  ["129 units", "q".repeat(129)],
  ["129 units in 65 code points", `q${"😀".repeat(64)}`],
  ["a line feed", "a\nb"],
  ["a zero", "a\0"],
  ["a delete", "a\u007f"],
  ["a C1 control", "a\u0085"],
  ["a line separator", "a\u2028"],
  ["a paragraph separator", "a\u2029"],
  ["half a pair", "\ud83d"],
  ["the other half", "a\ude00"],
  ["a decomposed letter", "e\u0301"],
  ["a letter that composes to another", "\u212b"],
  ["a number", 1],
  ["nothing at all", undefined],
  ["an object", { toString: () => "q" }],
];

describe("a room's name", () => {
  it.each(sound)("is made of the identifier %j and taken apart again", (id) => {
    const name = contract.rooms.quay(id);
    expect(name).toBe(`quay_${id}`);
    expect(contract.parseRoom(name)).toEqual({ kind: "quay", id });
  });

  it.each(broken)("is not made of %s", (_what, id) => {
    expect(refusalOf(() => contract.rooms.quay(id as string))).toBe(
      "room_invalid: quay_…: write a text of 1 to 128 characters, NFC, no control characters",
    );
    if (typeof id === "string") expect(contract.parseRoom(`quay_${id}`)).toBeUndefined();
  });

  it("is no name of another contract, no prefix alone, and no text around one", () => {
    for (const text of ["", "quay", "quay_", "Quay_1", " quay_1", "berth_1", "__proto__", "constructor", "toString"])
      expect(contract.parseRoom(text)).toBeUndefined();
  });

  it("tells a kind by its prefix, whatever the identifier looks like", () => {
    expect(contract.parseRoom("sailor_quay_1")).toEqual({ kind: "sailor", id: "quay_1" });
    expect(contract.parseRoom("quay_sailor_1")).toEqual({ kind: "quay", id: "sailor_1" });
  });
});
