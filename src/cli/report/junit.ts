import { printable } from "../printable.js";
import { type FileReport, isEmpty, type ProblemReport, type Report } from "./report.js";
import { furtherPlaces, placeWords, sentenceOf, subjectOf } from "./words.js";

/** The report as JUnit XML: a suite for each file, a test case for each event in it, a failure for each that has any. */
export function junitReport(report: Report): string {
  const suites = report.files.map((file) => suiteOf(file, report));
  const total = (field: "tests" | "failures" | "errors") => suites.reduce((sum, suite) => sum + suite[field], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="gestaloka-events validate" tests="${total("tests")}" failures="${total("failures")}" errors="${total("errors")}">`,
    ...suites.map((suite) => suite.text),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly text: string;
}

function suiteOf(file: FileReport, report: Report): Suite {
  const name = attribute(file.file);
  const cases: string[] = [];
  let tests = file.events.size;
  let failures = 0;
  let errors = 0;
  for (const count of file.events.values()) {
    const head = `    <testcase classname="${name}" name="${attribute(subjectOf(count))}"`;
    if (count.invalid === 0) {
      cases.push(`${head}/>`);
      continue;
    }
    failures++;
    const problems = report.problems.filter(
      ({ file: of, event, direction }) => of === file.file && event === count.event && direction === count.direction,
    );
    const words = problems.map(problemWords);
    const first = problems[0];
    cases.push(
      `${head}>`,
      `      <failure type="${attribute(first?.code ?? "invalid")}" message="${attribute(`${count.invalid} of ${count.valid + count.invalid} invalid`)}">${escapeXml(words.join("\n"))}</failure>`,
      "    </testcase>",
    );
  }
  if (file.unreadable !== undefined) {
    errors++;
    tests++;
    cases.push(...failedCase(name, "is readable", "error", "unreadable", file.unreadable));
  }
  if (isEmpty(file) && report.failOnEmpty) {
    failures++;
    tests++;
    cases.push(...failedCase(name, "holds a message", "failure", "empty", "no message in it"));
  }
  const text = [
    `  <testsuite name="${name}" tests="${tests}" failures="${failures}" errors="${errors}">`,
    ...cases,
    "  </testsuite>",
  ].join("\n");
  return { tests, failures, errors, text };
}

function failedCase(file: string, name: string, kind: "error" | "failure", type: string, message: string): string[] {
  return [
    `    <testcase classname="${file}" name="${name}">`,
    `      <${kind} type="${type}" message="${attribute(message)}"/>`,
    "    </testcase>",
  ];
}

function problemWords(problem: ProblemReport): string {
  const [first] = problem.places;
  const further = furtherPlaces(problem);
  return `line ${first ? placeWords(first) : ""}: ${sentenceOf(problem)}${further === "" ? "" : ` (${further})`}`;
}

function attribute(text: string): string {
  return escapeXml(printable(text)).replaceAll('"', "&quot;");
}

// What XML 1.0 cannot hold was made printable before.
function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
