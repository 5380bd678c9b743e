import { parseArgs } from "node:util";
import { checkSection } from "./check-section.js";
import { emitSection } from "./emit-section.js";
import { idleSection } from "./idle-section.js";
import { importSection } from "./import-section.js";
import { factsOf, toText, writeReport } from "./report.js";
import { roomsSection } from "./rooms-section.js";
import { sizeSection } from "./size-section.js";
import { type Row, verdict } from "./statistics.js";

const usage = `Usage: npm run bench [-- options]

Measures every budgeted row beside raw Socket.IO and its peers, interleaved in one run, and writes docs/benchmarks/.

  --rounds N    interleaved rounds after one of warm-up (default 11)
  --section A,B sections: check, emit, idle, import, rooms, size; nothing is written then
  --json        one JSON object as the last line
  --help        this text
`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    section: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const rounds = Number(values.rounds ?? 11);
  const progress = (part: string) => (round: number) =>
    process.stderr.write(`\r${part}: round ${round} of ${rounds}    `);
  const sections: Record<string, () => Promise<Row[]>> = {
    check: () => checkSection(rounds, progress("check")),
    emit: () => emitSection(rounds, (part, round) => progress(`emit, ${part}`)(round)),
    rooms: () => roomsSection(rounds, progress("rooms")),
    idle: () => idleSection(rounds, progress("idle")),
    import: () => importSection(rounds, progress("import")),
    size: () => sizeSection(),
  };
  const chosen = values.section?.split(",") ?? Object.keys(sections);
  const rows: Row[] = [];
  for (const name of chosen) {
    const section = sections[name];
    if (!section)
      throw new Error(`--section ${name}: there is no such section; use ${Object.keys(sections).join(", ")}`);
    rows.push(...(await section()));
    process.stderr.write("\n");
  }
  const facts = factsOf(rounds);
  if (values.section === undefined) writeReport(rows, facts);
  process.stdout.write(`${toText(rows)}\n`);
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ facts, rows: rows.map((row) => ({ ...row, verdict: verdict(row) })) })}\n`,
    );
}
