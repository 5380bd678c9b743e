import { describe, expect, it } from "vitest";
import { HarSplitter } from "../../../src/cli/input/har.js";
import { cut, shown } from "./pieces.js";

const messages = (content: string, chunkSize?: number) => cut(new HarSplitter(), content, chunkSize).map(shown);

const har = {
  log: {
    _webSocketMessages: [{ decoy: "not in an entry" }],
    version: '1.2", "entries": [{"_webSocketMessages": [1]}]',
    pages: [{ entries: [{ _webSocketMessages: [{ decoy: "in a page" }] }] }],
    entries: [
      {
        request: { url: "a", _webSocketMessages: [{ decoy: "in a request" }] },
        response: { content: { text: '\\"]}' } },
      },
      {
        _webSocketMessages: [
          { type: "send", data: "2probe" },
          { type: "receive", data: '42["x",{"a":"]}"}]' },
        ],
        request: {},
      },
      { _webSocketMessages: [] },
      { _webSocketMessages: { decoy: "no list" } },
      [{ _webSocketMessages: [{ decoy: "in a list" }] }],
      { a: { b: 1 }, _webSocketMessages: [{ type: "send", data: "last" }] },
    ],
    after: [{ _webSocketMessages: [{ decoy: "after" }] }],
  },
};

describe("HarSplitter", () => {
  it("finds the WebSocket messages of entries, and nothing that looks like them elsewhere", () => {
    const found = cut(new HarSplitter(), JSON.stringify(har));
    expect(found.map((piece) => JSON.parse(piece.text as string) as unknown)).toEqual([
      { type: "send", data: "2probe" },
      { type: "receive", data: '42["x",{"a":"]}"}]' },
      { type: "send", data: "last" },
    ]);
    expect(found.map((piece) => (piece as { socket?: number }).socket)).toEqual([1, 1, 3]);
  });
  it("finds the same however the file is laid out and falls into chunks", () => {
    const compact = messages(JSON.stringify(har)).map((line) => line.replace(/^\d+#/, ""));
    const pretty = JSON.stringify(har, null, 2);
    const spread = messages(pretty);
    expect(spread.map((line) => JSON.stringify(JSON.parse(line.slice(line.indexOf(":") + 1))))).toEqual(
      compact.map((line) => line.slice(line.indexOf(":") + 2)),
    );
    for (const size of [1, 2, 3, 7, 64, 333]) expect(messages(pretty, size)).toEqual(spread);
  });
  it("names the line of each message", () => {
    const pretty = JSON.stringify(har, null, 2);
    const line = pretty.split("\n").findIndex((text) => text.includes('"last"'));
    // The object begins two lines above its data.
    expect(messages(pretty).at(-1)).toMatch(new RegExp(`^${line - 1}#1: `));
  });
  it("notices a file that is no HAR", () => {
    for (const text of ["{}", '{"event":"pong","payload":{}}', '{"log":{}}', '{"log":[]}\n'])
      expect(cut(new HarSplitter(), text)).toMatchObject([{ place: { line: 1 }, flaw: "no_har" }]);
    expect(cut(new HarSplitter(), '{"log":{"entries":[]}}')).toEqual([]);
  });
  it("notices a file that ends inside", () => {
    expect(messages('{"log":{"entries":[{"_webSocketMessages":[{"type":"send"},')).toEqual([
      '1#1: {"type":"send"}',
      "1: !unfinished",
    ]);
    expect(messages('{"log":{"a":"')).toEqual(["1: !unfinished"]);
  });
});
