import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./blocks.js";

const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

it("has every folder of the house on its map", () => {
  const folders = readdirSync(join(root, "src")).map((name) => `\`src/${name}/\``);
  expect(folders.filter((folder) => !page.includes(folder))).toEqual([]);
});

it("says how to run every check", () => {
  const noChecks = ["build", "build:js", "demo", "release"];
  const said = (name: string) => page.includes(`\`npm run ${name}`) || page.includes(`npm ${name}`);
  expect(Object.keys(scripts).filter((name) => !noChecks.includes(name) && !said(name))).toEqual([]);
});
