import pc from "picocolors";
import { printable } from "../printable.js";
import { type EventCount, isEmpty, type ProblemReport, type Report, totalByEvent, totalOf } from "./report.js";
import { counted, directionWords, furtherPlaces, placeWords, sentenceOf, subjectOf } from "./words.js";

type Colors = ReturnType<typeof pc.createColors>;

/** The report for a person: what is wrong, then a count by event. */
export function textReport(report: Report, colored: boolean): string {
  const colors = pc.createColors(colored);
  const lines = report.problems.flatMap((problem) => problemLines(problem, colors));
  if (report.omitted > 0) lines.push(colors.red(`… and ${counted(report.omitted, "invalid message")} of other kinds`));
  for (const file of report.files) {
    if (file.unreadable !== undefined)
      lines.push(colors.red(`${printable(file.file)}: cannot be read: ${file.unreadable}`));
    if (isEmpty(file)) {
      const words = `${printable(file.file)}: no message in it`;
      lines.push(report.failOnEmpty ? colors.red(words) : colors.yellow(words));
    }
  }
  if (lines.length > 0) lines.push("");
  lines.push(...tableOf(totalByEvent(report), colors), summaryOf(report, colors));
  return `${lines.join("\n")}\n`;
}

function problemLines(problem: ProblemReport, colors: Colors): string[] {
  const [first] = problem.places;
  const place = `${printable(problem.file)}:${first ? placeWords(first) : ""}`;
  const further = furtherPlaces(problem);
  return [
    `${colors.cyan(place)} ${colors.bold(subjectOf(problem))} ${sentenceOf(problem)}`,
    ...(further === "" ? [] : [colors.dim(`  ${further}`)]),
  ];
}

function tableOf(counts: readonly EventCount[], colors: Colors): string[] {
  if (counts.length === 0) return [];
  const rows = counts.map((count) => [
    count.event ?? "(no message)",
    count.event === undefined ? "" : directionWords(count.direction),
    count.valid.toLocaleString("en"),
    count.invalid.toLocaleString("en"),
  ]);
  const head = ["event", "direction", "valid", "invalid"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] as string).length)),
  );
  const align = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number),
      )
      .join("  ");
  return [
    colors.dim(align(head)),
    ...rows.map((row, at) => ((counts[at] as EventCount).invalid > 0 ? colors.red(align(row)) : align(row))),
    "",
  ];
}

/** `38 messages in 1 file as reader of gestaloka@1.0.0: 37 valid, 1 invalid; 3 frames skipped` */
export function summaryOf(report: Report, colors: Colors = pc.createColors(false)): string {
  const [valid, invalid, skipped] = [totalOf(report, "valid"), totalOf(report, "invalid"), totalOf(report, "skipped")];
  const read = report.files.filter(({ unreadable }) => unreadable === undefined);
  const what = `${counted(valid + invalid, "message")} in ${counted(read.length, "file")} as ${report.as} of ${report.contract}`;
  const bad = `${invalid.toLocaleString("en")} invalid`;
  const good = `${valid.toLocaleString("en")} valid`;
  const rest = skipped > 0 ? `; ${counted(skipped, "frame")} without an event skipped` : "";
  return `${what}: ${valid > 0 ? colors.green(good) : good}, ${invalid > 0 ? colors.red(bad) : bad}${rest}`;
}
