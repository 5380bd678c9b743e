import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { stepsOf } from "../walk/steps.js";

const root = resolve(import.meta.dirname, "../..");
const read = (page: string) => readFileSync(resolve(root, page), "utf8");
const english = read("README.md");
const japanese = read("README.ja.md");

const codeOf = (text: string) => [...text.matchAll(/^```\w*\n[\s\S]*?^```/gm)].map(([block]) => block);
const proseOf = (text: string) => codeOf(text).reduce((rest, block) => rest.replace(block, ""), text);
const targetsOf = (text: string) =>
  [...proseOf(text).matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g)].map((m) => m[1] ?? m[2]);
const figuresOf = (text: string) =>
  [...text.matchAll(/^\| .* \| .* \| \[\w+\]\((docs\/\S+)\) \|$/gm)].map(([row, page]) => ({
    page: page as string,
    // Figures such as 698, 0.88 and 14,123; a small count is a word in one of the languages.
    numbers: (row.replace(/`[^`]*`|\([^)]*\)/g, "").match(/\d[\d,.]+\d/g) ?? []).sort(),
  }));

describe("README.md and README.ja.md", () => {
  it("show the same code, and lead to the same places", () => {
    expect(codeOf(english).length).toBeGreaterThan(6);
    expect(codeOf(japanese)).toEqual(codeOf(english));
    const others = (text: string) => targetsOf(text).filter((target) => !target?.startsWith("README"));
    expect(others(japanese).sort()).toEqual(others(english).sort());
    expect(proseOf(japanese).match(/^##? /gm)).toEqual(proseOf(english).match(/^##? /gm));
  });

  it("start with what a newcomer can type, from an empty folder to an event in a browser", () => {
    const kinds = stepsOf(english, "Start").map((step) => (step.kind === "save" ? step.file : step.kind));
    expect(kinds).toEqual(["run", "server.js", "client.js", "index.html", "serve", "compare"]);
  });

  it("lead to places that are there", () => {
    const targets = targetsOf(english).map((target) => (target as string).split("#")[0] as string);
    expect(targets.filter((target) => !/^https?:/.test(target) && !existsSync(resolve(root, target)))).toEqual([]);
  });

  it("tell the same figures, each of which stands in the page that it is from, on the day that is said", () => {
    const figures = figuresOf(english);
    expect(figures.length).toBeGreaterThanOrEqual(6);
    expect(figuresOf(japanese)).toEqual(figures);
    for (const { page, numbers } of figures) {
      const source = read(page);
      expect({ page, missing: numbers.filter((number) => !source.includes(number)) }).toEqual({ page, missing: [] });
    }
    const day = /Measured on (\d{4}-\d{2}-\d{2})/.exec(english)?.[1] as string;
    expect(japanese).toContain(day);
    expect(read("docs/benchmarks/README.md")).toContain(`on ${day}`);
  });
});
