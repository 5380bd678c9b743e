import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { bundleProcesses } from "../chaos/bundle.js";
import { startChild } from "../chaos/child.js";
import { createRandom } from "../chaos/random.js";
import { type Ammunition, attack } from "./attackers.js";
import type { HealthyReport } from "./healthy-child.js";
import type { ServerReport } from "./server-child.js";

const help = `npm run fuzz -- [options]

Sends broken frames, payloads, credentials and handshakes over many connections to a server in another process, with
healthy clients beside them, and looks at what became of all three.

  --frames N       frames to send; 10,000 where nothing is said
  --seed N         the frames that it repeats; drawn and printed where nothing is said
  --connections N  attackers at a time; 6
  --json           only the last line: one JSON object
  --help

Half of the connections meet a server with its default limits, half one without, so that frames get to where they are
judged. Ends with 0 when nothing crashed, went unhandled, polluted anything or was lost by a healthy client, memory stayed
flat, and the server never kept its own event loop from its turn for 50 ms; with 1 otherwise; with 2 on misuse.

maxLagMs counts no more than the processor time that the server took; wallLagMs goes by the clock, and machineLagMs is
what the clock said in a process that does next to nothing. Where that is 50 ms as well, the machine is too busy for the
lag to be judged, and lagJudged says so: frames pile up while the server is kept from running, and come all at once.
`;

const mostLagMs = 50;
// What a server keeps of users, rooms and answers is bounded, but not nothing.
const mostGrowth = 48 * 1024 * 1024;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = read();
  if (typeof options === "string") {
    process.stderr.write(`fuzz: ${options}\nRun npm run fuzz -- --help for what it takes.\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const { frames, seed, connections, json } = options;
  const begun = performance.now();
  const say = (line: string) => {
    process.stderr.write(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
  say(`seed ${seed}, ${frames} frames`);
  const bundle = await bundleProcesses(["server-child", "healthy-child"], import.meta.dirname);
  let crashes = 0;
  const server = startChild(bundle.file("server-child"), ["--expose-gc"]);
  const healthy = startChild(bundle.file("healthy-child"));
  let maxLagMs = 0;
  let wallLagMs = 0;
  let machineLagMs = 0;
  let last: ServerReport | undefined;
  let beside: HealthyReport | undefined;
  let before = 0;
  try {
    const ports = await server.ask<number[]>({ do: "start" });
    await healthy.ask({ do: "start", ports });
    const ammunition: Ammunition = { left: frames, random: createRandom(seed), ports, connections: 0 };
    // A tenth goes first: what is loaded and compiled on the way is no leak.
    ammunition.left = Math.ceil(frames / 10);
    await salvo(ammunition, connections);
    before = (await server.ask<ServerReport>({ do: "collect" })).memory;
    await healthy.ask({ do: "report" });
    ammunition.left = frames - Math.ceil(frames / 10);
    const look = async () => {
      last = await server.ask<ServerReport>({ do: "report" });
      beside = await healthy.ask<HealthyReport>({ do: "report" });
      maxLagMs = Math.max(maxLagMs, last.lag.own);
      wallLagMs = Math.max(wallLagMs, last.lag.wall);
      machineLagMs = Math.max(machineLagMs, beside.lagMs);
    };
    const timer = setInterval(() => {
      look().catch(() => {});
      say(`${frames - ammunition.left} frames, ${ammunition.connections} connections, lag ${maxLagMs.toFixed(0)} ms`);
    }, 2_000);
    await salvo(ammunition, connections).finally(() => clearInterval(timer));
    await look();
    const { emitted } = await server.ask<ServerReport>({ do: "report" });
    beside = await healthy.ask<HealthyReport>({ do: "finish", emitted });
    await new Promise((resolve) => setTimeout(resolve, 500));
    last = await server.ask<ServerReport>({ do: "collect" });
    say(
      `${ammunition.connections} connections, ${last.handled} commands handled, ${last.connections} connections open`,
    );
  } catch (error) {
    say(String(error));
    const alive = await Promise.all([server, healthy].map((child) => child.ask({ do: "report" }))).catch(
      () => undefined,
    );
    // What is wrong here is no crash there.
    if (alive) throw error;
    crashes++;
  }
  await Promise.all([server.kill(), healthy.kill()]).catch(() => {});
  bundle.remove();
  const memoryGrowth = (last?.memory ?? 0) - before;
  const result = {
    frames,
    crashes,
    unhandled: last?.unhandled ?? 0,
    pollution: last?.pollution ?? 0,
    healthyLost: (beside?.lost ?? 0) + (beside?.disconnected ?? 0),
    healthyReceived: beside?.received ?? 0,
    healthyCommands: beside?.commands ?? 0,
    handled: last?.handled ?? 0,
    rejected: last?.refused ?? {},
    maxLagMs: Math.round(maxLagMs),
    wallLagMs: Math.round(wallLagMs),
    machineLagMs: Math.round(machineLagMs),
    lagJudged: machineLagMs < mostLagMs,
    memoryGrowth,
    seconds: Math.round((performance.now() - begun) / 1_000),
    seed,
    date: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
  };
  const isClean =
    crashes + result.unhandled + result.pollution + result.healthyLost === 0 &&
    result.healthyReceived > 0 &&
    memoryGrowth < mostGrowth &&
    (maxLagMs < mostLagMs || !result.lagJudged);
  if (!result.lagJudged) say("the machine was too busy for the lag to be judged");
  if (last?.first !== undefined) say(`first unhandled: ${last.first}`);
  if (!json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return isClean ? 0 : 1;
}

async function salvo(ammunition: Ammunition, connections: number): Promise<void> {
  await Promise.all(Array.from({ length: connections }, () => attack(ammunition)));
}

function read() {
  try {
    const { values } = parseArgs({
      options: {
        frames: { type: "string", default: "10000" },
        seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
        connections: { type: "string", default: "6" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const [frames, seed, connections] = [Number(values.frames), Number(values.seed), Number(values.connections)];
    for (const [name, value, least] of [
      ["frames", frames, 1],
      ["seed", seed, 0],
      ["connections", connections, 1],
    ] as const)
      if (!Number.isInteger(value) || value < least) return `--${name}: write a whole number from ${least}`;
    return { frames, seed, connections, json: values.json, help: values.help };
  } catch (error) {
    return (error as Error).message;
  }
}
