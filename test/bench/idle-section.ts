import { startChild } from "./child.js";
import { median, type Row } from "./statistics.js";

const CONNECTIONS = 1_000;
// As many before: code is compiled and the young generation grows for longer than the first hundred.
const WARM = 1_000;
// Each that comes is told to the others of its room: in one room of all, that would be most of what is done here.
const ROOMS = 20;

// What else grows meanwhile is no connection's: the young generation, and the code of functions that have become hot.
const STEADY = ["--expose-gc", "--min-semi-space-size=16", "--max-semi-space-size=16", "--no-opt", "--no-sparkplug"];

interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
}

/** What an idle connection costs over Socket.IO with the same room joined and six listeners, in a fresh process each. */
export async function idleSection(rounds: number, onRound: (round: number) => void): Promise<Row[]> {
  const heap: number[] = [];
  const rss: number[] = [];
  const heapAgain: number[] = [];
  const rssAgain: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const raw = await costOfConnections(false);
    const library = await costOfConnections(true);
    const rawAgain = await costOfConnections(false);
    heap.push((library.heapUsed - raw.heapUsed) / 1024);
    heapAgain.push((rawAgain.heapUsed - raw.heapUsed) / 1024);
    rss.push((library.rss - raw.rss) / 1024);
    rssAgain.push((rawAgain.rss - raw.rss) / 1024);
    onRound(round + 1);
  }
  const section = "an idle connection";
  return [
    { section, name: "A/A: raw against itself, heap", value: median(heapAgain), unit: "KiB" },
    { section, name: "A/A: raw against itself, RSS", value: median(rssAgain), unit: "KiB" },
    {
      section,
      name: "over Socket.IO, heap",
      value: median(heap),
      unit: "KiB",
      budget: "≤ 0.5",
      noise: off(heapAgain, 0.5),
    },
    { section, name: "over Socket.IO, RSS", value: median(rss), unit: "KiB", budget: "≤ 3", noise: off(rssAgain, 3) },
  ];
}

/** How far the same is from itself, as a part of a budget. */
function off(again: readonly number[], budget: number): number {
  return median(again.map(Math.abs)) / budget;
}

async function costOfConnections(library: boolean): Promise<Memory> {
  const [before, after] = await aroundConnections<Memory>(library, WARM, CONNECTIONS, "memory");
  return { heapUsed: (after.heapUsed - before.heapUsed) / CONNECTIONS, rss: (after.rss - before.rss) / CONNECTIONS };
}

/** Bytes of the objects that an idle connection keeps: the part of its heap that is the same at every run. */
export async function objectBytesOfConnection(library: boolean): Promise<number> {
  const connections = 200;
  const [before, after] = await aroundConnections<number>(library, connections, connections, "objects");
  return (after - before) / connections;
}

/** Asks a server of its own before and after so many connections, where there were some before. */
async function aroundConnections<T>(
  library: boolean,
  warm: number,
  connections: number,
  what: string,
): Promise<[T, T]> {
  const server = startChild("idle-child.ts", STEADY);
  const load = startChild("load-child.ts");
  try {
    const { port } = await server.ask<{ port: number }>({ do: "start", library });
    const name = library ? "library" : "raw";
    // Either asks for its room, and is in one of its own besides: a frame read and answered leaves its traces.
    const enter = library ? { enter: "gestaloka@1.0.0 game_bench" } : { join: "bench" };
    await load.ask({ do: "many", name: `${name}-warm`, port, connections: warm, among: ROOMS, ...enter });
    const before = await server.ask<T>({ do: what });
    await load.ask({ do: "many", name, port, connections, among: ROOMS, ...enter });
    return [before, await server.ask<T>({ do: what })];
  } finally {
    server.stop();
    load.stop();
  }
}
