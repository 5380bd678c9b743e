import type { CliOptions } from "../cli-options.js";
import type { CliCommand } from "../command.js";
import { addressed, exitCode } from "../exit-code.js";
import { reasonOf } from "../files.js";
import { EncodingError } from "../input/encoding.js";
import { findSources, type Missing, type Source } from "../input/sources.js";
import { type Io, isColored } from "../io.js";
import { loadContract } from "../load-contract.js";
import { readFindings } from "../messages/read-findings.js";
import { printable } from "../printable.js";
import { Progress } from "../progress.js";
import { githubReport } from "../report/github.js";
import { jsonReport } from "../report/json.js";
import { junitReport } from "../report/junit.js";
import { isEmpty, type Report, totalOf } from "../report/report.js";
import { textReport } from "../report/text.js";
import { type JudgeOptions, judge } from "../validate/judge.js";
import { type FileTally, Tally } from "../validate/tally.js";

/** `gestaloka-events validate`: checks recorded messages against a contract. */
export const validate: CliCommand = {
  usage: "validate <...files>",
  summary: "Check recorded events and commands against a contract",
  details: `Files are names or glob patterns; - is stdin. Each may hold, one a line or in a JSON array:
  {"direction":"server_to_client","event":NAME,"args":[PAYLOAD]}
  {"event":NAME,"payload":PAYLOAD} or {"event":NAME,"data":PAYLOAD}
  raw Socket.IO frames as a browser's network panel shows them: 42["NAME",PAYLOAD]
or be a HAR file with WebSocket messages, or, with --event, hold payloads alone.

Exit code: 0 all valid, 1 some invalid, 2 misuse or a file that cannot be read.`,
  options: [
    {
      flags: "--as <role>",
      description: "Judge as reader (default), who tolerates what a newer writer adds, or as writer",
    },
    {
      flags: "--direction <way>",
      description:
        "server_to_client or client_to_server, for every message; without it the file says so, or the\nmessage's envelope, or its name: one that goes both ways is then an event of the server",
    },
    { flags: "--contract <file>", description: "A TypeScript or JavaScript file that exports the contract" },
    { flags: "--event <name>", description: "The files hold payloads of this event or command" },
    { flags: "--fail-on-empty", description: "A file without a message is a failure" },
    { flags: "--format <format>", description: "text (default), json, junit or github" },
  ],
  examples: [
    "validate captures/*.ndjson",
    "validate --as writer --event user_joined payload.json",
    "validate --contract src/contract.ts --format github 'captures/**/*.{ndjson,har}'",
    "validate -   # from stdin",
  ],
  run,
};

async function run(files: readonly string[], options: CliOptions, io: Io): Promise<number> {
  const as = options.choice("as", ["reader", "writer"]) ?? "reader";
  const direction = options.choice("direction", ["server_to_client", "client_to_server"]);
  const format = options.choice("format", ["text", "json", "junit", "github"]) ?? "text";
  const failOnEmpty = options.flag("fail-on-empty");
  const event = options.text("event");

  const contract = await loadContract(options.text("contract"), io.cwd);
  const sources = await findSources(files, io);
  const tally = new Tally();
  const progress = new Progress(io.stderr, totalSize(sources));
  let done = 0;
  for (const source of sources) {
    const file = tally.file(source.name);
    const onBytes = (bytes: number) => progress.at(done + bytes);
    const reason =
      "reason" in source ? source.reason : await judgeAll(source, event, { contract, as, direction }, file, onBytes);
    if (reason !== undefined) {
      file.unreadable(reason);
      progress.end();
      io.stderr.write(`gestaloka-events: ${addressed(`${printable(source.name)}: ${reason}`)}\n`);
    }
    done += ("size" in source ? source.size : undefined) ?? 0;
  }
  progress.end();

  const report = tally.report({ contract: `${contract.name}@${contract.version}`, as, failOnEmpty });
  const code = verdictOf(report);
  const writers = {
    text: () => textReport(report, isColored(io)),
    json: () => jsonReport(report, code === exitCode.ok),
    junit: () => junitReport(report),
    github: () => githubReport(report),
  };
  io.stdout.write(writers[format]());
  return code;
}

/** Judges every message of a source; returns why it could not be read to its end, if so. */
async function judgeAll(
  source: Source,
  event: string | undefined,
  options: JudgeOptions,
  file: FileTally,
  onBytes: (bytes: number) => void,
): Promise<string | undefined> {
  try {
    for await (const batch of readFindings(source.name, source.open(), { event, onBytes })) {
      for (const { place, findings } of batch) {
        for (const finding of findings) {
          const verdict = judge(finding, options);
          if (verdict) file.add(verdict, place);
          else file.skip();
        }
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof EncodingError) return error.message;
    if (error instanceof Error && "code" in error) return reasonOf(error);
    throw error;
  }
}

function verdictOf(report: Report): number {
  if (report.files.some((file) => file.unreadable !== undefined)) return exitCode.misuse;
  if (totalOf(report, "invalid") > 0) return exitCode.found;
  return report.failOnEmpty && report.files.some(isEmpty) ? exitCode.found : exitCode.ok;
}

function totalSize(sources: readonly (Source | Missing)[]): number | undefined {
  let total = 0;
  for (const source of sources) {
    if ("reason" in source) continue;
    if (source.size === undefined) return undefined;
    total += source.size;
  }
  return total;
}
