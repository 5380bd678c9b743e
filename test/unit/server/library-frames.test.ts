import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnnouncement } from "../../../src/server/announcement.js";
import { readHeads } from "../../../src/server/heads.js";
import { readPageRequest } from "../../../src/server/paging.js";

const epoch = "AAAAAAAAAAA";
const seed = 20_261_124;

/** Whatever a stranger may send, with the keys that the frames know often among them. */
const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(
    fc.constantFrom(
      "v",
      "contract",
      "client",
      "cursors",
      "epoch",
      "after",
      "limit",
      "stats",
      "room",
      "seq",
      "__proto__",
      "toString",
    ),
    fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(1, -1, 0.5, 1e300, epoch, "quay_q1", Number.NaN, [], {})),
  ),
);

describe("the frames that clients send", () => {
  it("take whatever a stranger sends without throwing, and give back nothing but what was asked for", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const announcement = readAnnouncement(value);
        if (announcement) expect(Object.keys(announcement)).toEqual(["contract", "client", "cursors"]);
        const page = readPageRequest(value);
        if (page) expect(Number.isSafeInteger(page.after) && page.limit >= 1 && page.limit <= 1_000).toBe(true);
        const { cursors, stats } = readHeads(value);
        expect(cursors.length).toBeLessThanOrEqual(100);
        expect(Object.values(stats).every(Number.isFinite)).toBe(true);
        expect(({} as { admin?: unknown }).admin).toBeUndefined();
      }),
      { seed, numRuns: 5_000 },
    );
  });

  it("read an announcement, and no more cursors than there are rooms to enter", () => {
    const said = {
      v: 1,
      contract: "harbour@1.0.0",
      client: "c-1",
      cursors: [{ room: "sailor_ada", epoch, seq: 4 }],
      more: 1,
    };
    expect(readAnnouncement(said)).toEqual({
      contract: "harbour@1.0.0",
      client: "c-1",
      cursors: [{ room: "sailor_ada", cursor: { epoch, seq: 4 } }],
    });
    expect(readAnnouncement({ ...said, cursors: undefined })?.cursors).toEqual([]);
    expect(readAnnouncement({ ...said, cursors: new Array(1_000).fill({ room: "a" }) })?.cursors.length).toBeLessThan(
      10,
    );
    expect(readAnnouncement({ ...said, cursors: [null, 1, { room: 1 }] })?.cursors).toEqual([]);
    for (const wrong of [
      { v: 2 },
      { v: "1" },
      { contract: "x".repeat(129) },
      { client: "" },
      { client: "a b" },
      { client: "x".repeat(65) },
    ])
      expect(readAnnouncement({ ...said, ...wrong })).toBeUndefined();
  });

  it("read a page's request, and bound its length", () => {
    expect(readPageRequest({ epoch, after: 3, limit: 5 })).toEqual({ epoch, after: 3, limit: 5 });
    expect(readPageRequest({ epoch, after: 0, limit: 1e9 })).toEqual({ epoch, after: 0, limit: 1_000 });
    for (const wrong of [
      { epoch: "short" },
      { after: -1 },
      { after: 0.5 },
      { after: "3" },
      { limit: 0 },
      { limit: Number.NaN },
    ])
      expect(readPageRequest({ epoch, after: 3, limit: 5, ...wrong })).toBeUndefined();
  });

  it("read cursors and numbers out of a report, and pass over the rest", () => {
    const body = {
      cursors: [
        { room: "quay_q1", epoch, seq: 2 },
        { room: 7, epoch, seq: 2 },
        { room: "quay_q1", epoch, seq: -2 },
        null,
      ],
      stats: JSON.parse('{"received":5,"latency":1.5,"note":"x","__proto__":7,"nested":{}}'),
    };
    const { cursors, stats } = readHeads(body);
    expect(cursors).toEqual([{ room: "quay_q1", epoch, seq: 2 }]);
    expect(Object.entries(stats)).toEqual([
      ["received", 5],
      ["latency", 1.5],
    ]);
  });
});
