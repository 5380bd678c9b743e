import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { bundle, using } from "./bundle.js";
import { checkedAndUnchecked } from "./checker-bytes.js";

const distOf = (file: string) => resolve(import.meta.dirname, `../../dist/${file}.js`);
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
  { what: "one function of .", code: using("parseTimestamp"), limit: 360 },
  { what: "the version alone", code: using("CONTRACT_VERSION"), limit: 70 },
  { what: "the contract", code: using("contract"), limit: 3_950 },
  { what: "all of .", code: everything, limit: 16_000 },
  { what: "a client that is given a contract", code: using("createEventClient", "/client"), limit: 9_480 },
  {
    what: "a client with every event checked",
    code: using("contract") + using("createEventClient", "/client"),
    limit: 12_770,
    budget: 8_000,
  },
  {
    what: "a client with every event checked, a stored queue and a delivery report",
    code: using("contract") + using("createEventClient, localStorageStore, deliveryReport", "/client"),
    limit: 14_210,
    budget: 10_000,
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

  it("holds checkers, and the words of their refusals, within their budget of 2,500 B", async () => {
    const { checked, unchecked } = await checkedAndUnchecked();
    expect(checked.text).toContain("ISO 8601 timestamp");
    expect(checked.text).toContain("contamination_level");
    expect(unchecked.text).not.toContain("ISO 8601 timestamp");
    expect(unchecked.text).not.toContain("contamination_level");
    expect(unchecked.text).toContain("sp_update");
    process.stdout.write(`checkers: ${checked.bytes - unchecked.bytes} B\n`);
    expect(checked.bytes - unchecked.bytes).toBeLessThanOrEqual(2_500);
  });

  it("holds no more than 2,500 B more with all of ./react, and nothing of React without it", async () => {
    const client = using("contract") + using("createEventClient", "/client");
    const names = Object.keys(await import(distOf("react"))).filter((name) => name !== "default");
    expect(names).toContain("useSPBalanceSummary");
    const [without, whole] = [await bundle(client), await bundle(client + using(names.join(", "), "/react"))];
    const ofReact = /["'](?:react|@tanstack\/react-query)["']/;
    expect(whole.text).toMatch(ofReact);
    expect(without.text).not.toMatch(ofReact);
    expect(whole.packages).toEqual([]);
    process.stdout.write(`./react: ${whole.bytes - without.bytes} B\n`);
    expect(whole.bytes - without.bytes).toBeLessThanOrEqual(2_500);
  });
});
