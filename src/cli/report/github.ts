import { isEmpty, type Report } from "./report.js";
import { summaryOf } from "./text.js";
import { furtherPlaces, sentenceOf, subjectOf } from "./words.js";

/** The report as annotations of a GitHub workflow: one for each kind of problem in each file. */
export function githubReport(report: Report): string {
  const lines = report.problems.map((problem) => {
    const further = furtherPlaces(problem);
    const message = `${sentenceOf(problem)}${further === "" ? "" : ` (${further})`}`;
    return annotation("error", message, {
      file: problem.file,
      line: problem.places[0]?.line,
      title: subjectOf(problem),
    });
  });
  if (report.omitted > 0) lines.push(annotation("error", `${report.omitted} more invalid messages of other kinds`, {}));
  for (const file of report.files) {
    if (file.unreadable !== undefined)
      lines.push(annotation("error", `cannot be read: ${file.unreadable}`, { file: file.file }));
    if (isEmpty(file))
      lines.push(annotation(report.failOnEmpty ? "error" : "warning", "no message in it", { file: file.file }));
  }
  return `${[...lines, summaryOf(report)].join("\n")}\n`;
}

interface Properties {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly title?: string | undefined;
}

function annotation(level: "error" | "warning", message: string, properties: Properties): string {
  const listed = Object.entries(properties)
    .filter(([, value]) => value !== undefined && value !== "<stdin>")
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level}${listed.length > 0 ? ` ${listed.join(",")}` : ""}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
