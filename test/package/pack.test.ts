import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdtempSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { temporaryDirectory } from "../support/temporary-directory.js";

const root = resolve(import.meta.dirname, "../..");
const trees = temporaryDirectory().path;

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
};

/** The same tree at another place and time. */
function copyOfTree(): string {
  const folder = mkdtempSync(join(trees, "tree-"));
  for (const name of ["package.json", "README.md", "LICENSE", "dist", "docs", "CHANGELOG.md"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  return folder;
}

function pack(folder: string): string {
  const name = execFileSync("npm", ["pack", "--silent"], { cwd: folder, encoding: "utf8" }).trim();
  return createHash("sha256")
    .update(readFileSync(join(folder, name)))
    .digest("hex");
}

describe("a release", { timeout: 60_000 }, () => {
  it("packs the same tree to the same bytes, and another tree to others", () => {
    const [first, second] = [copyOfTree(), copyOfTree()];
    const digest = pack(first);
    expect(pack(second)).toBe(digest);
    appendFileSync(join(second, "CHANGELOG.md"), "\n");
    expect(pack(second)).not.toBe(digest);
  });

  it("is published by a script that tests first and states where it came from", () => {
    expect(manifest.scripts.release).toBe(
      "npm test && npm run test:slow && npm run docs && npm publish --provenance --access public",
    );
    const workflow = parse(readFileSync(join(root, "docs/publish-workflow.yml"), "utf8")) as {
      readonly permissions: Readonly<Record<string, string>>;
      readonly jobs: { readonly publish: { readonly steps: readonly { readonly run?: string }[] } };
    };
    expect(workflow.permissions["id-token"]).toBe("write");
    expect(workflow.jobs.publish.steps.map(({ run }) => run)).toContain("npm run release");
  });
});
