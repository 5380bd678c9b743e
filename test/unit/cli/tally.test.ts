import { describe, expect, it } from "vitest";
import { totalByEvent, totalOf } from "../../../src/cli/report/report.js";
import type { Verdict } from "../../../src/cli/validate/judge.js";
import { Tally } from "../../../src/cli/validate/tally.js";

const words = { contract: "harbour@1.0.0", as: "reader", failOnEmpty: false } as const;
const bad = (event: string, path = "a"): Verdict => ({
  event,
  direction: "server_to_client",
  problem: { code: "payload_invalid", path, expected: "string", got: "missing" },
});

describe("Tally", () => {
  it("groups what is wrong in the same way in the same file, and keeps the first five places", () => {
    const tally = new Tally();
    const [one, two] = [tally.file("one"), tally.file("two")];
    for (let line = 1; line <= 9; line++) one.add(bad("x"), { line });
    one.add(bad("x", "b"), { line: 10 });
    two.add(bad("x"), { line: 1 });
    const { problems } = tally.report(words);
    expect(
      problems.map(({ file, path, count, places }) => [file, path, count, places.map(({ line }) => line)]),
    ).toEqual([
      ["one", "a", 9, [1, 2, 3, 4, 5]],
      ["one", "b", 1, [10]],
      ["two", "a", 1, [1]],
    ]);
  });
  it("counts every message, however many names and problems a hostile file has", () => {
    const tally = new Tally();
    const file = tally.file("hostile");
    for (let line = 1; line <= 5_000; line++) file.add(bad(`name${line}`), { line });
    const report = tally.report(words);
    expect(totalOf(report, "invalid")).toBe(5_000);
    expect(report.problems.length + report.omitted).toBe(5_000);
    expect(report.problems).toHaveLength(1_000);
    expect(totalByEvent(report)).toHaveLength(1_001);
    expect(totalByEvent(report).reduce((sum, { invalid }) => sum + invalid, 0)).toBe(5_000);
  });
});
