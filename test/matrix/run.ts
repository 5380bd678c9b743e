import { pack } from "../support/packed.js";
import type { Check } from "./check.js";
import { Project, type Supply, unpack } from "./project.js";

/** What became of one entry. */
export interface CheckResult {
  readonly name: string;
  /** Without the installation, which entries share. */
  readonly ms: number;
  readonly error?: string;
}

/** Runs the entries one after the other; those with the same packages share a project. */
export async function runMatrix(
  checks: readonly Check[],
  folder: string,
  supply: Supply,
  onResult: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const tarball = pack(folder);
  const packed = { tarball, unpacked: unpack(tarball, folder) };
  const results: CheckResult[] = [];
  for (const group of groups(checks)) {
    let project: Project | undefined;
    for (const check of group) {
      const begun = performance.now();
      let error: string | undefined;
      try {
        project ??= new Project(folder, packed, check.packages, supply);
        await check.run(project);
      } catch (thrown) {
        error = (thrown as Error).message;
      }
      const ms = Math.round(performance.now() - begun);
      const result = { name: check.name, ms, ...(error === undefined ? {} : { error }) };
      results.push(result);
      onResult(result);
    }
    project?.remove();
  }
  return results;
}

function groups(checks: readonly Check[]): Check[][] {
  const byPackages = new Map<string, Check[]>();
  for (const check of checks) {
    const key = JSON.stringify(check.packages);
    byPackages.set(key, [...(byPackages.get(key) ?? []), check]);
  }
  return [...byPackages.values()];
}
