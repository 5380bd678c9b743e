import { describe, expect, it } from "vitest";
import { LineSplitter } from "../../../src/cli/input/lines.js";
import { MAX_PIECE_BYTES } from "../../../src/cli/input/piece.js";
import { cut, shown } from "./pieces.js";

const lines = (content: string | Buffer, chunkSize?: number) => cut(new LineSplitter(), content, chunkSize).map(shown);

describe("LineSplitter", () => {
  it("numbers lines that end in LF or CRLF, passes blank ones over and needs no last line end", () => {
    expect(lines("a\r\n\r\n \t\nb\nc")).toEqual(["1: a", "4: b", "5: c"]);
    expect(lines("a\n")).toEqual(["1: a"]);
    expect(lines("")).toEqual([]);
    expect(lines("\n\n")).toEqual([]);
  });
  it("finds the same lines however the file falls into chunks", () => {
    const content = '{"あ":"い"}\r\n\n42["x",{}]\n長い行です\r\n最後';
    const whole = lines(content);
    expect(whole).toHaveLength(4);
    for (let size = 1; size <= Buffer.byteLength(content); size++) expect(lines(content, size)).toEqual(whole);
  });
  it("lets go of a line above the limit, takes one at the limit, and goes on behind it", () => {
    const over = Buffer.concat([Buffer.alloc(MAX_PIECE_BYTES + 1, "x"), Buffer.from("\nnext")]);
    expect(lines(over, 1 << 20)).toEqual(["1: !too_long", "2: next"]);
    expect(lines(over)).toEqual(["1: !too_long", "2: next"]);
    const [at, next] = cut(new LineSplitter(), over.subarray(1), 1 << 20);
    expect(at?.text?.length).toBe(MAX_PIECE_BYTES);
    expect(next?.text).toBe("next");
  });
  it("says of a line that is no UTF-8 that it is none", () => {
    expect(lines(Buffer.from([0x61, 0xff, 0x0a, 0x62]))).toEqual(["1: !not_utf8", "2: b"]);
  });
});
