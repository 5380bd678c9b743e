import { expect, it } from "vitest";
import { AppendIds } from "../../../src/server/append-ids.js";

function sizeOf(ids: AppendIds): number {
  return (ids as unknown as { known: Map<string, unknown> }).known.size;
}

it("knows what number a named emit was given for a minute, and then keeps nothing of it", () => {
  const ids = new AppendIds();
  ids.add("one", "a", 7, 0);
  ids.add("two", "a", 8, 30_000);
  expect(ids.find("one", "a", 59_999)).toBe(7);
  expect(ids.find("one", "a", 60_000)).toBeUndefined();
  ids.sweep(60_000);
  expect(sizeOf(ids)).toBe(1);
  expect(ids.find("two", "a", 60_000)).toBe(8);
});

it("keeps nothing for longer because of an id that is used again as its minute ends", () => {
  const ids = new AppendIds();
  ids.add("one", "a", 7, 0);
  ids.add("two", "b", 8, 1_000);
  ids.add("one", "a", 9, 60_000);
  ids.sweep(61_000);
  expect(sizeOf(ids)).toBe(1);
  expect(ids.find("one", "a", 61_000)).toBe(9);
});
