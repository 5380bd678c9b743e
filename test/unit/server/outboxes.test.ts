import { expect, it } from "vitest";
import { Outboxes } from "../../../src/server/outboxes.js";

it("loses nothing that is emitted in the middle of a flush, in a room that was to be flushed next", () => {
  const waiting = (name: string) => ({
    emission: { name, payload: "{}", lane: "normal", key: "" } as const,
    recover: true,
    merge: undefined,
    tickets: [],
  });
  const appended: string[] = [];
  const outboxes = new Outboxes((room, events) => {
    for (const { emission } of events) appended.push(`${room} ${emission.name}`);
    if (room !== "one") return;
    // As of an event that does not wait, and then of one that does.
    for (const { emission } of outboxes.before("two")) appended.push(`two ${emission.name}`);
    outboxes.wait("two", waiting("later"));
  });
  outboxes.wait("one", waiting("first"));
  outboxes.wait("two", waiting("second"));
  outboxes.flush();
  outboxes.flush();
  expect(appended).toEqual(["one first", "two second", "two later"]);
});
