/**
 * Compares the exports with the contract's own checkers on generated and mutated payloads.
 *
 * `--ajv N` and `--python N` say how many payloads (1,000,000 and 100,000); `--seed N` repeats a run.
 */

import type { SourceContract } from "../../src/contract/define-contract.js";
import { contract as gestaloka } from "../../src/gestaloka/contract.js";
import { contract as harbour } from "../fixtures/contract.js";
import { agreementWords, agreeWithJsonSchema, agreeWithPython } from "./exports.js";

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

const seed = option("seed", Math.floor(Math.random() * 2 ** 31));
const contracts = [gestaloka, harbour] as unknown as SourceContract[];
console.log(`seed ${seed}`);
const ajv = agreeWithJsonSchema(contracts, option("ajv", 1_000_000), seed);
console.log(agreementWords("JSON Schema under ajv", ajv));
const python = await agreeWithPython(contracts, option("python", 100_000), seed);
console.log(agreementWords("Python module", python));
process.exitCode = ajv.disagreements.length + python.disagreements.length === 0 ? 0 : 1;
