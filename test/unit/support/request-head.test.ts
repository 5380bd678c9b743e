import { describe, expect, it } from "vitest";
import { RequestHeadReader, type Segment } from "../../support/request-head.js";

const POLL = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n";
const DECOY = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
const POST = `POST /socket.io/ HTTP/1.1\r\nContent-Length: ${DECOY.length}\r\n\r\n${DECOY}`;
const CHUNKED = `POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n${DECOY.length.toString(16)}\r\n${DECOY}\r\n0\r\n\r\n`;
const UPGRADE = "GET /socket.io/ HTTP/1.1\r\nConnection: Upgrade\r\nupgrade:  WebSocket\r\n\r\n";

function read(text: string, sizes: (left: number) => number): Segment[] {
  const reader = new RequestHeadReader();
  const segments: Segment[] = [];
  for (let at = 0; at < text.length; ) {
    const size = Math.max(1, sizes(text.length - at));
    segments.push(...reader.read(Buffer.from(text.slice(at, at + size), "latin1")));
    at += size;
  }
  const held = reader.end();
  return held ? [...segments, { bytes: held }] : segments;
}

const begins = (segments: Segment[]): (string | undefined)[] =>
  segments.map((segment) => segment.begins).filter((kind) => kind !== undefined);
const textOf = (segments: Segment[]): string =>
  Buffer.concat(segments.map((segment) => segment.bytes)).toString("latin1");

describe("a request head reader", () => {
  const session = POLL + POST + CHUNKED + POLL + UPGRADE + DECOY;
  const expected = ["request", "request", "request", "request", "upgrade"];

  it("finds each request and the upgrade, however the bytes are cut, and changes none of them", () => {
    for (const size of [1, 2, 3, 7, 40, 41, 1_000, session.length]) {
      const segments = read(session, () => size);
      expect([size, begins(segments)]).toEqual([size, expected]);
      expect(textOf(segments)).toBe(session);
    }
  });

  it("passes what is no HTTP as it is and at once", () => {
    const redis = "*1\r\n$4\r\nPING\r\n";
    for (const foreign of [redis, "\u0000\u0001", "PING\r\n", "PING\r\n\r\n", "lower case\r\n\r\n"]) {
      expect(read(foreign, (left) => left)).toEqual([{ bytes: Buffer.from(foreign, "latin1") }]);
    }
  });

  it("holds an incomplete head, and gives it back at the end", () => {
    const reader = new RequestHeadReader();
    expect(reader.read(Buffer.from("GET / HT"))).toEqual([]);
    expect(reader.end()?.toString()).toBe("GET / HT");
  });

  it("gives up on a head without an end", () => {
    const endless = `GET / HTTP/1.1\r\nA: ${"a".repeat(20_000)}`;
    expect(textOf(read(endless, () => 4_096))).toBe(endless);
    expect(begins(read(endless, () => 4_096))).toEqual([]);
  });
});
