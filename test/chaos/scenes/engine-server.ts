import { type Engine, startEngine } from "../centrifuge/engine.js";
import { answerParent } from "../child.js";
import type { SceneRequest, SceneServerStart, SceneServerStats, Watched } from "./scene-server.js";

const numbers = new Map<string, number>();
const timers = new Map<string, NodeJS.Timeout>();
let engine: Engine;
let watching = { userId: "", since: 0 };

async function start({ engine: file, log, pingInterval = 25_000 }: SceneServerStart): Promise<number> {
  engine = await startEngine(file as string, {
    port: 0,
    historySize: log?.keepCount ?? 1_000,
    pingMs: pingInterval,
    pongMs: Math.min(8_000, pingInterval * 0.9),
  });
  return engine.port;
}

function emit(to: string, count: number, bytes = 0): void {
  const [kind, id] = to.split(":") as [string, string];
  const pad = bytes > 0 ? { pad: "p".repeat(bytes) } : {};
  for (let index = 0; index < count; index++) {
    const n = (numbers.get(to) ?? 0) + 1;
    numbers.set(to, n);
    const t = performance.timeOrigin + performance.now();
    engine.publish(`${kind}_${id}`, { name: kind === "arena" ? "step" : "note", s: 0, n, t, ...pad }, true);
  }
}

function rate(to: string, perSecond: number, bytes = 0): void {
  clearInterval(timers.get(to));
  if (perSecond > 0)
    timers.set(
      to,
      setInterval(() => emit(to, 1, bytes), 1_000 / perSecond),
    );
}

/** The engine tells nobody what waits for a connection, so only the end of it is seen. */
async function watched(): Promise<Watched> {
  const { closed } = await engine.ask("stats");
  const at = closed[watching.userId]?.at ?? 0;
  return { bytesMax: 0, bytes: 0, closed: at > watching.since, cutAfterMs: undefined };
}

async function stats(what: "stats" | "collect"): Promise<SceneServerStats> {
  const { rss, heap, connections, cpuMs } = await engine.ask(what);
  return { rss, memory: heap, lagMax: undefined, connections, cpuMs };
}

/** The server of a scene, with Centrifugo's engine. */
answerParent(async (request: SceneRequest): Promise<unknown> => {
  switch (request.do) {
    case "start":
      return start(request);
    case "emit":
      emit(request.to, request.count, request.bytes);
      if (request.count > 0) await engine.ask("stats");
      return numbers.get(request.to) ?? 0;
    case "rate":
      rate(request.to, request.perSecond, request.bytes);
      return numbers.get(request.to) ?? 0;
    case "drop":
      await engine.ask("drop");
      return undefined;
    case "watch":
      watching = { userId: request.userId, since: performance.timeOrigin + performance.now() };
      return undefined;
    case "watched":
      return watched();
    case "collect":
    case "stats":
      return stats(request.do);
    default:
      throw new Error(`Centrifugo's engine is not asked to ${request.do}`);
  }
});
