import { parseArgs } from "node:util";
import { startGameServer } from "./game-server.js";
import { missing, play } from "./scenario.js";
import { sources } from "./sources.js";

const usage = `Usage: npm run demo [-- options]

Starts a game on Socket.IO, and serves a page to play it from two windows, with buttons that break the line.

  --once        plays the scenario headless, prints every event with its latency, and exits
  --serve       serves the game without a page, for the tools of the command line, and prints two players' tokens
  --port NUMBER the port to listen on (default 3210, with --once any free one)
  --help        this text
`;

const values = readOptions();

if (values.help) process.stdout.write(usage);
else if (values.once) await playOnce();
else if (values.serve) await serveGame();
else await serve();

function readOptions() {
  try {
    const { values: given } = parseArgs({
      options: {
        once: { type: "boolean" },
        serve: { type: "boolean" },
        port: { type: "string" },
        help: { type: "boolean" },
      },
    });
    const port = given.port === undefined ? undefined : Number(given.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
      throw new Error(`--port takes a number from 0 to 65535, not ${given.port}`);
    return { ...given, port };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

async function playOnce(): Promise<void> {
  const server = await startGameServer(values.port ?? 0);
  const log = await play(server, ({ player, event, payload, latencyMs }) => {
    const latency = latencyMs === undefined ? "" : `${latencyMs} ms`;
    process.stdout.write(`${player.padEnd(6)} ${event.padEnd(27)} ${latency.padStart(6)}  ${summary(payload)}\n`);
  });
  await server.close();
  const wrong = missing(log);
  for (const line of wrong) process.stderr.write(`${line}\n`);
  const slowest = Math.max(...log.map(({ latencyMs }) => latencyMs ?? 0));
  process.stdout.write(
    wrong.length === 0
      ? `${log.length} events arrived, each once and in order; the slowest took ${slowest} ms\n`
      : "something expected did not arrive\n",
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

async function serveGame(): Promise<void> {
  const server = await startGameServer(values.port ?? 3210);
  process.stdout.write(`export ALICE=${server.login("alice")} BOB=${server.login("bob")} URL=${server.url}\n`);
  process.once("SIGINT", () => void server.close());
  process.once("SIGTERM", () => void server.close());
}

async function serve(): Promise<void> {
  // The page's tools are slow to load, and the headless scenario needs none of them.
  const { serveWebDemo } = await import("../web/host/serve.js");
  process.stdout.write("Building the page …\n");
  const port = values.port ?? 3210;
  const demo = await serveWebDemo({ port, alias: sources }).catch((error: Error & { readonly code?: string }) => {
    if (error.code !== "EADDRINUSE") throw error;
    process.stderr.write(`Port ${port} is taken: choose another one with --port, or 0 for any.\n`);
    process.exit(1);
  });
  process.stdout.write(`Open ${demo.url} in two windows, and log in as another player in each. Ctrl-C ends it.\n`);
  const end = () => void demo.close().then(() => process.exit());
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}

function summary(payload: Record<string, unknown>): string {
  const { type: _, timestamp: __, ...rest } = payload;
  const text = JSON.stringify(rest);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
