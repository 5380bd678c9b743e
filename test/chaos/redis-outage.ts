import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { RedisProcess } from "../support/redis-process.js";
import type { Child } from "./child.js";
import type { ClientsProgress } from "./clients-child.js";
import type { Servers } from "./servers.js";

/** What Redis being away costs, and how soon all is well after it. */
export interface Outage {
  /** The busiest process of those that need Redis, while it was away, of one core. */
  readonly cpuPercent: number;
  /** From the moment at which Redis takes connections until every publisher's emits are taken and clients handle them. */
  readonly backAfterMs: number;
}

const giveUpMs = 60_000;

/** Kills Redis and starts it again, with nothing in it; or stops it and lets it go on, with all that it had. */
export async function takeRedisAway(
  redis: RedisProcess,
  servers: Servers,
  clients: Child,
  outMs: number,
  stops: boolean,
): Promise<Outage> {
  if (stops) redis.signal("SIGSTOP");
  else {
    await redis.kill();
    await servers.forgetAnswers();
    await clients.ask({ do: "killed", kills: servers.kills });
  }
  const before = servers.pids.map(cpuMs);
  const begun = performance.now();
  await sleep(outMs);
  const passed = performance.now() - begun;
  const busiest = Math.max(...servers.pids.map((pid, at) => cpuMs(pid) - (before[at] as number)));
  const taken = (await servers.askEach({ do: "stats" })).map((stats) => stats.taken);
  const { handled } = await clients.ask<ClientsProgress>({ do: "progress" });
  if (stops) redis.signal("SIGCONT");
  else await redis.start();
  const back = performance.now();
  for (; performance.now() - back < giveUpMs; await sleep(10)) {
    const now = (await servers.askEach({ do: "stats" })).map((stats) => stats.taken);
    if (!now.every((count, at) => count > (taken[at] as number))) continue;
    if ((await clients.ask<ClientsProgress>({ do: "progress" })).handled > handled) break;
  }
  return {
    cpuPercent: Math.round((busiest / passed) * 1_000) / 10,
    backAfterMs: Math.round(performance.now() - back),
  };
}

/** The processor time that a process has used, ms. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
