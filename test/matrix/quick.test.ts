import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checks } from "./checks.js";
import { runMatrix } from "./run.js";

it("passes what needs no installation: module systems, types, peers and copies", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "gestaloka-events-matrix-"));
  try {
    const quick = checks.filter((check) => check.quick);
    const results = await runMatrix(quick, folder, "installed", () => {});
    expect(results.length).toBeGreaterThanOrEqual(8);
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
