import { describe, expect, it } from "vitest";
import { DocumentSplitter } from "../../../src/cli/input/document.js";
import { MAX_PIECE_BYTES } from "../../../src/cli/input/piece.js";
import { cut, shown } from "./pieces.js";

const values = (content: string, chunkSize?: number) => cut(new DocumentSplitter(), content, chunkSize).map(shown);

describe("DocumentSplitter", () => {
  it("cuts an array at its own commas, on one line or many", () => {
    expect(values('[{"a":[1,{"b":"],}{["}]},\n\n  {"c":2}\n]\n')).toEqual([
      '1#1: {"a":[1,{"b":"],}{["}]}',
      '3#2: {"c":2}',
    ]);
    expect(values('[1,"a,b",[2,3],null]')).toEqual(["1#1: 1", '1#2: "a,b"', "1#3: [2,3]", "1#4: null"]);
    expect(values(" [ \n ] ")).toEqual([]);
  });
  it("takes an object for one piece, and reads on behind it", () => {
    expect(values('\n{\n"a": "}"\n}\n[1]\n{"b":2}')).toEqual(['2: {\n"a": "}"\n}', "5#1: 1", '6: {"b":2}']);
  });
  it("is not led astray by quotes and backslashes in strings", () => {
    expect(values(String.raw`["\"],", "\\", "\\\"]"]`)).toEqual([
      String.raw`1#1: "\"],"`,
      String.raw`1#2: "\\"`,
      String.raw`1#3: "\\\"]"`,
    ]);
  });
  it("keeps one broken element to itself", () => {
    expect(values("[{a},{}{},,2,]")).toEqual(["1#1: {a}", "1#2: {}{}", "1#3: ", "1#4: 2", "1#5: "]);
  });
  it("notices what stands between values, and a file that ends inside one", () => {
    expect(values("[1]\n x\n[2]")).toEqual(["1#1: 1", "2: !stray", "3#1: 2"]);
    expect(values("[1,\n{")).toEqual(["1#1: 1", "1#2: !unfinished"]);
    expect(values("{\n")).toEqual(["1: !unfinished"]);
    expect(values("[1}")).toEqual(["1#1: !stray"]);
    expect(values("[1]]")).toEqual(["1#1: 1", "1: !stray"]);
  });
  it("finds the same values however the file falls into chunks", () => {
    const content = '[\r\n {"い":"\\"あ\\\\"},\n {"b":[1,\n2]}\n]\n{ "c": 3 } x\n [ "last" ]';
    const whole = values(content);
    expect(whole).toHaveLength(5);
    for (let size = 1; size <= Buffer.byteLength(content); size++) expect(values(content, size)).toEqual(whole);
  });
  it("lets go of an element above the limit and goes on behind it", () => {
    expect(values(`["${"x".repeat(MAX_PIECE_BYTES)}",2]`, 1 << 20)).toEqual(["1#1: !too_long", "1#2: 2"]);
  });
});
