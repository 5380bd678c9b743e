import { resolve } from "node:path";
import { parse } from "yaml";
import { diffContracts } from "../../export/diff/contract-diff.js";
import { type Ignored, readIgnoreList } from "../../export/diff/ignore-list.js";
import { diffFormats, toDiffReport } from "../../export/diff/report.js";
import type { CliCommand } from "../command.js";
import { exitCode, Misuse } from "../exit-code.js";
import { readText } from "../files.js";
import { firstLineOf } from "../first-line.js";
import { readContract } from "../read-contract.js";

/** `diff`: whether deployed peers and a new version of a contract understand each other. */
export const diff: CliCommand = {
  usage: "diff <old> [new]",
  summary: "Judge whether a new version of a contract breaks what is deployed",
  details: `OLD and NEW are each a contract module (.ts, .js), an exported snapshot (.json), or git:REF, which is the
snapshot docs/contract/contract.json of that commit; git:REF:PATH names another snapshot or module. Both are
seen from the current folder. Without NEW the contract that this package ships is meant.
Old clients beside the new server are judged, and both ways what outlives a deploy: recovered events, queued commands.

The ignore list is JSON or YAML: [{ rule, subject, path, reason, expires }], subject and path may be left out.

Exit code: 0 safe, 1 breaking or cannot be judged, 2 misuse.`,
  options: [
    { flags: "--format <format>", description: "text (default), json, sarif, github or markdown" },
    { flags: "--skew <skew>", description: "lingering (default), or both: new clients beside the old server too" },
    { flags: "--ignore <file>", description: "Findings that do not count, each with a reason and a last day" },
  ],
  examples: [
    "diff git:v1.0.0 src/contract.ts",
    "diff docs/contract/released.json docs/contract/contract.json --format markdown",
    "diff git:main --ignore wire-ignore.yaml --format github",
  ],
  async run([old, now], options, io) {
    if (old === undefined) throw new Misuse("diff: name the old contract");
    const format = options.choice("format", diffFormats) ?? "text";
    const skew = options.choice("skew", ["lingering", "both"]) ?? "lingering";
    const ignore = ignored(options.text("ignore"), io.cwd);
    const [before, after] = [await readContract(old, io.cwd), await readContract(now, io.cwd)];
    const found = diffContracts(before, after, { skew, ignore, today: new Date().toISOString().slice(0, 10) });
    const file = now === undefined || now.startsWith("git:") ? undefined : now;
    io.stdout.write(toDiffReport(found, format, file === undefined ? {} : { file }));
    return found.verdict === "safe" ? exitCode.ok : exitCode.found;
  },
};

function ignored(file: string | undefined, cwd: string): Ignored[] {
  if (file === undefined) return [];
  const text = readText(resolve(cwd, file), `--ignore ${file}`);
  try {
    // A list of comments alone is an empty one.
    return readIgnoreList(parse(text) ?? []);
  } catch (error) {
    throw new Misuse(`--ignore ${file}: ${firstLineOf(error)}`);
  }
}
