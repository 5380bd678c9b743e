import { resolve } from "node:path";
import pc from "picocolors";
import { parse } from "yaml";
import type { Contract } from "../../contract/contract.js";
import type { CliCommand } from "../command.js";
import { exitCode, Misuse } from "../exit-code.js";
import { readText } from "../files.js";
import { firstLineOf } from "../first-line.js";
import { EncodingError } from "../input/encoding.js";
import { findSources } from "../input/sources.js";
import { type Io, isColored } from "../io.js";
import { credentialHelp, type Live, liveOptions, readLive } from "../live/live-options.js";
import { loadReport, progressBar } from "../play/load-report.js";
import { Player } from "../play/player.js";
import { recordedSteps } from "../play/recorded-steps.js";
import { runLoad } from "../play/run-load.js";
import { readScenario, type Scenario, type Step } from "../play/scenario.js";
import { printable } from "../printable.js";
import { counted } from "../report/words.js";

/** `gestaloka-events play`: acts as players do, by a script. */
export const play: CliCommand = {
  usage: "play <url> <scenario>",
  summary: "Play a scenario against a server: players, commands, what must come of them, or a load",
  details: `The scenario is YAML or JSON: players with their credentials, steps, and a load:
  players: { alice: { token: "{env.ALICE}" } }
  steps:
    - { player: alice, join: table_1 }
    - { player: alice, send: draw_card, payload: { table_id: "1" } }
    - { player: alice, send: draw_card, payload: { table_id: "1" }, refused: not_your_turn }
    - { player: alice, expect: "card:drawn", payload: { player: alice }, within: 2 }
    - { player: alice, request: POST /api/shuffle }
    - { player: alice, leave: table_1 }
    - { player: alice, join: table_2, refused: forbidden }
  load: { players: 20, auth: { token: "{player}" }, join: table_1, send: …, payload: { … }, rate: 100, seconds: 10 }
A recorded file (NDJSON or HAR) is played as well: its commands are sent in order, by one player.
${credentialHelp} A recorded file is played with it.

Exit code: 0 all went as the scenario says, 1 something did not, 2 misuse or no connection.`,
  options: liveOptions,
  examples: ["play http://127.0.0.1:3000 scenario.yaml", "play https://play.example recorded.ndjson"],
  async run([url, file], options, io) {
    const live = await readLive(url, options, io);
    if (file === undefined) throw new Misuse("play: name the scenario's file");
    const scenario = await scenarioOf(file, live, io);
    const failed = await playSteps(scenario, live, io);
    if (!scenario.load) return failed === 0 ? exitCode.ok : exitCode.found;
    const terminal = io.stderr.isTTY ? io.stderr : undefined;
    const result = await runLoad(live, scenario.load, (share) => terminal?.write(`\r${progressBar(share)}`));
    terminal?.write("\r\u001b[2K");
    io.stdout.write(loadReport(scenario.load, result));
    return failed === 0 && result.applied === result.sent ? exitCode.ok : exitCode.found;
  },
};

/** Who plays a recorded file. */
const replayer = "player";

async function scenarioOf(file: string, live: Live, io: Io): Promise<Scenario> {
  if (/\.(ndjson|jsonl|har)$/i.test(file)) {
    const [source] = await findSources([file], io);
    if (source === undefined || "reason" in source) throw new Misuse(`${printable(file)}: ${source?.reason}`);
    const steps = await recordedSteps(source, live.contract, replayer).catch((error: unknown) => {
      throw error instanceof EncodingError ? new Misuse(`${printable(file)}: ${error.message}`) : error;
    });
    if (steps.length === 0) throw new Misuse(`${printable(file)}: no command of ${live.contract.name} in it`);
    return { players: { [replayer]: live.auth }, steps };
  }
  const text = readText(resolve(io.cwd, file), printable(file));
  try {
    const scenario = readScenario(parse(text), io.env);
    requireEvents(scenario.steps, live.contract);
    return scenario;
  } catch (error) {
    throw new Misuse(`${printable(file)}: ${printable(firstLineOf(error))}`);
  }
}

/** Refuses what could only be waited for in vain: an event that the contract lacks, or its wire name. */
function requireEvents(steps: readonly Step[], { name, appEvents, events }: Contract): void {
  for (const [n, { expect }] of steps.entries()) {
    if (expect === undefined || appEvents.has(expect)) continue;
    const appName = events.get(expect)?.appName;
    const advice = appName === undefined ? `${name} has no event of this app-side name` : `write ${appName}`;
    throw new Misuse(`steps[${n}].expect: ${expect}: ${advice}`);
  }
}

/** Plays one step after the other; returns how many did not go as they should. */
async function playSteps({ players, steps }: Scenario, live: Live, io: Io): Promise<number> {
  const colors = pc.createColors(isColored(io));
  const entered = new Map<string, Player>();
  let failed = 0;
  try {
    for (const [name, auth] of Object.entries(players)) entered.set(name, await Player.enter({ ...live, auth }));
    for (const step of steps) {
      const { ms, problem } = await (entered.get(step.player) as Player).act(step);
      if (problem !== undefined) failed++;
      const mark = problem === undefined ? colors.green("✓") : colors.red("✗");
      const time = `${Math.round(ms)} ms`.padStart(8);
      const wrong = problem === undefined ? "" : `  ${colors.red(printable(problem))}`;
      io.stdout.write(
        `${mark} ${printable(step.player).padEnd(8)}${printable(wordsOf(step)).padEnd(48)}${time}${wrong}\n`,
      );
    }
  } finally {
    for (const { client } of entered.values()) client.close();
  }
  if (steps.length > 0) io.stdout.write(`${counted(steps.length, "step")}, ${failed} failed\n`);
  return failed;
}

function wordsOf({ join, leave, send, expect, request, refused }: Step): string {
  const end = refused === undefined ? "" : `, to be refused: ${refused}`;
  if (join !== undefined) return `join ${join}${end}`;
  if (leave !== undefined) return `leave ${leave}`;
  if (send !== undefined) return `send ${send}${end}`;
  return expect === undefined ? `request ${request}` : `expect ${expect}`;
}
