import { describe, expect, it } from "vitest";
import { formatOf } from "../../../src/cli/input/format.js";

const format = (text: string, name = "capture.txt", bare = false) => formatOf(name, Buffer.from(text), bare);

describe("formatOf", () => {
  it("takes lines for lines, whole or cut off", () => {
    expect(format("")).toBe("lines");
    expect(format('42["x",{}]\n')).toBe("lines");
    expect(format('{"event":"x"}')).toBe("lines");
    expect(format('\n\n{"event":"x"}\n{"event":"y"}\n')).toBe("lines");
    expect(format('{"event":"x","args":[{"a":"cut\n{"event":"y"}\n')).toBe("lines");
    expect(format('{"event":"x","args":[\n{"event":"y"}\n')).toBe("lines");
    expect(format('{"event":"x","args":[{"a":"long')).toBe("lines");
    expect(format("no JSON\n[1]")).toBe("lines");
  });
  it("takes arrays, and objects over several lines, for documents", () => {
    expect(format('  [{"event":"x"}]')).toBe("document");
    expect(format("[\n")).toBe("document");
    expect(format('{\n  "event": "x"\n}')).toBe("document");
    expect(format('{\r\n  "event": "x"\r\n}')).toBe("document");
    expect(format('{"event":\n{"a":1},\n"payload":{}}')).toBe("document");
  });
  it("knows a HAR file by its name or beginning, unless values are payloads", () => {
    expect(format('{"creator":{}', "a.HAR")).toBe("har");
    expect(format('\n{\n "log" : {')).toBe("har");
    expect(format('{"log":{}}', "a.har", true)).toBe("lines");
    expect(format('{"log":"42[]"}\n')).toBe("lines");
  });
});
