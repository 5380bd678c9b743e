import { type Child, type Cost, startChild } from "./child.js";
import { deviation, interleave, median, type Row, ratios } from "./statistics.js";

/** What one window cost at either end. */
interface Window {
  readonly server: number;
  readonly client: number;
  /** Deliveries a second. */
  readonly rate: number;
}

interface Work {
  readonly variant: string;
  readonly what: string;
  readonly ticks: number;
  readonly perTick: number;
  readonly recipients?: number;
  /** How many windows of that size make one measurement; the next begins when the last has arrived. */
  readonly windows?: number;
}

const ROOM = 500;
const GAME = "gestaloka@1.0.0 game_bench";

/** Emits to one client, to a room of 500 and in bursts, against raw Socket.IO and zod-sockets. */
export async function emitSection(rounds: number, onRound: (part: string, round: number) => void): Promise<Row[]> {
  const server = startChild("server-child.ts");
  const load = startChild("load-child.ts");
  try {
    const ports = await server.ask<Record<string, number>>({ do: "start" });
    const one = await oneClient(server, load, ports, rounds, (round) => onRound("one client", round));
    const room = await roomOf500(server, load, ports, rounds, (round) => onRound("a room of 500", round));
    const low = await lowLane(server, load, ports, rounds, (round) => onRound("the low lane", round));
    return [...one, ...room, ...low];
  } finally {
    server.stop();
    load.stop();
  }
}

function measure(
  server: Child,
  load: Child,
  { variant, what, ticks, perTick, recipients = 1, windows = 1 }: Work,
): () => Promise<Window> {
  return async () => {
    const deliveries = ticks * perTick * recipients;
    let cpuServer = 0;
    let cpuClient = 0;
    let wall = 0;
    for (let i = 0; i < windows; i++) {
      // Before the first event can arrive.
      await load.ask({ do: "reset", name: variant });
      const start = performance.now();
      const received = load.ask<Cost>({ do: "receive", name: variant, until: deliveries });
      const emitted = await server.ask<Cost>({ do: "emit", variant, what, ticks, perTick });
      const got = await received;
      wall += performance.now() - start;
      cpuServer += emitted.cpuUs;
      cpuClient += got.cpuUs;
    }
    return {
      server: cpuServer / (deliveries * windows),
      client: cpuClient / (deliveries * windows),
      rate: (deliveries * windows * 1000) / wall,
    };
  };
}

const column = (results: readonly Window[] | undefined, key: keyof Window) =>
  (results ?? []).map((window) => window[key]);

