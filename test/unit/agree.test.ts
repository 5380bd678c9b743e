import { expect, it } from "vitest";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { compare, type Pair } from "../agree/compare.js";
import { compiledNow, compiledPairs } from "../agree/compiled-pairs.js";
import { contract as harbour } from "../fixtures/contract.js";

it("gives the verdicts and the words of zod and the shapes, compiled, over 20,000 payloads", {
  timeout: 120_000,
}, async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  process.stdout.write(`agreement, seed ${seed}\n`);
  const result = compare(await compiledPairs(), 20_000, seed);
  expect(result.examples).toEqual([]);
  // Neither all sound nor all broken.
  expect(result.accepted).toBeGreaterThan(4_000);
  expect(result.accepted).toBeLessThan(16_000);
});

it("sees a checker that checks less", async () => {
  const [pair] = (await compiledPairs()) as [Pair];
  const event = pair.compiled.events.get("sp_update");
  if (!event) throw new Error("the event is gone");
  const lax = { ...event, payload: { accepts: () => true, explain: () => undefined } };
  const compiled = { ...pair.compiled, events: new Map([...pair.compiled.events, ["sp_update", lax]]) };
  expect(compare([{ ...pair, compiled }], 5_000, 1).disagreements).toBeGreaterThan(0);
});

it.each([
  "whole(v.crates) ||",
  "timestamp(v.timestamp) ||",
  "keys(v, strict, 1)",
  "openMember(v.cargo, cargo, strict) ||",
  // The client's.
  "crates: whole,",
  "closed({ timestamp })",
  "exact({",
])("sees that one condition is gone: %s", { timeout: 60_000 }, async (condition) => {
  const edits: string[] = [];
  const less: Record<string, string> = {
    "keys(v, strict, 1)": "undefined",
    "crates: whole,": "crates: integer,",
    "closed({ timestamp })": "open({ timestamp })",
    "exact({": "closed({",
  };
  const pair = await compiledNow(harbour as unknown as SourceContract, (text) => {
    if (text.includes(condition)) edits.push(condition);
    return text.replace(condition, less[condition] ?? "");
  });
  expect(edits).toEqual([condition]);
  expect(compare([pair], 4_000, 1).disagreements).toBeGreaterThan(0);
});
