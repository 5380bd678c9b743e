import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { blocks, root } from "./blocks.js";

const snippets = blocks.filter(({ language }) => language === "ts" || language === "tsx");
// Inside the project, so that packages and the path aliases of tsconfig.json resolve.
const folder = mkdtempSync(join(root, "test/docs/.snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the documents' code", () => {
  it("is there in the pages that newcomers read", () => {
    const inPage = (name: string) => snippets.filter(({ page }) => page === name).length;
    expect(inPage("README.md")).toBeGreaterThanOrEqual(1);
    expect(inPage("docs/getting-started.md")).toBeGreaterThanOrEqual(3);
  });

  it("shows what went wrong, where it is the first that a newcomer copies", () => {
    const first = blocks.filter(({ page }) => ["README.md", "docs/getting-started.md"].includes(page));
    const made = first.filter(({ code }) => /\bcreateEvent(Server|Client)\(/.test(code));
    expect(made.length).toBeGreaterThanOrEqual(5);
    expect(made.filter(({ code }) => !code.includes("onError: console.error")).map(({ place }) => place)).toEqual([]);
  });

  it("compiles as written", { timeout: 120_000 }, () => {
    const places = new Map<string, string>();
    for (const [i, { place, code, name }] of snippets.entries()) {
      // A block that has a name can be imported by others under it.
      const file = `${name ?? `snippet-${i}`}.tsx`;
      expect([...places.keys()]).not.toContain(file);
      writeFileSync(join(folder, file), `${code}\nexport {};\n`);
      places.set(file, place);
    }
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: relative(folder, join(root, "tsconfig.json")),
        // The decorators of NestJS are those of TypeScript before there was a standard.
        compilerOptions: { paths: aliases(), experimentalDecorators: true },
        include: ["*.tsx"],
        exclude: [],
      }),
    );
    let output = "";
    try {
      // The native compiler reads all of the sources in a second.
      execFileSync(process.execPath, [join(root, "node_modules/typescript-7.0/bin/tsc"), "-p", folder, "--noEmit"], {
        cwd: folder,
        encoding: "utf8",
      });
    } catch (error) {
      output = (error as { stdout: string }).stdout.replace(/[\w-]+\.tsx/g, (name) => `${name} of ${places.get(name)}`);
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
