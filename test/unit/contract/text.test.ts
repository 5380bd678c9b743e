import { textPattern } from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import { codePoints, textBounds } from "../../../src/contract/text.js";

const texts = [
  "",
  "a",
  "あ",
  "😀",
  "\ud83d",
  "\ude00",
  "\ude00\ud83d",
  "\ud83d\ud83d\ude00",
  "e\u0301",
  "👨‍👩‍👧",
  "a\n\u2028b",
  "𠮷野家",
];

describe("code points", () => {
  it.each(texts)("of %j are counted as the text's iterator counts them", (text) => {
    expect(codePoints(text)).toBe([...text].length);
  });

  it.each(texts)("of %j are bounded by textPattern as they are counted", (text) => {
    const points = codePoints(text);
    expect(textPattern(points, points).test(text)).toBe(true);
    expect(textPattern(points + 1, points + 2).test(text)).toBe(false);
    if (points > 0) expect(textPattern(0, points - 1).test(text)).toBe(false);
  });
});

describe("textBounds", () => {
  it("reads back what textPattern made, and no other pattern", () => {
    expect(textBounds(textPattern(1, 2000))).toEqual([1, 2000]);
    const others: [string, string][] = [
      ["^[^]{1,20}$", ""],
      ["^[^]{1,}$", "u"],
      ["^.{1,20}$", "u"],
      ["[^]{1,20}", "u"],
      ["^[^]{1,20}$", "iu"],
    ];
    for (const [source, flags] of others) expect(textBounds(new RegExp(source, flags))).toBeUndefined();
  });
});
