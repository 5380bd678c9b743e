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
import { isReleased, releaseProblem } from "../support/release-rule.js";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const released = readSnapshot(JSON.parse(read("docs/contract/released.json")));
const now = readSnapshot(JSON.parse(JSON.stringify(toSnapshot(contract as never))));

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

  it("is what was released, once the changelog says that this version is out", () => {
    if (isReleased(read("CHANGELOG.md"))) expect(released).toEqual(now);
  });
});

describe("the rule of a release", () => {
  const without = (version: string): ContractSnapshot => ({ ...now, version, events: now.events.slice(1) });
  const problem = (version: string, changelog: string) =>
    releaseProblem(diffContracts({ ...now, version: "1.0.0" }, without(version)), changelog);
  const line = (version: string) =>
    `# Changelog\n\n## 0.2.0 (unreleased)\n\n### Wire\n- Contract ${version}: an event is gone.\n\n### API\n- None.\n`;

  it("lets a breaking change through only with both a major version and a line under Wire that names it", () => {
    expect(problem("2.0.0", line("2.0.0"))).toBeUndefined();
    expect(problem("1.1.0", line("1.1.0"))).toMatch(/raise the major version/);
    expect(problem("2.0.0", "")).toMatch(/line under "Wire"/);
    expect(problem("2.0.0", line("2.0.0").replace(/^- Contract.*$/m, ""))).toMatch(/line under "Wire"/);
    // A line that was there before the change, of another version, or under another heading.
    for (const stale of [line("1.0.0"), line("12.0.0"), line("2.0.01"), line("2.0.0").replace("### Wire", "### API")])
      expect(problem("2.0.0", stale)).toMatch(/names contract 2\.0\.0/);
  });
  it("asks nothing of a contract that did not change", () => {
    expect(releaseProblem(diffContracts(now, now), "")).toBeUndefined();
  });
  it("knows by the changelog's first heading whether a version is out", () => {
    expect(isReleased(line("2.0.0"))).toBe(false);
    expect(isReleased("# Changes\n\n## 0.2.0 (2026-12-01)\n\n## 0.1.0 (unreleased)\n")).toBe(true);
  });
});
