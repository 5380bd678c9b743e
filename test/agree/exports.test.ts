import { describe, expect, it } from "vitest";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { contract as gestaloka } from "../../src/gestaloka/contract.js";
import { contract as harbour } from "../fixtures/contract.js";
import { hasPythonSocketio } from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";
import { agreementWords, agreeWithJsonSchema, agreeWithPython } from "./exports.js";

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const contracts = [gestaloka, harbour] as unknown as SourceContract[];

describe("the exported JSON Schemas", () => {
  it(`give the contract's verdicts under ajv (SEED=${seed})`, () => {
    const agreement = agreeWithJsonSchema(contracts, { count: 20_000, seed, randomEvents: 25 });
    process.stdout.write(`${agreementWords("JSON Schema under ajv", agreement)}\n`);
    expect(agreement.disagreements).toEqual([]);
    expect(Math.min(agreement.accepted, agreement.refused)).toBeGreaterThan(4_000);
    expect(agreement.byZod).toBeGreaterThan(8_000);
  }, 120_000);
});

requireOrSkip("Python with pydantic", hasPythonSocketio())("the exported Python module", () => {
  it(`gives the contract's verdicts, in its words (SEED=${seed})`, async () => {
    const agreement = await agreeWithPython(contracts, { count: 10_000, seed, randomEvents: 60 });
    process.stdout.write(`${agreementWords("Python module", agreement)}\n`);
    expect(agreement.disagreements).toEqual([]);
    expect(Math.min(agreement.accepted, agreement.refused)).toBeGreaterThan(2_000);
  }, 120_000);
});