async function oneClient(
  server: Child,
  load: Child,
  ports: Record<string, number>,
  rounds: number,
  onRound: (round: number) => void,
): Promise<Row[]> {
  const observed = ["libraryPrometheus", "libraryOpenTelemetry"];
  for (const name of ["raw", "rawAgain", "library", "libraryNear", "libraryGrowing", ...observed, "zodSockets"])
    await load.ask({ do: "one", name, port: ports[name] });
  for (const variant of ["library", "libraryNear", ...observed]) await server.ask({ do: "fill", variant });
  const size = { ticks: 1_000, perTick: 1, windows: 6 };
  const results = await interleave(
    rounds,
    {
      raw: measure(server, load, { variant: "raw", what: "sp", ...size }),
      rawAgain: measure(server, load, { variant: "rawAgain", what: "sp", ...size }),
      library: measure(server, load, { variant: "library", what: "sp", ...size }),
      zodSockets: measure(server, load, { variant: "zodSockets", what: "sp", ...size }),
      parsed: measure(server, load, { variant: "raw", what: "spParsed", ...size }),
      throughRoom: measure(server, load, { variant: "raw", what: "spRoom", ...size }),
      rawNpc: measure(server, load, { variant: "raw", what: "npc", ...size }),
      libraryNpc: measure(server, load, { variant: "library", what: "npc", ...size }),
      libraryNear: measure(server, load, { variant: "libraryNear", what: "sp", ...size }),
      libraryNearNpc: measure(server, load, { variant: "libraryNear", what: "npc", ...size }),
      prometheus: measure(server, load, { variant: "libraryPrometheus", what: "sp", ...size }),
      openTelemetry: measure(server, load, { variant: "libraryOpenTelemetry", what: "sp", ...size }),
      growing: measure(server, load, { variant: "libraryGrowing", what: "sp", ...size }),
      growingNpc: measure(server, load, { variant: "libraryGrowing", what: "npc", ...size }),
      zodSocketsNpc: measure(server, load, { variant: "zodSockets", what: "npc", ...size }),
    },
    onRound,
  );
  await load.ask({ do: "disconnect" });
  const section = "emit, one client";
  const of = (above: string, below: string, key: keyof Window) =>
    ratios(column(results[above], key), column(results[below], key));
  const noiseOf = (key: keyof Window) => deviation(of("rawAgain", "raw", key));
  const row = (name: string, above: string, below: string, key: keyof Window, budget?: string): Row => ({
    section,
    name,
    value: median(of(above, below, key)),
    unit: below.startsWith("raw") ? "of raw" : "times",
    noise: noiseOf(key),
    ...(budget === undefined ? {} : { budget }),
  });
  return [
    row("A/A: raw Socket.IO against itself, deliveries/s", "rawAgain", "raw", "rate"),
    row("A/A: raw Socket.IO against itself, server CPU", "rawAgain", "raw", "server"),
    row("A/A: raw Socket.IO against itself, client CPU", "rawAgain", "raw", "client"),
    row("sp_update, this library, deliveries/s", "library", "raw", "rate", "≥ 1"),
    row("sp_update, this library, server CPU", "library", "raw", "server", "≤ 1"),
    ...(["prometheus", "openTelemetry"] as const).flatMap((sink) => [
      row(`sp_update, with metrics (${sink}) and a logger at info, deliveries/s`, sink, "raw", "rate", "≥ 1"),
      row(`sp_update, with metrics (${sink}) and a logger at info, server CPU`, sink, "raw", "server", "≤ 1"),
      row(`sp_update, metrics (${sink}) and a logger at info against neither, server CPU`, sink, "library", "server"),
    ]),
    row("npc_encounter, this library, deliveries/s", "libraryNpc", "rawNpc", "rate", "≥ 1"),
    row("npc_encounter, this library, server CPU", "libraryNpc", "rawNpc", "server", "≤ 1"),
    row("sp_update, this library against zod-sockets, deliveries/s", "library", "zodSockets", "rate", "≥ 1.8"),
    row(
      "npc_encounter, this library against zod-sockets, deliveries/s",
      "libraryNpc",
      "zodSocketsNpc",
      "rate",
      "≥ 1.8",
    ),
    row("sp_update while the log grows to its 64 MiB, deliveries/s", "growing", "raw", "rate"),
    row("sp_update while the log grows, server CPU", "growing", "raw", "server"),
    row("npc_encounter while the log grows, deliveries/s", "growingNpc", "rawNpc", "rate"),
    row("npc_encounter while the log grows, server CPU", "growingNpc", "rawNpc", "server"),
    row("sp_update, zod-sockets, deliveries/s", "zodSockets", "raw", "rate"),
    row("sp_update, zod-sockets, server CPU", "zodSockets", "raw", "server"),
    row("sp_update, raw with zod's parse, server CPU", "parsed", "raw", "server"),
    row("sp_update, raw through io.to(room), server CPU", "throughRoom", "raw", "server"),
    row("receive sp_update: checked, in order, deduplicated, client CPU", "library", "raw", "client", "≤ 1.05"),
    row("receive npc_encounter, client CPU", "libraryNpc", "rawNpc", "client", "≤ 1.05"),
    row("receive sp_update by a browser's contract, client CPU", "libraryNear", "raw", "client", "≤ 1.05"),
    row("receive npc_encounter by a browser's contract, client CPU", "libraryNearNpc", "rawNpc", "client", "≤ 1.05"),
  ];
}

