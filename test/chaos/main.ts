import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { buildEngine } from "./centrifuge/build-engine.js";
import type { Stack } from "./stack.js";
import { runStorm } from "./storm.js";

const help = `npm run chaos -- [options]

Publishes events and cuts connections at the same time, and compares what was published with what was handled.

  --cuts N       connections to harm; 1,000 where nothing is said
  --events N     events to publish; 100 a cut where nothing is said
  --seed N       the faults and the traffic that it repeats; drawn and printed where nothing is said
  --clients N    clients; at least 100
  --stock        Socket.IO alone, with its own recovery: the negative control
  --centrifuge   Centrifugo's engine and its client, of which no commands and no lanes are asked; takes Go
  --redis        several servers and a worker, on a Redis of its own
  --nodes N      how many servers; 3
  --kill-node    with --redis: servers are killed and started again in turn
  --kill-redis   with --redis: Redis is killed once, and comes back empty
  --stop-redis   with --redis: Redis is stopped once, and goes on with all that it had
  --out N        for how many seconds Redis is away; 30
  --policy NAME  what becomes of emits meanwhile: reject or local-only; reject
  --scene NAME   recover, herd, stalled, wire, queue, reports, nodes or soak, in place of the storm
  --minutes N    how long the soak takes; 10
  --json         only the last line: one JSON object
  --help

Ends with 0 when nothing was lost, with --stock when something was, with --centrifuge when all was published and cut.
`;

const { values } = parseArgs({
  options: {
    cuts: { type: "string" },
    events: { type: "string" },
    seed: { type: "string" },
    clients: { type: "string" },
    minutes: { type: "string" },
    scene: { type: "string" },
    stock: { type: "boolean", default: false },
    centrifuge: { type: "boolean", default: false },
    redis: { type: "boolean", default: false },
    nodes: { type: "string" },
    "kill-node": { type: "boolean", default: false },
    "kill-redis": { type: "boolean", default: false },
    "stop-redis": { type: "boolean", default: false },
    out: { type: "string" },
    policy: { type: "string", default: "reject" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function number(name: "cuts" | "events" | "seed" | "clients" | "minutes" | "nodes" | "out", fallback: number): number {
  const value = values[name] === undefined ? fallback : Number(values[name]);
  if (!(value >= 0)) throw new Error(`--${name}: write a number`);
  return value;
}

function policy(): "reject" | "local-only" {
  if (values.policy !== "reject" && values.policy !== "local-only")
    throw new Error("--policy: write reject or local-only");
  return values.policy;
}

function stack(): Stack {
  if (values.centrifuge) return "centrifuge";
  return values.stock ? "stock" : "library";
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const begun = performance.now();
  const say = (line: string) => {
    process.stderr.write(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
  const seed = number("seed", Math.floor(Math.random() * 2 ** 31));
  say(`seed ${seed}`);
  if (values.scene !== undefined) {
    const { runScene } = await import("./scenes/scene.js");
    const engine = values.centrifuge ? await buildEngine() : undefined;
    const scene = { seed, clients: number("clients", 0), minutes: number("minutes", 10) };
    const figures = await runScene(values.scene, { ...scene, ...(engine ? { engine: engine.file } : {}) }, say);
    return print(engine ? { ...figures, centrifuge: engine.versions, pass: true } : figures);
  }
  const cuts = number("cuts", 1_000);
  const options = {
    cuts,
    events: number("events", cuts * 100),
    seed,
    stack: stack(),
    clients: Math.max(100, number("clients", 120)),
    ...(values.redis
      ? {
          cluster: {
            nodes: number("nodes", 3),
            killNode: values["kill-node"],
            redisOutMs: values["kill-redis"] || values["stop-redis"] ? number("out", 30) * 1_000 : 0,
            redisStops: values["stop-redis"],
            policy: policy(),
          },
        }
      : {}),
  };
  const result = await runStorm(options, say);
  const passes = { library: isClean, stock: lostSome, centrifuge: isWhole };
  return print({ ...result, pass: passes[options.stack](result) });
}

const zeros = [
  "lost",
  "duplicated",
  "reordered",
  "falseRecovered",
  "coalescedWrong",
  "refusedHandled",
  "commandsLost",
  "commandsDuplicated",
  "commandsReordered",
  "commandsOverlapped",
  "unhandled",
];

/** Two nodes start what two connections of one client brought, and no clock says which was first. */
const perNode: ReadonlySet<string> = new Set(["commandsReordered", "commandsOverlapped"]);

function isClean(result: Record<string, unknown>): boolean {
  const { complete, settled, lowDropped, lowDroppedCounted, redisOutCpuPercent, backAfterMs, emitsFailed } = result;
  // Where Redis is killed, emits are to fail; and then it is to cost little, and to be over soon.
  const bearable =
    redisOutCpuPercent === undefined
      ? result.nodes === undefined
        ? emitsFailed === 0
        : result.emitsRefused === 0 && result.emitsUnknown === 0
      : (redisOutCpuPercent as number) < 20 &&
        (backAfterMs as number) <= 2_000 &&
        (result.policy === "local-only") === (result.emitsLocal as number) > 0;
  return (
    complete === true &&
    settled === true &&
    lowDropped === lowDroppedCounted &&
    bearable &&
    zeros.every((name) => result[name] === 0 || (result.nodes !== undefined && perNode.has(name)))
  );
}

function lostSome({ lost }: Record<string, unknown>): boolean {
  return (lost as number) > 0;
}

/** It is measured, not judged. */
function isWhole({ complete }: Record<string, unknown>): boolean {
  return complete === true;
}

/** When and where it was run is part of what a committed result says. */
function print(figures: Record<string, unknown>): number {
  const result = { ...figures, date: new Date().toISOString(), node: process.version, cores: cpus().length };
  if (!values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return figures.pass === true ? 0 : 1;
}

// Left to end by itself, Node was seen to spin in its own teardown for ever, after everything was closed and said.
process.exit(await main());
