import pc from "picocolors";
import type { CliCommand } from "../command.js";
import { examine } from "../doctor/examine.js";
import type { DoctorFinding } from "../doctor/finding.js";
import { exitCode } from "../exit-code.js";
import { isColored } from "../io.js";
import { credentialHelp, liveOptions, readLive } from "../live/live-options.js";
import { counted } from "../report/words.js";

const marks = { ok: ["✓", "green"], warn: ["!", "yellow"], fail: ["✗", "red"], skip: ["-", "dim"] } as const;

/** `gestaloka-events doctor`: how a server looks to a client, and what to do about it. */
export const doctor: CliCommand = {
  usage: "doctor <url>",
  summary: "Look at a server as a client does, and say what to mend",
  details: `Connects about a dozen times, one after the other, and looks at: the transport that a client gets, announced or plain,
the contract's versions, round trip and clock, recovery after a loss, WebSocket, polling, sticky sessions, large frames, upgrade.
${credentialHelp}

Exit code: 0 nothing fails, 1 something does, 2 misuse.`,
  options: [
    { flags: "--json", description: "One JSON array of { check, verdict, found, advice }" },
    { flags: "--timeout <seconds>", description: "How long a handshake may take; 5" },
    ...liveOptions,
  ],
  examples: ["doctor https://play.example", "doctor http://127.0.0.1:3000 --contract src/contract.ts --json"],
  async run([url], options, io) {
    const live = await readLive(url, options, io);
    const withinMs = options.milliseconds("timeout") ?? 5_000;
    const colors = pc.createColors(isColored(io));
    const findings: DoctorFinding[] = [];
    for await (const finding of examine(live, withinMs)) {
      findings.push(finding);
      if (!options.flag("json")) io.stdout.write(lineOf(finding, colors));
    }
    const of = (verdict: DoctorFinding["verdict"]) => findings.filter((one) => one.verdict === verdict).length;
    if (options.flag("json")) io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
    else io.stdout.write(`\n${counted(findings.length, "check")}: ${of("fail")} failed, ${of("warn")} to look at\n`);
    return of("fail") === 0 ? exitCode.ok : exitCode.found;
  },
};

function lineOf({ check, verdict, found, advice }: DoctorFinding, colors: ReturnType<typeof pc.createColors>): string {
  const [mark, color] = marks[verdict];
  const advised = advice === undefined ? "" : `\n  ${" ".repeat(17)}${advice}`;
  return `${colors[color](mark)} ${check.padEnd(17)}${found}${advised}\n`;
}
