import { deliveryReport } from "@gestaloka/events/client";
import { expect, it } from "vitest";

const hourMs = 3_600_000;
const meta = (at: number | undefined, replayed = false) => ({ room: "quay_q1", seq: 1, at, replayed });

it("measures by the server's clock, which it knows from the quickest round trip", () => {
  let now = 1_000;
  const report = deliveryReport(() => now);
  report.received("gull_seen", meta(hourMs + 990));
  expect(report.take()).toEqual({ latency: {}, resync: {} });
  // An hour ahead. The way back took 30 ms of the first, and half of the second.
  now = 1_040;
  report.answered(40, { heads: [], at: hourMs + 1_010 });
  now = 1_050;
  report.answered(4, { heads: [], at: hourMs + 1_048 });
  now = 1_060;
  report.answered(80, { heads: [], at: hourMs + 990 });
  report.received("gull_seen", meta(hourMs + 1_057));
  now = 1_075;
  report.handled("gull_seen", meta(hourMs + 1_057));
  expect(report.take()).toEqual({
    latency: {
      gull_seen: [
        [2, 1, 3],
        [4, 1, 18],
      ],
    },
    resync: {},
  });
});

it("forgets the round trips from before a clock was set, however quick they were", () => {
  let now = 1_000;
  const report = deliveryReport(() => now);
  report.answered(2, { at: 5_000 });
  now += hourMs;
  report.answered(80, { at: 5_000 });
  report.received("gull_seen", meta(4_990));
  const { latency } = report.take() as { readonly latency: { readonly gull_seen: readonly [readonly number[]] } };
  // It is 5,040 there, as far as that can be known.
  expect(latency.gull_seen[0]).toEqual([5, 1, 50]);
});

it("passes over what came out of a log and what bears no time, and takes no latency for less than none", () => {
  const report = deliveryReport(() => 500);
  report.answered(0, { at: 500 });
  report.received("gull_seen", meta(100, true));
  report.received("gull_seen", meta(undefined));
  report.received("ship_loaded", meta(510));
  expect(report.take()).toEqual({ latency: { ship_loaded: [[0, 1, 0], []] }, resync: {} });
});

it("says again what no answer came to, and nothing twice that was answered", () => {
  const report = deliveryReport(() => 500);
  report.answered(0, { at: 500 });
  report.received("gull_seen", meta(497));
  report.resynced("gap_lost");
  const first = report.take();
  expect(first).toEqual({ latency: { gull_seen: [[2, 1, 3], []] }, resync: { gap_lost: 1 } });
  report.received("gull_seen", meta(496));
  report.received("tide_turned", meta(300));
  expect(report.take()).toEqual({
    latency: { gull_seen: [[2, 2, 7], []], tide_turned: [[7, 1, 200], []] },
    resync: { gap_lost: 1 },
  });
  report.answered(0, { at: 500 });
  expect(report.take()).toEqual({ latency: {}, resync: {} });
});
