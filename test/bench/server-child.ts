import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract } from "@gestaloka/events";
import { openTelemetryMetrics } from "@gestaloka/events/opentelemetry";
import { prometheusMetrics } from "@gestaloka/events/prometheus";
import { npcEncounterSchema, spUpdateSchema } from "@gestaloka/events/schemas";
import { createEventServer, type Metrics, serverOptions } from "@gestaloka/events/server";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { pino } from "pino";
import { Registry } from "prom-client";
import { Server, type Socket } from "socket.io";
import * as z from "zod/v4";
import { attachSockets, createSimpleConfig } from "zod-sockets";
import { contract as harbour } from "../fixtures/contract.js";
import { answerParent, type Cost, costOf } from "./child.js";
import { npcEncounter, spUpdate, spUpdateInput } from "./payloads.js";

/** One way to serve and emit; every way lives in this one process, and one works at a time. */
interface Variant {
  readonly port: number;
  /** How many connections the room has. */
  readonly members: () => number;
  /** Emits once to the one client, or to the room. */
  readonly emit: Readonly<Record<string, () => unknown>>;
  /** Emits to a room that nobody is in. */
  readonly emitElsewhere?: () => unknown;
}

const variants: Record<string, Variant> = {};
const strictSp = spUpdateSchema.strict();
const strictNpc = npcEncounterSchema.strict();
const options = { origins: [], allowMissingOrigin: true, handshakesPerMinute: 1_000_000 };

const room = "game_bench";
const notice = {
  type: "processing_started",
  action: "扉を開ける",
  status: "AI処理を開始しています...",
  timestamp: spUpdate.timestamp,
};
const noticeInput = { action: notice.action, status: notice.status };

async function listening(http: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return (http.address() as AddressInfo).port;
}

function membersOf(io: Server, name: string): number {
  return io.of("/").adapter.rooms.get(name)?.size ?? 0;
}

async function rawVariant(name: string): Promise<void> {
  const http = createServer();
  const io = new Server(http, serverOptions(options));
  let last: Socket | undefined;
  io.on("connection", (socket) => {
    last = socket;
    socket.join(room);
  });
  variants[name] = {
    port: await listening(http),
    members: () => membersOf(io, room),
    emit: {
      sp: () => last?.emit("sp_update", spUpdate),
      npc: () => last?.emit("npc_encounter", npcEncounter),
      spParsed: () => last?.emit("sp_update", strictSp.parse(spUpdate)),
      npcParsed: () => last?.emit("npc_encounter", strictNpc.parse(npcEncounter)),
      spRoom: () => io.to(room).emit("sp_update", spUpdate),
      room: () => io.to(room).emit("processing_started", notice),
      gull: () => last?.emit("gull_seen", { count: 3 }),
    },
  };
}

/** What an operator adds: a sink of metrics, and a logger that leaves out the lines of single emits. */
function observed(metrics: Metrics) {
  return { metrics, logger: pino({ level: "info" }, { write() {} }) };
}

function openTelemetry(): Metrics {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const readers = [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })];
  return openTelemetryMetrics(new MeterProvider({ readers }).getMeter("bench"));
}

async function libraryVariant(name: string, more: Partial<ReturnType<typeof observed>> = {}): Promise<void> {
  const http = createServer();
  const io = new Server(http, serverOptions(options));
  const server = createEventServer(io, {
    contract,
    authenticate: ({ auth }) => ({ userId: String(auth.user ?? "bench") }),
    authorize: () => true,
    ...more,
  });
  variants[name] = {
    port: await listening(http),
    members: () => membersOf(io, room),
    emit: {
      sp: () => server.to.user("bench").emit("sp_update", spUpdateInput),
      npc: () => server.to.game("bench").emit("npc_encounter", npcEncounter as never),
      room: () => server.to.game("bench").emit("processing_started", noticeInput),
    },
    emitElsewhere: () => server.to.game("elsewhere").emit("npc_encounter", npcEncounter as never),
  };
}

