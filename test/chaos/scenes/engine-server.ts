import { type Engine, startEngine } from "../centrifuge/engine.js";
import { answerParent } from "../child.js";
import { createNumberedEmits } from "./numbered-emits.js";
import type { SceneRequest, SceneServerStart, SceneServerStats, Watched } from "./scene-server.js";

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

const emits = createNumberedEmits((kind, id, payload) => {
  engine.publish(`${kind}_${id}`, { name: kind === "arena" ? "step" : "note", ...payload }, true);
});

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
      emits.emit(request.to, request.count, request.bytes);
      if (request.count > 0) await engine.ask("stats");
      return emits.last(request.to);
    case "rate":
      emits.rate(request.to, request.perSecond, request.bytes);
      return emits.last(request.to);
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
