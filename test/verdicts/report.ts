import type { Verdict } from "./peers.js";

/** Who judges, in the order of the table's columns. */
export const judges = ["diff", "buf WIRE_JSON", "buf FILE", "AsyncAPI diff"] as const;
type Judge = (typeof judges)[number];

/** One change: what became of it, and what was said of it. */
export interface Row {
  readonly what: string;
  readonly truth: Verdict;
  /** Nothing of those in whose language the change cannot be said. */
  readonly said: Readonly<Partial<Record<Judge, Verdict | undefined>>>;
}

/** A run, as `verdicts.json` keeps it. */
export interface Run {
  readonly date: string;
  readonly versions: Readonly<Record<"@bufbuild/buf" | "@asyncapi/diff", string>>;
  readonly rows: readonly Row[];
}

/** How often a judge was right, let a break pass, stopped what holds, or did not say. */
export function score(rows: readonly Row[], judge: Judge) {
  const count = (is: (row: Row, said: Verdict | undefined) => boolean) =>
    rows.filter((row) => is(row, row.said[judge])).length;
  return {
    right: count(({ truth }, said) => said === truth),
    missed: count(({ truth }, said) => truth === "breaks" && said === "holds"),
    falseAlarms: count(({ truth }, said) => truth === "holds" && said === "breaks"),
    unclassified: count((_, said) => said === "unclassified"),
    unsayable: count((_, said) => said === undefined),
  };
}

export function toTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cell = (truth: Verdict, said: Verdict | undefined) =>
    said === undefined ? "–" : said === truth || said === "unclassified" ? said : `**${said}**`;
  const scores = judges.map((judge) => score(rows, judge));
  const sum = (words: string, of: (one: (typeof scores)[number]) => number) =>
    line([words, "", ...scores.map((one) => String(of(one)))]);
  return [
    line(["change", "tried", ...judges]),
    line(Array.from({ length: judges.length + 2 }, () => "---")),
    ...rows.map(({ what, truth, said }) => line([what, truth, ...judges.map((judge) => cell(truth, said[judge]))])),
    sum(`right, of ${rows.length}`, ({ right }) => right),
    sum("a break was missed", ({ missed }) => missed),
    sum("stopped what holds", ({ falseAlarms }) => falseAlarms),
    sum("unclassified", ({ unclassified }) => unclassified),
    sum("cannot be said in its language", ({ unsayable }) => unsayable),
  ].join("\n");
}

/** The page of a run. */
export function toPage({ date, versions, rows }: Run): string {
  return `# Verdicts on the same changes

${date}. \`npm run verdicts -- --write\` made this page: it changes a small contract in one way after another, tries each change
with real servers and clients of both versions, and asks three judges of versions about it: this library's \`diff\`,
[buf](https://buf.build/docs/breaking/) ${versions["@bufbuild/buf"]} and [AsyncAPI's diff](https://github.com/asyncapi/diff) ${versions["@asyncapi/diff"]}.

*Tried* says what clients of before lived through at the new server, and new clients with events that were kept in a log and
commands that were queued before: whatever was handed on or answered among equals must be still. buf judges the same game
written in protobuf, by its rules for the wire and JSON and by its default, which guards generated code too; AsyncAPI's diff
judges the documents that the two contracts are exported as. **Bold** is wrong.

${toTable(rows)}

What this shows and what it does not: protobuf's rules are made for protobuf's readers, who take a missing field for its
default and cannot say that one is required, how long a text may be, or who receives an event; in its own world some of what
counts as missed here would do no harm, and its alarms also guard code that is generated and the binary form. A deletion is
written plainly: with names and numbers reserved, as buf advises, its rules for the wire would let it pass. AsyncAPI's diff
calls unclassified whatever its standard does not list, which is most of a payload. The changes were chosen by the authors of
this library, who know what it judges. \`npm run agree -- --diff\` holds its verdicts against pairs of contracts that nobody chose.
`;
}