/** Fills a log to its 64 MiB: from then on it reuses its memory, as on a server that has run for minutes. */
async function fillLog({ emitElsewhere }: Variant): Promise<void> {
  for (let tick = 0; tick < 80; tick++) {
    for (let i = 0; i < 1_000; i++) void emitElsewhere?.();
    await new Promise(setImmediate);
  }
}

/** The low lane needs an event that does not coalesce, which the game has none of. */
async function lowVariant(): Promise<void> {
  const http = createServer();
  const io = new Server(http, serverOptions(options));
  const server = createEventServer(io, {
    contract: harbour,
    authenticate: () => ({ userId: "bench" }),
    authorize: () => true,
  });
  variants.low = {
    port: await listening(http),
    members: () => membersOf(io, "quay_bench"),
    emit: { gull: () => server.to.quay("bench").emit("gull_seen", { count: 3 }) },
  };
}

async function zodSocketsVariant(): Promise<void> {
  const http = createServer();
  const io = new Server(serverOptions(options));
  let emit: ((name: string, payload: object) => Promise<unknown>) | undefined;
  let emitRoom: ((name: string, payload: object) => Promise<unknown>) | undefined;
  const noticeSchema = z.strictObject({
    type: z.literal("processing_started"),
    action: z.string(),
    status: z.string(),
    timestamp: z.string(),
  });
  const emission = {
    sp_update: { schema: z.tuple([strictSp]) },
    npc_encounter: { schema: z.tuple([strictNpc]) },
    processing_started: { schema: z.tuple([noticeSchema]) },
  };
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  await attachSockets({
    io,
    target: http,
    actions: [],
    logger: silent,
    config: createSimpleConfig({
      startupLogo: false,
      emission,
      hooks: {
        // The server's own way to a room: a client's would leave that client out.
        onStartup: async ({ withRooms }: never) => {
          emitRoom = (withRooms as (name: string) => { broadcast: typeof emit })(room).broadcast;
        },
        onConnection: async ({ client }: never) => {
          const connected = client as { emit: typeof emit; join(room: string): void };
          connected.join(room);
          emit = connected.emit;
        },
      },
    } as never),
  });
  variants.zodSockets = {
    port: await listening(http),
    members: () => membersOf(io, room),
    emit: {
      sp: () => emit?.("sp_update", spUpdate),
      npc: () => emit?.("npc_encounter", npcEncounter),
      room: () => emitRoom?.("processing_started", notice),
    },
  };
}

interface Request {
  readonly do: "start" | "members" | "fill" | "emit";
  readonly variant?: string;
  readonly what?: string;
  readonly ticks?: number;
  readonly perTick?: number;
}

answerParent(async (request: Request): Promise<Record<string, number> | Cost | number> => {
  if (request.do === "start") {
    await rawVariant("raw");
    await rawVariant("rawAgain");
    await libraryVariant("library");
    await libraryVariant("libraryNear");
    await libraryVariant("libraryGrowing");
    await libraryVariant("libraryPrometheus", observed(prometheusMetrics({ registry: new Registry() })));
    await libraryVariant("libraryOpenTelemetry", observed(openTelemetry()));
    await lowVariant();
    await zodSocketsVariant();
    return Object.fromEntries(Object.entries(variants).map(([name, { port }]) => [name, port]));
  }
  if (request.do === "members") return variants[request.variant as string]?.members() ?? 0;
  if (request.do === "fill") {
    await fillLog(variants[request.variant as string] as Variant);
    return 0;
  }
  const emit = variants[request.variant as string]?.emit[request.what as string];
  if (!emit) throw new Error(`no ${request.what} of ${request.variant}`);
  return costOf(async () => {
    for (let tick = 0; tick < (request.ticks as number); tick++) {
      for (let i = 0; i < (request.perTick as number); i++) void emit();
      await new Promise(setImmediate);
    }
  });
});
