import { parseArgs } from "node:util";
import { compare } from "./compare.js";
import { compiledPairs } from "./compiled-pairs.js";

const usage = `Usage: npm run agree -- [options]

Holds the generated checkers against zod and the walk over the shapes: the same verdict and the same words for payloads
that are generated from the schemas, sound and broken. Exits 1 on any disagreement.

  --count N  payloads (default 1000000)
  --seed N   of the generator (default: drawn and printed)
  --json     one JSON object before the last line
  --help     this text
`;

const { values } = parseArgs({
  options: {
    count: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const count = Number(values.count ?? 1_000_000);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  process.stdout.write(`seed ${seed}\n`);
  const result = compare(await compiledPairs(), count, seed, (checked) => process.stderr.write(`\r${checked} checked`));
  process.stderr.write("\n");
  for (const example of result.examples) process.stdout.write(`${JSON.stringify(example)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...result, seed })}\n`);
  process.stdout.write(`${result.checked} checked, ${result.disagreements} disagreements\n`);
  process.exitCode = result.disagreements === 0 ? 0 : 1;
}
