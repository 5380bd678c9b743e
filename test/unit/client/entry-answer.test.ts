import { expect, it } from "vitest";
import { isEntryAnswer } from "../../../src/client/entry-answer.js";

const answer = { ok: true, epoch: "AAAAAAAAAAA", seq: 0, recovered: true };

it.each([{}, { reason: "trimmed" }, { after: 3 }, { data: null }])("takes an answer to an entry with %j", (more) => {
  expect(isEntryAnswer({ ...answer, ...more })).toBe(true);
});

it.each([
  { epoch: undefined },
  { epoch: "a" },
  { seq: -1 },
  { seq: "0" },
  { recovered: undefined },
  { recovered: 1 },
  { reason: 7 },
  { after: "3" },
  { after: 0.5 },
])("takes no answer to an entry with %j", (wrong) => {
  expect(isEntryAnswer({ ...answer, ...wrong })).toBe(false);
});

it("takes nothing else for one", () => {
  for (const value of [undefined, null, true, "ok", []]) expect(isEntryAnswer(value)).toBe(false);
});
