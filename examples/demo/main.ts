import { parseArgs } from "node:util";
import { startGameServer } from "./game-server.js";
import { servePage } from "./page-server.js";
import { missing, play } from "./scenario.js";

const usage = `Usage: npm run demo [-- options]

Starts a Socket.IO server and a page that shows the events arriving live.

  --once        plays the scenario headless, prints every event with its latency, and exits
  --port NUMBER the port to listen on (default 3210, with --once any free one)
  --help        this text
`;

const { values } = parseArgs({
  options: { once: { type: "boolean" }, port: { type: "string" }, help: { type: "boolean" } },
});

if (values.help) process.stdout.write(usage);
else if (values.once) await playOnce();
else await serve();

async function playOnce(): Promise<void> {
  const server = await startGameServer(Number(values.port ?? 0), (_, response) => response.writeHead(404).end());
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

async function serve(): Promise<void> {
  const server = await startGameServer(Number(values.port ?? 3210), await servePage());
  process.stdout.write(
    `Open ${server.url}/?player=alice and ${server.url}/?player=bob in two windows. Ctrl-C ends it.\n`,
  );
  process.once("SIGINT", () => void server.close());
}

function summary(payload: Record<string, unknown>): string {
  const { type: _, timestamp: __, ...rest } = payload;
  const text = JSON.stringify(rest);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
