import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type AuthenticatedUser,
  type Backend,
  createEventServer,
  type MemoryBackendOptions,
  memoryBackend,
  memoryMetrics,
  serverOptions,
} from "@gestaloka/events/server";
import { Server } from "socket.io";
import { answerParent } from "../child.js";
import { contract } from "../contract.js";
import type { RedisAddress } from "../redis-backend.js";
import { createNumberedEmits } from "./numbered-emits.js";

export interface SceneServerStart {
  readonly do: "start";
  /** Any where nothing is said. */
  readonly port?: number;
  readonly log?: MemoryBackendOptions["log"];
  /** In place of memory. */
  readonly redis?: RedisAddress;
  readonly pingInterval?: number;
  readonly pingTimeout?: number;
  /** How long a handler takes, ms. */
  readonly actMs?: number;
  /** The built file of Centrifugo's engine, where that is what serves. */
  readonly engine?: string;
  /** Keeps metrics. */
  readonly metrics?: boolean;
}

export interface SceneServerStats {
  readonly rss: number;
  /** Heap and what lies outside it, after a collection where there was one. */
  readonly memory: number;
  /** ms; undefined where there is no loop. */
  readonly lagMax: number | undefined;
  readonly connections: number;
  /** Processor time so far, ms. */
  readonly cpuMs: number;
}

/** What a watched connection held back, as Engine.IO and its WebSocket tell. */
export interface Watched {
  readonly bytesMax: number;
  /** From the first reading above the cap to the end of the connection, ms; undefined while it is open. */
  readonly cutAfterMs: number | undefined;
  readonly bytes: number;
  readonly closed: boolean;
}

export type SceneRequest =
  | SceneServerStart
  /** Emits `count` exact events to `arena:…` or `seat:…`, of at least `bytes`. */
  | { readonly do: "emit"; readonly to: string; readonly count: number; readonly bytes?: number }
  /** The same at a rate, until 0. */
  | { readonly do: "rate"; readonly to: string; readonly perSecond: number; readonly bytes?: number }
  /** Ends every connection without a word, 50 in each turn of the loop. */
  | { readonly do: "drop" }
  /** Does nothing but compute for so long. */
  | { readonly do: "stall"; readonly ms: number }
  | { readonly do: "watch"; readonly userId: string }
  | { readonly do: "watched" }
  | { readonly do: "acted" }
  | { readonly do: "metrics" }
  | { readonly do: "collect" }
  | { readonly do: "stats" };

const capBytes = 1024 * 1024;
const acted: Record<string, number> = {};
const metrics = memoryMetrics();
const lag = monitorEventLoopDelay({ resolution: 5 });
let io: Server;
let server: ReturnType<typeof serve>;
let watching: { userId: string; bytesMax: number; bytes: number; overAt: number; closedAt: number } | undefined;

function serve({ actMs = 0, metrics: kept = false }: SceneServerStart, backend: Backend) {
  const served = createEventServer(io, {
    contract,
    authenticate: ({ auth }): AuthenticatedUser | null =>
      typeof auth.user === "string" ? { userId: auth.user } : null,
    authorize: () => true,
    limits: { connectionsPerUser: 100_000, commandsPerSecond: 1_000_000, commandBurst: 1_000_000 },
    backend,
    ...(kept ? { metrics } : {}),
  });
  const act = async ({ k }: { k: number }, { userId }: { userId: string }) => {
    const key = `${userId} ${k}`;
    acted[key] = (acted[key] ?? 0) + 1;
    if (actMs > 0) await sleep(actMs);
    return { k };
  };
  served.handle("act", act);
  served.handle("act_in_turn", act);
  served.handle("look", () => ({ dial: [], board: [] }));
  return served;
}

