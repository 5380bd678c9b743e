import { printableJson } from "../printable.js";
import { isEmpty, type Report, totalByEvent, totalOf } from "./report.js";

/** The report for a program: one JSON object. `ok` is what exit code 0 says. */
export function jsonReport(report: Report, ok: boolean): string {
  const [valid, invalid] = [totalOf(report, "valid"), totalOf(report, "invalid")];
  const document = {
    ok,
    contract: report.contract,
    as: report.as,
    messages: valid + invalid,
    valid,
    invalid,
    skipped: totalOf(report, "skipped"),
    files: report.files.map((file) => ({
      file: file.file,
      valid: file.valid,
      invalid: file.invalid,
      skipped: file.skipped,
      empty: isEmpty(file),
      ...(file.unreadable === undefined ? {} : { unreadable: file.unreadable }),
    })),
    events: totalByEvent(report).map(({ event = null, direction = null, ...counts }) => ({
      event,
      direction,
      ...counts,
    })),
    problems: report.problems.map(({ event = null, direction = null, places, ...problem }) => ({
      file: problem.file,
      line: places[0]?.line ?? null,
      event,
      direction,
      code: problem.code,
      path: problem.path,
      expected: problem.expected,
      got: problem.got,
      count: problem.count,
      places,
    })),
    omitted: report.omitted,
  };
  return `${printableJson(document, 2)}\n`;
}
