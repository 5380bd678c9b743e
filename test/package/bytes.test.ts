import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "esbuild";
import { describe, expect, it } from "vitest";
import { bundle, using } from "./bundle.js";

const everything = 'import * as all from "@gestaloka/events";\nglobalThis.used = all;\n';
const madeAtRunTime = /\beval\(|\bFunction\(/;
const ofNode = /["']node:|\brequire\(/;

/** What may be in a bundle, min+gzip, in bytes: a bit above what was measured; `budget` where that is less. */
const limits: readonly {
  readonly what: string;
  readonly code: string;
  readonly limit: number;
  readonly budget?: number;
}[] = [
  { what: "one function of .", code: using("parseTimestamp"), limit: 420 },
  { what: "the version alone", code: using("CONTRACT_VERSION"), limit: 70 },
  { what: "the contract", code: using("contract"), limit: 6_700 },
  { what: "all of .", code: everything, limit: 17_800 },
  { what: "a client that is given a contract", code: using("createEventClient", "/client"), limit: 10_900 },
  {
    what: "a client with every event checked",
    code: using("contract") + using("createEventClient", "/client"),
    limit: 16_900,
    budget: 8_000,
  },
];

describe("a browser bundle", () => {
  it.each(limits)("holds no more than it did with $what", async ({ what, code, limit, budget }) => {
    const { bytes } = await bundle(code);
    if (budget !== undefined && bytes > budget) {
      process.stdout.write(`${what}: ${bytes} B, ${bytes - budget} over the budget of ${budget}\n`);
    }
    expect(bytes).toBeLessThanOrEqual(limit);
    // A limit far above the truth would let the next kilobyte in unseen.
    expect(bytes).toBeGreaterThan(limit * 0.8);
  });

  it.each(limits)("holds no zod, no module of Node and no code made at run time with $what", async ({ code }) => {
    const { text, packages } = await bundle(code);
    expect(packages).toEqual([]);
    expect(text).not.toMatch(madeAtRunTime);
    expect(text).not.toMatch(ofNode);
  });

  it("would show a package, a module of Node and code made at run time, were they in it", async () => {
    expect((await bundle(using("contract", "/schemas"))).packages).toEqual(["zod"]);
    expect((await bundle('globalThis.made = new Function("return 1");\n')).text).toMatch(madeAtRunTime);
    const sneaky = `${using("contract")}const name = "node:fs";\nglobalThis.fs = () => import(name);\n`;
    expect((await bundle(sneaky)).text).toMatch(ofNode);
  });

  it("holds checkers and their explanations of at most 3,700 B, 1,200 over the budget", async () => {
    const source = (path: string) => resolve(import.meta.dirname, "../../src", path);
    const generated = readFileSync(source("gestaloka/checkers.gen.ts"), "utf8");
    const unchecked: Plugin = {
      name: "unchecked",
      setup({ onLoad }) {
        onLoad({ filter: /checkers\.gen\.ts$/ }, () => ({
          contents: generated
            .replace(/^(?:export )?const \w+ = (?:new Set\(|\[)[^;]*;$/gm, "")
            .replace(/^(export )?const (\w+): Checker =[^;]*;$/gm, "$1const $2 = 0;"),
          loader: "ts",
        }));
        onLoad({ filter: /explain-by\.ts$/ }, () => ({ contents: "export const explainBy = 0;", loader: "ts" }));
      },
    };
    const code = `import { contract } from ${JSON.stringify(source("gestaloka/contract.gen.ts"))};\nglobalThis.used = contract;\n`;
    const [whole, rest] = [await bundle(code), await bundle(code, [unchecked])];
    expect(whole.text).toContain("ISO 8601 timestamp");
    expect(rest.text).not.toContain("ISO 8601 timestamp");
    expect(rest.text).toContain("sp_update");
    expect(whole.bytes - rest.bytes).toBeLessThanOrEqual(3_700);
  });
});
