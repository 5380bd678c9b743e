import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnnouncement } from "../../../src/server/announcement.js";
import { readReport } from "../../../src/server/client-report.js";
import { readCursors } from "../../../src/server/heads.js";
import { readPageRequest } from "../../../src/server/paging.js";
import { contract } from "../../fixtures/contract.js";

const epoch = "AAAAAAAAAAA";
const seed = 20_261_124;

const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(1, -1, 0.5, 1e300, epoch, "quay_q1", Number.NaN, [], {}, undefined),
);
const mostly = <Sound>(sound: fc.Arbitrary<Sound>) => fc.oneof({ arbitrary: sound, weight: 7 }, junk);
const cursor = fc.record({
  room: mostly(fc.constant("quay_q1")),
  epoch: mostly(fc.constant(epoch)),
  seq: mostly(fc.nat()),
});
const buckets = fc.array(mostly(fc.nat(20)), { maxLength: 9 });

/** Whatever a stranger may send, often in the place of a part of a sound frame; one has what belongs in any of them. */
const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.record({
    v: mostly(fc.constant(1)),
    contract: mostly(fc.constant("harbour@1.0.0")),
    client: mostly(fc.constant("c-1")),
    cursors: mostly(fc.array(mostly(cursor), { maxLength: 200, size: "max" })),
    epoch: mostly(fc.constant(epoch)),
    after: mostly(fc.nat()),
    limit: mostly(fc.nat()),
    latency: mostly(
      fc.dictionary(fc.constantFrom("ship_loaded", "toString", "__proto__"), mostly(fc.array(mostly(buckets)))),
    ),
    resync: mostly(fc.dictionary(fc.constantFrom("gap_lost", "toString", "__proto__"), mostly(fc.nat()))),
  }),
);

describe("the frames that clients send", () => {
  it("take whatever a stranger sends without throwing, and give back nothing but what was asked for", () => {
    const read = new Set<string>();
    fc.assert(
      fc.property(hostile, (value) => {
        const announcement = readAnnouncement(value);
        if (announcement) {
          read.add("announcement");
          expect(Object.keys(announcement)).toEqual(["contract", "client", "cursors"]);
        }
        const page = readPageRequest(value);
        if (page) {
          read.add("page");
          expect([page.after, page.limit].every(Number.isSafeInteger) && page.limit >= 1).toBe(true);
        }
        const cursors = readCursors(value);
        if (cursors.length > 0) read.add("cursors");
        expect(cursors.length).toBeLessThanOrEqual(100);
        const { measurements, resyncs } = readReport(contract, value);
        for (const { event, ms, times } of measurements) {
          read.add("measurements");
          expect(contract.events.has(event) && ms >= 0 && Number.isFinite(ms)).toBe(true);
          expect(Number.isSafeInteger(times) && times > 0 && times <= 10_000).toBe(true);
        }
        for (const [reason, times] of resyncs) {
          read.add("resyncs");
          expect([reason, times > 0 && times <= 10_000]).toEqual(["gap_lost", true]);
        }
        expect(({} as { admin?: unknown }).admin).toBeUndefined();
      }),
      { seed, numRuns: 1_000 },
    );
    // What is never read was never tried either.
    expect([...read].sort()).toEqual(["announcement", "cursors", "measurements", "page", "resyncs"]);
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

  it("read a page's request", () => {
    expect(readPageRequest({ epoch, after: 3, limit: 5 })).toEqual({ epoch, after: 3, limit: 5 });
    expect(readPageRequest({ epoch, after: 0, limit: 1e9 })).toEqual({ epoch, after: 0, limit: 1e9 });
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

  it("read cursors out of a report, and pass over the rest", () => {
    const body = {
      cursors: [
        { room: "quay_q1", epoch, seq: 2 },
        { room: 7, epoch, seq: 2 },
        { room: "quay_q1", epoch, seq: -2 },
        null,
      ],
      stats: {},
    };
    expect(readCursors(body)).toEqual([{ room: "quay_q1", epoch, seq: 2 }]);
    expect(readCursors({ cursors: new Array(1_000).fill({ room: "quay_q1", epoch, seq: 2 }) })).toHaveLength(100);
  });

  it("read latencies of events of the contract, each within its bucket, and no more than anybody can have measured", () => {
    const latency = JSON.parse(
      '{"ship_loaded":[[0,2,1.5,4,1,9e9],[14,1,40000]],"tide_turned":[[3,99999999,9e9],[1,-1,0]],"gull_seen":7,"made_up":[[0,1,1]],"__proto__":[[0,1,1]]}',
    );
    const { measurements, resyncs } = readReport(contract, { latency, resync: { gap_lost: 2, made_up: 1 } });
    expect(measurements).toEqual([
      { histogram: "receive", event: "ship_loaded", lane: "critical", ms: 0.75, times: 2 },
      { histogram: "receive", event: "ship_loaded", lane: "critical", ms: 20, times: 1 },
      { histogram: "handled", event: "ship_loaded", lane: "critical", ms: 40_000, times: 1 },
      { histogram: "receive", event: "tide_turned", lane: "normal", ms: 10, times: 9_996 },
    ]);
    expect(resyncs).toEqual([["gap_lost", 2]]);
  });
});
