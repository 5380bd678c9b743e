// Prints "N passed, N failed" from vitest's JSON report; a run that stopped before its tests counts as one failure.
import { readFileSync } from "node:fs";

const [file, status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(file, "utf8"));
  passed = report.numPassedTests;
  failed = report.numFailedTests + (report.success || report.numFailedTests > 0 ? 0 : 1);
} catch {
  failed = 1;
}
if (status !== "0" && failed === 0) failed = 1;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
