import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { diffContracts, toSnapshot } from "@gestaloka/events/export";
import { changes } from "./changes.js";
import { game, toContract } from "./game.js";
import { installPeers, versions } from "./peers.js";
import { protobuf } from "./protobuf.js";
import { judges, type Row, type Run, score, toPage, toTable } from "./report.js";
import { tryChange } from "./trial.js";

const usage = `Usage: npm run verdicts [-- options]

Makes one change after another to a small contract, tries each with real servers and clients of both versions, and asks
this library's diff, buf (${versions["@bufbuild/buf"]}) and AsyncAPI's diff (${versions["@asyncapi/diff"]}) what they say of it. Both are installed from npm's
registry, in a temporary folder.

  --write   writes docs/benchmarks/verdicts.md and verdicts.json
  --json    one line of JSON at the end in place of the table
  --help    this text
`;

const { values } = parseArgs({
  options: { write: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit();
}

const before = { game: game(), contract: toContract(game(), "1.0.0") };
process.stderr.write("installing buf and AsyncAPI's diff\n");
const peers = installPeers();
try {
  const rows: Row[] = [];
  for (const { what, edit, proto } of changes) {
    const after = game();
    edit(after);
    const contract = toContract(after, "1.1.0");
    const messages = proto?.reduce(replaced, protobuf);
    const { verdict } = diffContracts(toSnapshot(before.contract), toSnapshot(contract));
    const said = {
      diff: verdict === "safe" ? "holds" : "breaks",
      "buf WIRE_JSON": messages === undefined ? undefined : peers.buf(protobuf, messages, "WIRE_JSON"),
      "buf FILE": messages === undefined ? undefined : peers.buf(protobuf, messages, "FILE"),
      "AsyncAPI diff": peers.asyncApi(before.contract, contract),
    } as const;
    const { holds } = await tryChange(before.game, after);
    const row: Row = { what, truth: holds ? "holds" : "breaks", said };
    process.stderr.write(`${row.truth}  ${what}: ${judges.map((judge) => said[judge] ?? "-").join(", ")}\n`);
    rows.push(row);
  }
  const scores = Object.fromEntries(judges.map((judge) => [judge, score(rows, judge)]));
  const run: Run = { date: new Date().toISOString().slice(0, 10), versions, rows };
  if (values.write) {
    const folder = resolve(import.meta.dirname, "../../docs/benchmarks");
    writeFileSync(resolve(folder, "verdicts.json"), `${JSON.stringify(run, null, 2)}\n`);
    writeFileSync(resolve(folder, "verdicts.md"), toPage(run));
  }
  process.stdout.write(values.json ? `${JSON.stringify({ ...run, scores })}\n` : `${toTable(rows)}\n`);
  process.exitCode = score(rows, "diff").right === rows.length ? 0 : 1;
} finally {
  peers.remove();
}

function replaced(text: string, [from, to]: readonly [string, string]): string {
  if (!text.includes(from)) throw new Error(`protobuf.ts has no ${from}`);
  return text.replace(from, to);
}
