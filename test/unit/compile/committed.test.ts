import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { compileContract } from "../../../src/compile/compile-contract.js";
import type { SourceContract } from "../../../src/contract/define-contract.js";
import { contract } from "../../../src/gestaloka/contract.js";
import { runCli } from "../../cli/cli-run.js";

const root = resolve(import.meta.dirname, "../../..");
const folder = join(root, "src/gestaloka");
const options = { runtime: "../compiled/index.js", server: "../server/event-target.js" };
const { files } = compileContract(contract as unknown as SourceContract, options);

describe("Gestaloka's generated files", () => {
  it("are what its contract compiles to; `npm run generate` mends them", async () => {
    const { code, stderr } = await runCli(
      [
        "generate",
        "--check",
        "src/gestaloka/contract.ts",
        "--exports",
        "src/entry/index.ts",
        "--schemas",
        "src/entry/schemas.ts",
      ],
      { cwd: root },
    );
    expect(stderr, "run: npm run generate").toBe("");
    expect(code).toBe(0);
  });

  it("come out the same every time", () => {
    expect(compileContract(contract as unknown as SourceContract, options).files).toEqual(files);
  });

  it.each(files.map(({ path }) => path))("stand in %s as the formatter would put them", (path) => {
    const text = readFileSync(join(folder, path), "utf8");
    const formatted = execFileSync(
      join(root, "node_modules/.bin/biome"),
      ["check", "--write", "--linter-enabled=false", `--stdin-file-path=src/generated/${path.replace(".gen", "")}`],
      { cwd: root, input: text, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] },
    );
    expect(formatted).toBe(text);
  });

  it("name no schema library, and make no code at run time", () => {
    for (const { path, text } of files) {
      expect(`${path}: ${text.match(/zod|\beval\b|new Function|Function\(/)?.[0]}`).toBe(`${path}: undefined`);
    }
  });
});
