import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pack } from "../support/packed.js";
import { waitForText } from "../support/page-text.js";
import { type Step, stepsOf } from "./steps.js";

const usage = `Usage: npm run walk [-- options]

Does in an empty folder what README.md says under "Start", with this checkout's package in place of the published one,
until Chromium shows the event; then runs what is shown of the command line. Needs the ports that README.md names.

  --json  the result as one line of JSON
  --help  this text
`;
const { values } = parseArgs({ options: { json: { type: "boolean" }, help: { type: "boolean" } } });
if (values.help) {
  process.stdout.write(usage);
  process.exit();
}

const limitMs = 5 * 60_000;
const readme = readFileSync(resolve(import.meta.dirname, "../../README.md"), "utf8");
const steps = stepsOf(readme, "Start");
const workshop = mkdtempSync(join(tmpdir(), "gestaloka-events-pack-"));
const tarball = pack(workshop);
const folder = mkdtempSync(join(tmpdir(), "gestaloka-events-walk-"));
const groups: number[] = [];
let reachedMs: number | undefined;

const begun = performance.now();
const elapsed = () => Math.round(performance.now() - begun);
const say = (text: string) =>
  values.json || process.stdout.write(`${(elapsed() / 1_000).toFixed(1).padStart(6)} s  ${text}\n`);

try {
  for (const step of steps) await walk(step);
} finally {
  // Each group is what one command of README.md started.
  for (const group of groups) process.kill(-group, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
  rmSync(workshop, { recursive: true });
}
if (reachedMs === undefined) throw new Error('README.md serves nothing under "Start"');
const ok = reachedMs < limitMs;
process.stdout.write(
  values.json
    ? `${JSON.stringify({ ok, steps: steps.length, reachedMs, totalMs: elapsed() })}\n`
    : `${ok ? "Reached" : "Reached too late:"} a validated event in Chromium after ${(reachedMs / 1_000).toFixed(1)} s\n`,
);
process.exitCode = ok ? 0 : 1;

async function walk(step: Step): Promise<void> {
  if (step.kind === "save") {
    say(`save ${step.file}`);
    writeFileSync(join(folder, step.file), step.content);
  }
  if (step.kind === "run") for (const command of step.commands) run(command);
  if (step.kind === "compare") compare(step.shown);
  if (step.kind === "serve") {
    say(step.command);
    serve(step.command);
    await see(step.url, step.text);
    reachedMs = elapsed();
  }
}

function run(command: string): void {
  say(command);
  const typed = command.replace("install @gestaloka/events", `install ${tarball}`);
  const { status, stdout, stderr } = spawnSync("sh", ["-c", typed], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout}${stderr}`);
}

function serve(command: string): void {
  const stdio = ["ignore", "ignore", "inherit"] as const;
  const { pid } = spawn("sh", ["-c", command], { cwd: folder, stdio: [...stdio], detached: true });
  if (pid !== undefined) groups.push(pid);
}

/** Opens the page as soon as it is served, and waits for what README.md promises. */
async function see(url: string, text: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (
    !(await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error(`nothing answers at ${url}`);
    await new Promise((resume) => setTimeout(resume, 100));
  }
  await waitForText(url, text, 60_000);
  say(`Chromium shows "${text}"`);
}

/** Types the commands of a console session, and compares what comes out with what is shown. */
function compare(shown: string): void {
  const commands = [...shown.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command as string);
  // One shell for all, so that `$?` is that of the command before.
  const script = commands.map(
    (command) => `printf '%s\\n' ${quoted(`$ ${command}`)}; (exit $code); ${command}; code=$?`,
  );
  say(commands.join("; "));
  const { stdout } = spawnSync("sh", ["-c", `code=0\n${script.join("\n")}`], { cwd: folder, encoding: "utf8" });
  if (stdout !== shown) throw new Error(`README.md shows\n${shown}\nand what comes out is\n${stdout}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