async function start(options: SceneServerStart): Promise<number> {
  const { pingInterval = 25_000, pingTimeout = 20_000 } = options;
  const http = createServer();
  const safe = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 10_000_000 });
  io = new Server(http, { ...safe, pingInterval, pingTimeout });
  const { redis, log = {} } = options;
  const backend = redis ? await (await import("../redis-backend.js")).openRedisBackend(redis) : memoryBackend({ log });
  server = serve(options, backend);
  await new Promise<void>((resolve) =>
    http.listen({ port: options.port ?? 0, host: "127.0.0.1", backlog: 8_192 }, resolve),
  );
  return (http.address() as AddressInfo).port;
}

const emits = createNumberedEmits((kind, id, payload) => {
  void (kind === "arena" ? server.to.arena(id).emit("step", payload) : server.to.seat(id).emit("note", payload));
});

/** In slices: what is looked at is how they come back. */
async function drop(): Promise<void> {
  const sockets = [...io.sockets.sockets.values()];
  for (let at = 0; at < sockets.length; at += 50) {
    for (const { conn } of sockets.slice(at, at + 50))
      (conn.transport as unknown as { socket: { terminate(): void } }).socket.terminate();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function watch(userId: string): void {
  watching = { userId, bytesMax: 0, bytes: 0, overAt: 0, closedAt: 0 };
  const own = watching;
  const room = `seat_${userId}`;
  const socket = [...io.sockets.sockets.values()].find(({ rooms }) => rooms.has(room));
  const conn = socket?.conn as unknown as {
    writeBuffer: { data?: unknown; options?: { wsPreEncodedFrame?: Uint8Array[] } }[];
    transport: { socket?: { bufferedAmount?: number } };
  };
  const timer = setInterval(() => {
    let bytes = conn.transport.socket?.bufferedAmount ?? 0;
    for (const { data, options } of conn.writeBuffer)
      bytes += options?.wsPreEncodedFrame?.reduce((sum, { length }) => sum + length, 0) ?? String(data ?? "").length;
    own.bytes = bytes;
    own.bytesMax = Math.max(own.bytesMax, bytes);
    if (bytes > capBytes && own.overAt === 0) own.overAt = performance.now();
  }, 2);
  socket?.once("disconnect", () => {
    own.closedAt = performance.now();
    clearInterval(timer);
  });
}

function watched(): Watched {
  const { bytesMax = 0, bytes = 0, overAt = 0, closedAt = 0 } = watching ?? {};
  return {
    bytesMax,
    bytes,
    closed: closedAt > 0,
    cutAfterMs: closedAt === 0 ? undefined : overAt === 0 ? 0 : closedAt - overAt,
  };
}

function stats(): SceneServerStats {
  const { rss, heapUsed, external } = process.memoryUsage();
  const lagMax = lag.max / 1e6;
  lag.reset();
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1_000;
  return { rss, memory: heapUsed + external, lagMax, connections: io.engine.clientsCount, cpuMs };
}

answerParent(async (request: SceneRequest): Promise<unknown> => {
  switch (request.do) {
    case "start": {
      const port = await start(request);
      lag.enable();
      return port;
    }
    case "emit":
      emits.emit(request.to, request.count, request.bytes);
      return emits.last(request.to);
    case "rate":
      emits.rate(request.to, request.perSecond, request.bytes);
      return emits.last(request.to);
    case "drop":
      return drop();
    case "stall": {
      const end = performance.now() + request.ms;
      while (performance.now() < end);
      return undefined;
    }
    case "watch":
      return watch(request.userId);
    case "watched":
      return watched();
    case "acted":
      return acted;
    case "metrics": {
      const { delivery, histograms } = metrics.snapshot();
      return { delivery, histograms };
    }
    case "collect":
      globalThis.gc?.();
      await sleep(20);
      globalThis.gc?.();
      return stats();
    case "stats":
      return stats();
  }
});

process.once("SIGTERM", () => {
  void server.close({ drainMs: 2_000 }).then(async () => {
    await io.close();
    process.exit(0);
  });
});
