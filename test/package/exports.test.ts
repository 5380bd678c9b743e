import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { pack } from "../support/packed.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const root = resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
};
const subpaths = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
const fileOf = (subpath: string) => (subpath === "." ? "index" : subpath.slice(2));
const bin = (name: string) => join(root, "node_modules/.bin", name);

const folder = temporaryDirectory().path;
let tarball = "";
/** The names that `require` gives, by file. */
let required: Record<string, string[]> = {};
beforeAll(() => {
  tarball = pack(folder);
  const named = `[name, Object.keys(require("./dist/" + name + ".cjs"))]`;
  const code = `console.log(JSON.stringify(${JSON.stringify(subpaths.map(fileOf))}.map((name) => ${named})))`;
  const listed = execFileSync(process.execPath, ["-e", code], { cwd: root, encoding: "utf8" });
  required = Object.fromEntries(JSON.parse(listed) as [string, string[]][]);
}, 60_000);

describe("the package", () => {
  it("has one entry a subpath, and one subpath an entry", () => {
    const entries = readdirSync(join(root, "src/entry")).map((name) => name.replace(/\.tsx?$/, ""));
    expect(entries.sort()).toEqual(subpaths.map(fileOf).sort());
  });

  it.each(subpaths)("exports from %s the names that its entry lists, to import and to require", async (subpath) => {
    const file = fileOf(subpath);
    const text = readFileSync(join(root, `src/entry/${file}.ts`), "utf8");
    const listed = [...text.matchAll(/export (?!type )\{([^}]*)\}/g)]
      .flatMap((match) => (match[1] as string).replace(/\/\/.*$/gm, "").split(","))
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "))
      .map((name) => name.split(/\s+as\s+/).at(-1) as string)
      .sort();
    const esm: object = await import(join(root, `dist/${file}.js`));
    expect(listed.length).toBeGreaterThan(0);
    expect(
      Object.keys(esm)
        .filter((name) => name !== "default")
        .sort(),
    ).toEqual(listed);
    expect(required[file]?.filter((name) => name !== "default").sort()).toEqual(listed);
    expect(existsSync(join(root, `dist/${file}.d.ts`)) && existsSync(join(root, `dist/${file}.d.cts`))).toBe(true);
  });

  it("gives a browser the same names", async () => {
    const names = async (file: string) => Object.keys((await import(join(root, `dist/${file}.js`))) as object).sort();
    expect(await names("browser")).toEqual(await names("index"));
  });

  it("holds no trace of a folder outside itself", () => {
    const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).split("\n").filter(Boolean);
    expect(files).toContain("package/dist/cli.js");
    // The catalogue in other languages; what it is compared with on a release is the repository's own affair.
    for (const name of ["gestaloka_events.py", "json-schema.json", "asyncapi.yaml", "contract.json", "catalogue.md"])
      expect(files).toContain(`package/docs/contract/${name}`);
    expect(files).not.toContain("package/docs/contract/released.json");
    expect(files.filter((name) => /package\/(src|test|examples|node_modules)\//.test(name))).toEqual([]);
  });

  it("declares as optional every peer that is not needed by all", () => {
    expect(Object.keys(manifest.peerDependenciesMeta).sort()).toEqual(Object.keys(manifest.peerDependencies).sort());
    expect(Object.values(manifest.peerDependenciesMeta).every(({ optional }) => optional)).toBe(true);
  });

  it("satisfies publint", { timeout: 60_000 }, () => {
    expect(execFileSync(bin("publint"), ["--strict", tarball], { cwd: root, encoding: "utf8" })).toContain("All good");
  });

  it("resolves its types under every module system, by attw", { timeout: 120_000 }, () => {
    // node10 cannot read an exports map at all; every other resolution must be clean.
    const output = execFileSync(
      bin("attw"),
      [tarball, "--profile", "node16", "--format", "ascii", "--no-color", "--no-emoji"],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    const verdicts = output.split("\n").filter((line) => /^(node16|bundler)/.test(line));
    // From CJS, from ESM and bundled; the manifest itself is no module.
    expect(verdicts.length).toBe(3 * (subpaths.length + 1));
    expect(verdicts.filter((line) => !/OK/.test(line))).toEqual([]);
  });
});
