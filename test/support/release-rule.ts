import type { ContractDiff } from "../../src/export/diff/contract-diff.js";

/**
 * Says why a contract may not be released as it is; `undefined` if it may. What breaks, or cannot be judged, needs a
 * major version, and a line under "Wire" in the changelog's first section that names it.
 */
export function releaseProblem({ verdict, actualBump, after }: ContractDiff, changelog: string): string | undefined {
  if (verdict === "safe") return undefined;
  if (actualBump !== "major") return `the change is ${verdict}: raise the major version of the contract`;
  // The section of a package's version may hold lines of an earlier contract: only one that names this version counts.
  const names = new RegExp(`(?<![\\d.])${after.version.replaceAll(".", "\\.")}(?![\\d.]*\\d)`);
  if (!wireLines(changelog).some((line) => names.test(line)))
    return `the change is ${verdict}: say so in a line under "Wire" in CHANGELOG.md that names contract ${after.version}`;
  return undefined;
}

/** Whether the changelog's first section is of a version that is out: its heading does not say "unreleased". */
export function isReleased(changelog: string): boolean {
  const heading = /^## (.+)$/m.exec(changelog)?.[1];
  return heading !== undefined && !/unreleased/i.test(heading);
}

/** The lines under "Wire" of the latest section. */
function wireLines(changelog: string): string[] {
  const latest = changelog.split(/^## /m)[1] ?? "";
  const wire = latest.split(/^### /m).find((part) => /^Wire\b/.test(part)) ?? "";
  return wire.split("\n").filter((text) => /^\s*[-*] \S/.test(text));
}
