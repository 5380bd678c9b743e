import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diffContracts, toSnapshot } from "@gestaloka/events/export";
import { describe, expect, it } from "vitest";
import { root } from "../docs/blocks.js";
import { changes } from "./changes.js";
import { game, toContract } from "./game.js";
import { versions } from "./peers.js";
import { type Run, toPage } from "./report.js";
import { tryChange } from "./trial.js";

describe("the verdict of diff", () => {
  it.each(changes)("is what clients and servers that are out live through: $what", async ({ edit }) => {
    const after = game();
    edit(after);
    const snapshot = (of: typeof after, version: string) => toSnapshot(toContract(of, version));
    const { verdict, findings } = diffContracts(snapshot(game(), "1.0.0"), snapshot(after, "1.1.0"));
    const { holds, missing } = await tryChange(game(), after);
    expect({ verdict, missing, found: findings.map(({ rule }) => rule) }).toMatchObject({
      verdict: holds ? "safe" : "breaking",
    });
  });
});

it("stands beside those of others as the last run of all of today's changes gave them", () => {
  const read = (file: string) => readFileSync(join(root, "docs/benchmarks", file), "utf8");
  const run = JSON.parse(read("verdicts.json")) as Run;
  expect(run.rows.map(({ what }) => what)).toEqual(changes.map(({ what }) => what));
  expect(run.versions).toEqual(versions);
  expect(read("verdicts.md")).toBe(toPage(run));
});
