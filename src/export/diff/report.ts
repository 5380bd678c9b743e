import { type ContractDiff, isRaisedEnough } from "./contract-diff.js";
import { type Finding, placeOf } from "./finding.js";
import type { Ignored } from "./ignore-list.js";
import type { Level } from "./rules.js";
import { toSarif } from "./sarif.js";

/** The forms in which a comparison is told. */
export const diffFormats = ["text", "json", "sarif", "github", "markdown"] as const;

/** One of {@link diffFormats}. */
export type DiffFormat = (typeof diffFormats)[number];

/** What a report names beside the findings. */
export interface ReportOptions {
  /** The file that annotations and SARIF point to: a contract has no lines of its own. */
  readonly file?: string;
}

const verdicts = {
  safe: "Safe: deployed peers and the new version understand each other.",
  breaking: "Breaking: a deployed peer refuses what the other side sends.",
  unjudged: "Cannot judge: something could not be compared, so it is not taken for safe.",
};

/** Tells a comparison as the text of a terminal, a file or a pull request. */
export function toDiffReport(diff: ContractDiff, format: DiffFormat, options: ReportOptions = {}): string {
  switch (format) {
    case "text":
      return textReport(diff);
    case "json":
      return `${JSON.stringify(diff, null, 2)}\n`;
    case "sarif":
      return `${JSON.stringify(toSarif(diff, options.file ?? "contract"), null, 2)}\n`;
    case "github":
      return githubReport(diff, options);
    case "markdown":
      return markdownReport(diff);
  }
}

function textReport(diff: ContractDiff): string {
  const lines = diff.findings.map((found) => {
    const label = found.ignored === undefined ? found.level : "ignored";
    const reason = found.ignored === undefined ? "" : ` (${found.ignored})`;
    return `${label.padEnd(9)} ${found.rule}  ${placeOf(found)}: ${found.message}${reason}`;
  });
  const all = [title(diff), ...lines, ...listWords(diff), verdicts[diff.verdict], bumpWords(diff)];
  return `${all.map(onOneLine).join("\n")}\n`;
}

// The names of a snapshot are somebody else's: they must not steer a terminal.
function onOneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

function title({ before, after }: ContractDiff): string {
  return `${before.name} ${before.version} → ${after.name} ${after.version}`;
}

function bumpWords(diff: ContractDiff): string {
  const { suggestedBump, actualBump } = diff;
  if (suggestedBump === "none") return "No change asks for another version.";
  if (isRaisedEnough(diff)) return `The ${actualBump} version was raised, as is needed.`;
  return `Raise the ${suggestedBump} version${actualBump === "none" ? "" : `; it was raised by its ${actualBump} part`}.`;
}

function listWords({ expired, unused }: ContractDiff): string[] {
  const said = ({ rule, subject, path }: Ignored) =>
    [rule, subject, path].filter((part) => part !== undefined).join(" ");
  return [
    ...expired.map((entry) => `expired   ${said(entry)}: it was ignored until ${entry.expires}`),
    ...unused.map((entry) => `unused    ${said(entry)}: the ignore list covers nothing with it`),
  ];
}

const annotation: Record<Level, string> = {
  breaking: "error",
  unjudged: "error",
  dangerous: "warning",
  safe: "notice",
};

function githubReport(diff: ContractDiff, { file }: ReportOptions): string {
  const lines = diff.findings
    .filter(({ ignored, level }) => ignored === undefined && level !== "safe")
    .map((found) => {
      const properties = [...(file === undefined ? [] : [`file=${property(file)}`]), `title=${property(found.rule)}`];
      return `::${annotation[found.level]} ${properties.join(",")}::${data(`${placeOf(found)}: ${found.message}`)}`;
    });
  const words = [...listWords(diff), `${verdicts[diff.verdict]} ${bumpWords(diff)}`];
  return `${[...lines, ...words.map((line) => `::notice::${data(line)}`)].join("\n")}\n`;
}

// The escapes of GitHub's workflow commands.
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function markdownReport(diff: ContractDiff): string {
  const row = (found: Finding) => {
    const label = found.ignored === undefined ? found.level : `ignored: ${found.ignored}`;
    return `| ${[label, `\`${found.rule}\``, placeOf(found), found.message].map(cell).join(" | ")} |`;
  };
  const table =
    diff.findings.length === 0
      ? []
      : ["| | rule | where | what |", "| --- | --- | --- | --- |", ...diff.findings.map(row), ""];
  const lists = listWords(diff).map((line) => `- ${cell(line)}`);
  return [
    `### ${cell(title(diff))}`,
    "",
    `**${verdicts[diff.verdict]}** ${bumpWords(diff)}`,
    "",
    ...table,
    ...lists,
    ...(lists.length ? [""] : []),
  ].join("\n");
}

function cell(text: string): string {
  return onOneLine(text).replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
