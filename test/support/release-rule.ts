import type { ContractDiff } from "../../src/export/diff/contract-diff.js";

/**
 * Says why a contract may not be released as it is; `undefined` if it may. What breaks, or cannot be judged, needs a
 * major version and a line under "Wire" in the changelog's first section.
 */
export function releaseProblem({ verdict, actualBump }: ContractDiff, changelog: string): string | undefined {
  if (verdict === "safe") return undefined;
  if (actualBump !== "major") return `the change is ${verdict}: raise the major version of the contract`;
  if (wireLines(changelog).length === 0)
    return `the change is ${verdict}: say so in a line under "Wire" in CHANGELOG.md`;
  return undefined;
}

/** The lines under "Wire" of the latest section. */
function wireLines(changelog: string): string[] {
  const latest = changelog.split(/^## /m)[1] ?? "";
  const wire = latest.split(/^### /m).find((part) => /^Wire\b/.test(part)) ?? "";
  return wire.split("\n").filter((text) => /^\s*[-*] \S/.test(text));
}
