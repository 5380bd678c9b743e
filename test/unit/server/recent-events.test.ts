import { expect, it } from "vitest";
import { RecentEvents } from "../../../src/server/recent-events.js";

it("knows the names of at least a room's last 1,024 events, by epoch and number, and keeps no more than twice as many", () => {
  const recent = new RecentEvents();
  const last = 5_000;
  for (let seq = 1; seq <= last; seq++) {
    recent.note("a", seq, `e${seq}`);
    for (const known of [seq, Math.max(1, seq - 1_023)]) expect(recent.at("a", known)).toBe(`e${known}`);
  }
  expect(recent.at("a", last - 2_048)).toBeUndefined();
  expect(recent.at("a", last + 1)).toBeUndefined();
  expect(recent.at("b", last)).toBeUndefined();
  const { first } = recent.bounds("a");
  expect(recent.bounds("a")).toEqual({ first, last });
  expect([recent.at("a", first - 1), recent.at("a", first)]).toEqual([undefined, `e${first}`]);
  const { first: none, last: end } = recent.bounds("b");
  expect(end).toBeLessThan(none);
});

it("begins anew with another epoch, and where an event is not the next", () => {
  const recent = new RecentEvents();
  for (const seq of [7, 8]) recent.note("a", seq, `a${seq}`);
  recent.note("b", 9, "b9");
  expect([recent.at("a", 8), recent.at("b", 8), recent.at("b", 9)]).toEqual([undefined, undefined, "b9"]);
  recent.note("b", 12, "b12");
  expect([9, 10, 12].map((seq) => recent.at("b", seq))).toEqual([undefined, undefined, "b12"]);
});
