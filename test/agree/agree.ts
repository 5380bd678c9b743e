import { parseArgs } from "node:util";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { contract as gestaloka } from "../../src/gestaloka/contract.js";
import { contract as harbour } from "../fixtures/contract.js";
import { compare } from "./compare.js";
import { compiledPairs } from "./compiled-pairs.js";
import { judgePairs } from "./diff-pairs.js";
import { type Agreement, agreementWords, agreeWithJsonSchema, agreeWithPython } from "./exports.js";
import { pythonVersions } from "./python-judge.js";

const usage = `Usage: npm run agree -- [--python | --diff] [options]

Holds what was made from a contract against the contract itself. Exits 0 when all agree, 1 on any disagreement, 2 on misuse.

  (neither)  the generated checkers against zod and the walk over the shapes: the same verdict and the same words for
             payloads that are generated from the schemas, sound and broken
  --python   the exports: JSON Schema under ajv, zod by itself, and the Python module, over generated and mutated
             payloads; a tenth of the count goes through Python, whose words must be the same too
  --diff     the judge of versions: what diff calls safe, over random pairs of contracts, against payloads of the one
             side's writer and the other side's reader

  --count N  payloads (default 1000000), or pairs with --diff (default 10000)
  --seed N   of the generator (default: drawn and printed)
  --json     one JSON object before the last line
  --help     this text

PYTHON=… names another Python than /usr/bin/python3.
`;

interface Run {
  readonly count: number;
  readonly seed: number;
  /** Shows how far it got; on a terminal only. */
  progress(checked: number): void;
}

/** What a run found: the words before its last line, and its figures. */
interface Result {
  readonly words: readonly string[];
  readonly figures: object;
  readonly last: string;
  readonly isAgreed: boolean;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const values = options();
  if (typeof values === "string") {
    process.stderr.write(`agree: ${values}\nRun npm run agree -- --help for what it takes.\n`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const run: Run = {
    count: values.count ?? (values.diff ? 10_000 : 1_000_000),
    seed: values.seed ?? Math.floor(Math.random() * 2 ** 31),
    progress: (checked) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${checked} checked`);
    },
  };
  process.stdout.write(`seed ${run.seed}\n`);
  const { words, figures, last, isAgreed } = await (values.python ? ofExports : values.diff ? ofDiff : ofCheckers)(run);
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
  for (const line of words) process.stdout.write(`${line}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, seed: run.seed })}\n`);
  process.stdout.write(`${last}\n`);
  return isAgreed ? 0 : 1;
}

async function ofCheckers({ count, seed, progress }: Run): Promise<Result> {
  const result = compare(await compiledPairs(), count, seed, progress);
  return {
    words: result.examples.map((example) => JSON.stringify(example)),
    figures: result,
    last: `${result.checked} checked, ${result.disagreements} disagreements`,
    isAgreed: result.disagreements === 0,
  };
}

async function ofExports({ count, seed, progress }: Run): Promise<Result> {
  const contracts = [gestaloka, harbour] as unknown as SourceContract[];
  const options = { seed, randomEvents: 150, onProgress: progress };
  const ajv = agreeWithJsonSchema(contracts, { ...options, count });
  const python = await agreeWithPython(contracts, { ...options, count: Math.ceil(count / 10) });
  const disagreements = ajv.disagreements.length + python.disagreements.length;
  const figures = ({ disagreements: found, ...rest }: Agreement) => ({ ...rest, disagreements: found.length });
  return {
    words: [
      agreementWords("JSON Schema under ajv", ajv),
      agreementWords(`Python module (${pythonVersions()})`, python),
    ],
    figures: { jsonSchema: figures(ajv), python: figures(python) },
    last: `${ajv.payloads + python.payloads} checked, ${disagreements} disagreements`,
    isAgreed: disagreements === 0,
  };
}

async function ofDiff({ count, seed, progress }: Run): Promise<Result> {
  const { examples, ...tally } = judgePairs(count, seed, undefined, progress);
  const { pairs, safe, breaking, unjudged, samples, refused } = tally;
  return {
    words: [
      ...examples,
      `${pairs} pairs of contracts: ${safe} safe, ${breaking} breaking, ${unjudged} cannot be judged`,
      `${samples} payloads of writers of the safe ones: ${refused} refused by the other side's reader`,
    ],
    figures: tally,
    last: `${pairs} checked, ${refused} disagreements`,
    isAgreed: refused === 0,
  };
}

/** The options as given, or what is wrong with them. */
function options() {
  try {
    const { values } = parseArgs({
      options: {
        python: { type: "boolean" },
        diff: { type: "boolean" },
        count: { type: "string" },
        seed: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.python && values.diff) return "write --python or --diff";
    const [count, seed] = [values.count, values.seed].map((text) => (text === undefined ? undefined : Number(text)));
    if (count !== undefined && !(Number.isSafeInteger(count) && count > 0)) return "--count: write a positive integer";
    if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0)) return "--seed: write an integer, at least 0";
    return { ...values, count, seed };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
