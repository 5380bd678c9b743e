import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

// Runs in the loader's thread: writes down what is loaded.
const hook = `import { writeSync } from "node:fs";
export async function load(url, context, next) {
  writeSync(2, url + "\\n");
  return await next(url, context);
}`;

/** The packages that a process loads with some modules of this one. */
function packagesOf(...names: string[]): string[] {
  const imports = names.map((name) => `await import("./dist/${name}.js");`).join("\n");
  const code = `import { register } from "node:module";
register("data:text/javascript,${encodeURIComponent(hook)}");
${imports}`;
  const loaded = execFileSync("sh", ["-c", '"$0" --input-type=module -e "$1" 2>&1', process.execPath, code], {
    cwd: root,
    encoding: "utf8",
  });
  expect(loaded).toContain(`/dist/${names[0]}.js`);
  return [
    ...new Set([...loaded.matchAll(/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)/g)].map((match) => match[1] as string)),
  ];
}

describe("what is loaded", () => {
  it("by ., ./compiled and ./client is no package but their peers", () => {
    expect(packagesOf("index")).toEqual([]);
    expect(packagesOf("compiled")).toEqual([]);
    expect(packagesOf("client")).not.toContain("zod");
  });

  it("by ./server with a compiled contract does not include zod, and no Redis client", () => {
    const packages = packagesOf("server", "index");
    expect(packages).not.toContain("zod");
    expect(packages.filter((name) => /redis/.test(name))).toEqual([]);
  });

  it("by ./schemas includes zod: the test would see it", () => {
    expect(packagesOf("schemas")).toContain("zod");
  });
});
