import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md") && !name.startsWith("docs/contract/"));

interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```(?:tsx?|js)\n([\s\S]*?)^```/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length,
    code: match[1] as string,
  }));
}

const snippets = pages.flatMap(snippetsOf);
// Inside the project, so that packages and the path aliases of tsconfig.json resolve.
const folder = mkdtempSync(join(root, "test/docs/.snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the documents' code", () => {
  it("is there in README.md", () => {
    expect(snippets.filter(({ page }) => page === "README.md").length).toBeGreaterThanOrEqual(3);
  });

  it("compiles as written", { timeout: 120_000 }, () => {
    const places = new Map<string, string>();
    for (const [i, { page, line, code }] of snippets.entries()) {
      const file = join(folder, `snippet-${i}.tsx`);
      writeFileSync(file, `${code}\nexport {};\n`);
      places.set(relative(folder, file), `${page}:${line}`);
    }
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: relative(folder, join(root, "tsconfig.json")),
        compilerOptions: { paths: aliases() },
        include: ["*.tsx"],
        exclude: [],
      }),
    );
    let output = "";
    try {
      execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder, "--noEmit"], {
        cwd: folder,
        encoding: "utf8",
      });
    } catch (error) {
      output = (error as { stdout: string }).stdout.replace(
        /snippet-\d+\.tsx/g,
        (name) => `${name} of ${places.get(name)}`,
      );
    }
    expect(output).toBe("");
  });
});

// `paths` is relative to the file that states it, so it is stated again with the way up.
function aliases(): Record<string, string[]> {
  const text = readFileSync(join(root, "tsconfig.json"), "utf8");
  const paths = (JSON.parse(text) as { compilerOptions: { paths: Record<string, string[]> } }).compilerOptions.paths;
  return Object.fromEntries(
    Object.entries(paths).map(([name, targets]) => [name, targets.map((target) => join(root, target))]),
  );
}
