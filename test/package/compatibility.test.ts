import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { diffContracts } from "../../src/export/diff/contract-diff.js";
import { readIgnoreList } from "../../src/export/diff/ignore-list.js";
import { readSnapshot } from "../../src/export/diff/read-snapshot.js";
import { toDiffReport } from "../../src/export/diff/report.js";
import { exportDocument, exportFormats } from "../../src/export/documents.js";
import { type ContractSnapshot, toSnapshot } from "../../src/export/snapshot.js";
import { contract } from "../../src/gestaloka/contract.js";
import { releaseProblem } from "../support/release-rule.js";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const released = readSnapshot(JSON.parse(read("docs/contract/released.json")));
const now = toSnapshot(contract as never);

describe("the catalogue", () => {
  it("is exported as it is now; npm run generate mends it", () => {
    const stale = exportFormats
      .map((format) => exportDocument(contract as never, format))
      .filter(({ file, text }) => read(join("docs/contract", file)) !== text);
    expect(stale.map(({ file }) => file)).toEqual([]);
  });

  it("breaks no deployed peer of the last release, or says so by a major version and a line under Wire", () => {
    const ignoreFile = join(root, "docs/contract/ignore.json");
    const ignore = existsSync(ignoreFile) ? readIgnoreList(JSON.parse(readFileSync(ignoreFile, "utf8"))) : [];
    const diff = diffContracts(released, now, { ignore, today: new Date().toISOString().slice(0, 10) });
    const changelog = existsSync(join(root, "CHANGELOG.md")) ? read("CHANGELOG.md") : "";
    expect(releaseProblem(diff, changelog), toDiffReport(diff, "text")).toBeUndefined();
  });
});

describe("the rule of a release", () => {
  const without = (version: string): ContractSnapshot => ({ ...now, version, events: now.events.slice(1) });
  const problem = (version: string, changelog: string) =>
    releaseProblem(diffContracts(now, without(version)), changelog);
  const line = (version: string) =>
    `# Changelog\n\n## ${version}\n\n### Wire\n- An event is gone.\n\n### API\n- None.\n`;

  it("lets a breaking change through only with both a major version and its line under Wire", () => {
    expect(problem("2.0.0", line("2.0.0"))).toBeUndefined();
    expect(problem("1.1.0", line("1.1.0"))).toMatch(/raise the major version/);
    expect(problem("2.0.0", "")).toMatch(/line under "Wire"/);
    expect(problem("2.0.0", line("2.0.0").replace("- An event is gone.", ""))).toMatch(/line under "Wire"/);
  });
  it("asks nothing of a contract that did not change", () => {
    expect(releaseProblem(diffContracts(now, now), "")).toBeUndefined();
  });
});
