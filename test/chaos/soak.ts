import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startFaultProxy } from "../support/fault-proxy.js";
import { bundleProcesses } from "./bundle.js";
import type { Census } from "./census.js";
import { type Child, startChild } from "./child.js";
import type { ClientsProgress, ClientsRecords, ClientsStart } from "./clients-child.js";
import { Cutter } from "./cutter.js";
import { judgeCommands, judgeEvents } from "./judge.js";
import type { Layout } from "./layout.js";
import type { Progress } from "./progress.js";
import { readPairs } from "./published-ledger.js";
import { createRandom } from "./random.js";
import type { SceneOptions } from "./scenes/scene.js";
import { Servers } from "./servers.js";

const eventsPerSecond = 400;
const cutsPerSecond = 3;
const commandsPerSecond = 40;
const mebibyte = 1024 * 1024;
/** A heap is flat when it ends within so much of what it was half way. */
const noiseBytes = 1.5 * mebibyte;

/** Traffic, commands and cuts for minutes: what both processes hold at the end is what they held at the start. */
export async function runSoak(
  { seed, clients: wanted, minutes }: SceneOptions,
  say: Progress,
): Promise<Record<string, unknown>> {
  const layout: Layout = { clients: wanted || 100, arenas: 12 };
  const folder = mkdtempSync(join(tmpdir(), "chaos-"));
  const bundle = await bundleProcesses(["server-child", "clients-child"]);
  const execArgv = ["--expose-gc", "--max-old-space-size=192"];
  const servers = new Servers(bundle, { layout, seed, stack: "library", folder, execArgv });
  await servers.start();
  const port = servers.ports[0] as number;
  const [proxy, steadyProxy] = [await startFaultProxy(port), await startFaultProxy(port)];
  const clients = startChild(bundle.file("clients-child"), execArgv);
  try {
    const start: ClientsStart = { stack: "library", layout, seed, urls: [proxy.url], steadyUrls: [steadyProxy.url] };
    await clients.ask({ do: "start", ...start });
    await quiet(clients, layout, 32_000);
    const before = await atRest(servers, clients);
    const seconds = minutes * 60;
    const cutter = new Cutter([proxy], createRandom(seed));
    await servers.publish(eventsPerSecond, Number.MAX_SAFE_INTEGER);
    await clients.ask({ do: "act", rate: commandsPerSecond });
    cutter.start(cutsPerSecond, Number.MAX_SAFE_INTEGER);
    const heaps: { server: number; clients: number }[] = [];
    const begun = performance.now();
    while (performance.now() - begun < seconds * 1_000) {
      await sleep(Math.min(10_000, seconds * 50));
      const { server, clients: theirs } = await both(servers, clients);
      heaps.push({ server: server.heap, clients: theirs.heap });
      say(`${cutter.count} cuts; server ${toMiB(server.heap)} MiB, clients ${toMiB(theirs.heap)} MiB`);
    }
    cutter.stop();
    await clients.ask({ do: "act", rate: 0 });
    await servers.ask({ do: "stop" });
    cutter.sweep();
    // The last commands' time limits have passed by then, and what the last cuts left behind has ended.
    const settled = await quiet(clients, layout, 125_000);
    const after = await atRest(servers, clients);
    const records = await clients.ask<ClientsRecords>({ do: "records" });
    const published = servers.published();
    const events = judgeEvents(published, records.streams, records.reasons);
    const commands = judgeCommands(
      [...readPairs(servers.startedFile)].map(([head, k]) => ({ server: head >>> 24, client: head & 0xff_ffff, k })),
      records.commands,
    );
    const drift = {
      server: driftOf(heaps.map(({ server }) => server)),
      clients: driftOf(heaps.map(({ clients: heap }) => heap)),
    };
    const noMore = (of: "timers" | "handles" | "listeners" | "sockets") =>
      after.server[of] <= before.server[of] && after.clients[of] <= before.clients[of];
    return {
      scene: "soak",
      minutes,
      settled,
      published: published.total,
      handled: records.handled,
      cuts: cutter.count,
      lost: events.lost,
      duplicated: events.duplicated,
      reordered: events.reordered,
      commandsLost: commands.commandsLost,
      commandsDuplicated: commands.commandsDuplicated,
      heapDriftMiB: { server: toMiB(drift.server), clients: toMiB(drift.clients) },
      before,
      after,
      seed,
      pass:
        settled &&
        Math.max(drift.server, drift.clients) <= noiseBytes &&
        after.clients.acks === 0 &&
        noMore("timers") &&
        noMore("handles") &&
        noMore("listeners") &&
        noMore("sockets") &&
        events.lost + events.duplicated + events.reordered + commands.commandsLost + commands.commandsDuplicated === 0,
    };
  } finally {
    await Promise.all([clients.kill(), servers.stop()]);
    await Promise.all([proxy.close(), steadyProxy.close()]);
    rmSync(folder, { recursive: true, force: true });
    bundle.remove();
  }
}

/** Until everybody is connected and nothing is open, and so long after that. */
async function quiet(clients: Child, layout: Layout, restMs: number): Promise<boolean> {
  for (let tries = 0; tries < 600; tries++) {
    const { connected, pending } = await clients.ask<ClientsProgress>({ do: "progress" });
    if (connected === layout.clients && pending === 0) {
      await sleep(restMs);
      return true;
    }
    await sleep(100);
  }
  return false;
}

async function both(servers: Servers, clients: Child): Promise<{ server: Census; clients: Census }> {
  return {
    server: (await servers.askEach<Census>({ do: "census" }))[0] as Census,
    clients: await clients.ask<Census>({ do: "census" }),
  };
}

/** The least of several counts: what is there all the time, and not for a comparison of heads that is just under way. */
async function atRest(servers: Servers, clients: Child): Promise<{ server: Census; clients: Census }> {
  let least = await both(servers, clients);
  for (let count = 1; count < 12; count++) {
    await sleep(500);
    const next = await both(servers, clients);
    least = { server: leastOf(least.server, next.server), clients: leastOf(least.clients, next.clients) };
  }
  return least;
}

function leastOf(one: Census, other: Census): Census {
  const least = (of: keyof Census) => Math.min(one[of], other[of]);
  return {
    heap: least("heap"),
    timers: least("timers"),
    handles: least("handles"),
    listeners: least("listeners"),
    acks: least("acks"),
    sockets: least("sockets"),
  };
}

/** What the median of the last fifth is above that of the third. */
function driftOf(heaps: readonly number[]): number {
  const fifth = Math.max(1, Math.floor(heaps.length / 5));
  const half = Math.floor(heaps.length / 2);
  return (
    median(heaps.slice(-fifth)) -
    median(heaps.slice(half - Math.floor(fifth / 2), half - Math.floor(fifth / 2) + fifth))
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

function toMiB(bytes: number): number {
  return Math.round((bytes / mebibyte) * 100) / 100;
}
