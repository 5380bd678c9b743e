import { performance } from "node:perf_hooks";
import { afterEach, expect, it, vi } from "vitest";
import type { Lane } from "../../../src/delivery/stored-event.js";
import { Outboxes } from "../../../src/server/outboxes.js";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Each with a key of its own: nothing goes into another. */
const waiting = (name: string, lane: Lane = "normal") => ({
  emission: { name, payload: "{}", lane, key: name } as const,
  recover: true,
  merge: undefined,
  tickets: [],
});

it("loses nothing that is emitted in the middle of a flush, there or in a room that was to be flushed next", () => {
  const appended: string[] = [];
  const outboxes = new Outboxes((room, events) => {
    for (const { emission } of events) appended.push(`${room} ${emission.name}`);
    if (room !== "one" || appended.length > 1) return;
    outboxes.wait("one", waiting("again"));
    // As of an event that does not wait, and then of one that does.
    for (const { emission } of outboxes.before("two")) appended.push(`two ${emission.name}`);
    outboxes.wait("two", waiting("later"));
  });
  outboxes.wait("one", waiting("first"));
  outboxes.wait("two", waiting("second"));
  outboxes.flush();
  outboxes.flush();
  expect(appended).toEqual(["one first", "two second", "one again", "two later"]);
});

it.each(["first", "last"])("gives each room what is due there in its time, where what is due later came %s", (came) => {
  vi.useFakeTimers();
  vi.spyOn(performance, "now").mockImplementation(Date.now);
  const appended: string[] = [];
  const outboxes = new Outboxes((room) => appended.push(room));
  if (came === "first") outboxes.wait("one", waiting("gull", "low"));
  outboxes.wait("two", waiting("tide"));
  if (came === "last") outboxes.wait("one", waiting("gull", "low"));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(60);
  expect(appended).toEqual(["two"]);
  vi.advanceTimersByTime(60);
  expect(appended).toEqual(["two", "one"]);
  // Nothing is kept of rooms in which nothing waits: there may be any number of them, one after the other.
  outboxes.wait("three", waiting("tide"));
  outboxes.before("three");
  expect((outboxes as unknown as { rooms: Map<string, unknown> }).rooms.size).toBe(0);
});

it("gives what waits after a flush in its time, and a batch that is full at once", () => {
  vi.useFakeTimers();
  vi.spyOn(performance, "now").mockImplementation(Date.now);
  const appended: number[] = [];
  const outboxes = new Outboxes((_, events) => appended.push(events.length));
  outboxes.wait("one", waiting("tide"));
  outboxes.flush();
  expect(vi.getTimerCount()).toBe(0);
  for (const name of ["tide", "ship"]) outboxes.wait("one", waiting(name));
  vi.advanceTimersByTime(60);
  expect(appended).toEqual([1, 2]);
  for (let count = 0; count < 100; count++) outboxes.wait("one", waiting(`gull ${count}`, "low"));
  expect(appended).toEqual([1, 2, 100]);
});
