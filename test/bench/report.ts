import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { type Row, verdict } from "./statistics.js";

const root = resolve(import.meta.dirname, "../..");

/** What a run was made with. */
export interface RunFacts {
  readonly date: string;
  readonly rounds: number;
  readonly commit: string;
  readonly node: string;
  readonly cores: number;
  readonly versions: Readonly<Record<string, string>>;
}

export function factsOf(rounds: number): RunFacts {
  const version = (name: string) =>
    (JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, "utf8")) as { version: string }).version;
  const names = ["socket.io", "socket.io-client", "zod", "ajv", "typebox", "zod-sockets"];
  return {
    date: new Date().toISOString().slice(0, 10),
    rounds,
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim(),
    node: process.version,
    cores: cpus().length,
    versions: Object.fromEntries(names.map((name) => [name, version(name)])),
  };
}

const shown = (value: number | undefined) =>
  value === undefined || Number.isNaN(value)
    ? "–"
    : value >= 100
      ? Math.round(value).toLocaleString("en")
      : value.toFixed(2);

/** The table as a person reads it in a terminal. */
export function toText(rows: readonly Row[]): string {
  let section = "";
  return rows
    .map((row) => {
      const head = row.section === section ? "" : `\n${row.section}\n`;
      section = row.section;
      const note = noteOf(row);
      return `${head}  ${row.name.padEnd(68)} ${shown(row.value).padStart(8)} ${row.unit.padEnd(7)} ${(row.budget ?? "").padEnd(8)} ${verdict(row)}${note && `  ${note}`}`;
    })
    .join("\n");
}

/** Writes the table, the figures and a picture of the budgeted rows. */
export function writeReport(rows: readonly Row[], facts: RunFacts): void {
  const folder = `${root}/docs/benchmarks`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${folder}/latest.json`,
    `${JSON.stringify({ facts, rows: rows.map((row) => ({ ...row, verdict: verdict(row) })) }, null, 2)}\n`,
  );
  writeFileSync(`${folder}/README.md`, toMarkdown(rows, facts));
  writeFileSync(`${folder}/budgets.svg`, toPicture(rows, facts));
}

/** The table as the documents show it. */
export function toMarkdown(rows: readonly Row[], facts: RunFacts): string {
  const sections = [...new Set(rows.map((row) => row.section))];
  const tables = sections.map((section) => {
    const lines = rows
      .filter((row) => row.section === section)
      .map(
        (row) =>
          `| ${row.name} | ${shown(row.value)} ${row.unit} | ${row.budget ?? ""} | ${verdict(row)} | ${noteOf(row)} |`,
      );
    return `## ${section[0]?.toUpperCase()}${section.slice(1)}\n\n| what | measured | budget | verdict | note |\n| --- | --- | --- | --- | --- |\n${lines.join("\n")}\n`;
  });
  const versions = Object.entries(facts.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  return `# Benchmarks

Written by \`npm run bench\` on ${facts.date}, at commit ${facts.commit}, in one run of ${facts.rounds} interleaved rounds after one of warm-up: Node
${facts.node}, ${facts.cores} cores that are shared with other work, loopback. ${versions}.

Each figure is a median. Ratios carry over to other machines, absolute times do not. A row meets its budget if its median is within
it, or outside by no more than the run's own noise, as its note then says: the median of how far the same thing, measured twice in
one round, was apart. An A/A row is the ratio of such two, over all rounds.

![The budgeted rows, as a share of their budgets](budgets.svg)

${tables.join("\n")}
[Where a browser's bytes go](bytes.md) says why the client is larger than its budget.
`;
}

/** A row that its median alone would not let pass says what did. */
function noteOf(row: Row): string {
  const { note = "", noise = 0 } = row;
  const passed = verdict(row) === "met" && verdict({ ...row, noise: 0 }) !== "met";
  return passed ? `${note} within ± ${(noise * 100).toFixed(1)} %`.trim() : note;
}

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** One bar a budgeted row: how much of its budget it uses; the line is the budget. */
function toPicture(rows: readonly Row[], facts: RunFacts): string {
  const bars = rows.filter((row) => row.budget !== undefined && row.value !== undefined && !Number.isNaN(row.value));
  const height = 30 + bars.length * 24 + 30;
  const lines = bars.map((row, i) => {
    const [sign, bound] = (row.budget as string).split(" ") as [string, string];
    const share = sign === "≤" ? (row.value as number) / Number(bound) : Number(bound) / (row.value as number);
    const width = Math.max(2, Math.min(share, 2) * 200);
    const y = 30 + i * 24;
    const colour = verdict(row) === "met" ? "#2f855a" : "#c05621";
    return `<text x="8" y="${y + 14}">${escaped(`${row.name}`.slice(0, 74))}</text><rect x="520" y="${y + 2}" width="${width.toFixed(1)}" height="16" fill="${colour}"/><text x="${(528 + width).toFixed(1)}" y="${y + 14}">${shown(row.value)} (${escaped(row.budget as string)})</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1080" height="${height}" viewBox="0 0 1080 ${height}" font-family="system-ui, sans-serif" font-size="12"><title>Share of each budget that is used, ${facts.date}; the line is the budget, shorter is better</title><rect width="1080" height="${height}" fill="#fff"/><g fill="#1a202c"><text x="8" y="18" font-weight="600">Share of each budget that is used, ${facts.date}; the line is the budget, shorter is better</text>${lines.join("")}</g><line x1="720" y1="26" x2="720" y2="${height - 20}" stroke="#1a202c" stroke-dasharray="4 3"/></svg>\n`;
}