async function roomOf500(
  server: Child,
  load: Child,
  ports: Record<string, number>,
  rounds: number,
  onRound: (round: number) => void,
): Promise<Row[]> {
  for (const name of ["raw", "rawAgain", "library", "zodSockets"]) {
    await load.ask({
      do: "many",
      name,
      port: ports[name],
      connections: ROOM,
      ...(name === "library" ? { enter: GAME } : {}),
    });
    // Some join a little after they let a connection in.
    while ((await server.ask<number>({ do: "members", variant: name })) < ROOM)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const single = { what: "room", ticks: 20, perTick: 1, recipients: ROOM };
  const burst = { what: "room", ticks: 4, perTick: 10, recipients: ROOM };
  const tasks = Object.fromEntries(
    ["raw", "rawAgain", "library", "zodSockets"].flatMap((variant) => [
      [variant, measure(server, load, { variant, ...single })],
      [`${variant}Burst`, measure(server, load, { variant, ...burst })],
    ]),
  );
  const results = await interleave(rounds, tasks, onRound);
  await load.ask({ do: "disconnect" });
  const of = (above: string, below: string, key: keyof Window) =>
    ratios(column(results[above], key), column(results[below], key));
  const row = (
    section: string,
    name: string,
    above: string,
    below: string,
    key: keyof Window,
    budget?: string,
  ): Row => ({
    section,
    name,
    value: median(of(above, below, key)),
    unit: "of raw",
    noise: deviation(of(below === "raw" ? "rawAgain" : "rawAgainBurst", below, key)),
    ...(budget === undefined ? {} : { budget }),
  });
  const one = "emit, a room of 500, one event a tick";
  const ten = "emit, a room of 500, bursts of 10 in one tick";
  return [
    row(one, "A/A: raw against itself, server CPU", "rawAgain", "raw", "server"),
    row(one, "this library, server CPU", "library", "raw", "server", "≤ 1.02"),
    row(one, "zod-sockets, server CPU", "zodSockets", "raw", "server"),
    row(ten, "A/A: raw against itself, deliveries/s", "rawAgainBurst", "rawBurst", "rate"),
    row(ten, "this library, deliveries/s, clients that unpack", "libraryBurst", "rawBurst", "rate", "≥ 3"),
    row(ten, "this library, server CPU", "libraryBurst", "rawBurst", "server", "≤ 0.2"),
    row(ten, "zod-sockets, deliveries/s", "zodSocketsBurst", "rawBurst", "rate"),
  ];
}

async function lowLane(
  server: Child,
  load: Child,
  ports: Record<string, number>,
  rounds: number,
  onRound: (round: number) => void,
): Promise<Row[]> {
  await load.ask({ do: "many", name: "raw", port: ports.raw, connections: 1 });
  await load.ask({ do: "many", name: "low", port: ports.low, connections: 1, enter: "harbour@1.0.0 quay_bench" });
  // Long windows: asking two processes for each costs as much as a batch does.
  const size = { what: "gull", ticks: 200, perTick: 100 };
  const one = { what: "gull", ticks: 4_000, perTick: 1 };
  const results = await interleave(
    rounds,
    {
      low: measure(server, load, { variant: "low", ...size }),
      raw: measure(server, load, { variant: "raw", ...one }),
      rawAgain: measure(server, load, { variant: "raw", ...one }),
    },
    onRound,
  );
  await load.ask({ do: "disconnect" });
  const again = ratios(column(results.rawAgain, "rate"), column(results.raw, "rate"));
  const section = "emit, the low lane";
  return [
    { section, name: "A/A: raw against itself, deliveries/s", value: median(again), unit: "of raw" },
    {
      section,
      name: "batches of 100, this library against raw one by one, deliveries/s",
      value: median(ratios(column(results.low, "rate"), column(results.raw, "rate"))),
      unit: "times",
      budget: "≥ 5",
      noise: deviation(again),
    },
  ];
}
