import { createConnection } from "node:net";
import { performance } from "node:perf_hooks";
import { createWorkerEmitter } from "@gestaloka/events/redis";
import { Redis } from "ioredis";
import { deviation, interleave, median, ratios } from "../../bench/statistics.js";
import type { RedisProcess } from "../../support/redis-process.js";
import { contract } from "../contract.js";
import { openRedisBackend } from "../redis-backend.js";

/** What an emit over Redis costs. */
export interface EmitCost {
  /** Of one process that emits as fast as it can, ms an emit, with few rooms and with many. */
  readonly emitUs: { readonly fewRooms: number; readonly manyRooms: number };
  /** Redis's own time an emit, by its account. */
  readonly redisUs: { readonly fewRooms: number; readonly manyRooms: number };
  /** The median of ratios of neighbours in time. */
  readonly manyRoomsRatio: number;
  /** The same of the processor time of Redis, and of the process that emits: a busy machine changes it less. */
  readonly cpuRatio: { readonly redis: number; readonly process: number };
  /** A/A: few rooms against as few others, and how far those were apart in a round: so far the ratio may be above its bound. */
  readonly fewRoomsAgainRatio: number;
  readonly deviation: number;
  /** The same of Redis's time for a bare XADD to as many streams: what memory that is not at hand costs whoever logs. */
  readonly bareXaddRatio: number;
  readonly rooms: { readonly few: number; readonly many: number };
  /** Commands that a client sent to Redis, an emit. */
  readonly roundTripsAnEmit: number;
  /** How many commands Redis found at once where many emits were under way. */
  readonly commandsARead: number;
}

const few = 10;
const many = 100_000;
const rounds = 21;
const emitsARound = 2_000;
const inFlight = 500;
/** As long as what an emit of the scene logs. */
const entry = "e".repeat(56);

/** Emits to few and to many rooms in turns, so that a change of the machine's pace meets both. */
export async function measureEmits(redis: RedisProcess): Promise<EmitCost> {
  const worker = createWorkerEmitter({
    contract,
    backend: await openRedisBackend({ port: redis.port, client: "redis" }),
  });
  let n = 0;
  const emit = async (count: number, roomOf: (index: number) => string) => {
    for (let begun = 0; begun < count; begun += inFlight) {
      const emits = Array.from({ length: Math.min(inFlight, count - begun) }, (_, index) =>
        worker.to.arena(roomOf(begun + index)).emit("step", { s: 0, n: ++n }),
      );
      for (const result of await Promise.all(emits)) if (!result.ok) throw result.error;
    }
  };
  await openRooms(emit);
  const costs = await compare(async (roomOf): Promise<Cost> => {
    const [redisBefore, redisCpuBefore] = [await redisUs(redis, "evalsha"), await redisCpuUs(redis)];
    const [begun, cpuBefore] = [performance.now(), process.cpuUsage()];
    await emit(emitsARound, roomOf);
    const wall = (performance.now() - begun) * 1_000;
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      wall: wall / emitsARound,
      redis: ((await redisUs(redis, "evalsha")) - redisBefore) / emitsARound,
      redisCpu: ((await redisCpuUs(redis)) - redisCpuBefore) / emitsARound,
      processCpu: (user + system) / emitsARound,
    };
  });
  const middle = (name: TaskName, kind: keyof Cost) => round2(median(costs[name].map((cost) => cost[kind])));
  const against = (above: TaskName, kind: keyof Cost) =>
    ratios(
      costs[above].map((cost) => cost[kind]),
      costs.few.map((cost) => cost[kind]),
    );
  const ratio = (above: TaskName, kind: keyof Cost) => round2(median(against(above, kind)));
  const reads = await readsOf(redis, () => emit(emitsARound, (index) => `f${index % few}`));
  const sent = await sentTo(redis, () => emit(100, (index) => `f${index % few}`));
  await worker.close();
  return {
    rooms: { few, many },
    emitUs: { fewRooms: middle("few", "wall"), manyRooms: middle("many", "wall") },
    redisUs: { fewRooms: middle("few", "redis"), manyRooms: middle("many", "redis") },
    manyRoomsRatio: ratio("many", "wall"),
    cpuRatio: { redis: ratio("many", "redisCpu"), process: ratio("many", "processCpu") },
    fewRoomsAgainRatio: ratio("fewAgain", "wall"),
    deviation: round2(deviation(against("fewAgain", "wall"))),
    bareXaddRatio: await bareXaddRatio(redis),
    roundTripsAnEmit: sent / 100,
    commandsARead: round2(emitsARound / reads),
  };
}

/** µs an emit. */
interface Cost {
  readonly wall: number;
  readonly redis: number;
  readonly redisCpu: number;
  readonly processCpu: number;
}

type TaskName = "few" | "fewAgain" | "many";

/** Measures with few rooms, with as few others, and with many, in turns of which neither is always the first. */
function compare<TMeasured>(
  measured: (roomOf: (index: number) => string) => Promise<TMeasured>,
): Promise<Record<TaskName, TMeasured[]>> {
  let round = 0;
  return interleave(
    rounds,
    {
      few: () => measured((index) => `f${index % few}`),
      fewAgain: () => measured((index) => `g${index % few}`),
      // A step that is no divisor of the whole, so that no round meets the rooms of the one before.
      many: () => measured((index) => `m${((round * emitsARound + index) * 7_919) % many}`),
    },
    () => void round++,
  ) as Promise<Record<TaskName, TMeasured[]>>;
}

async function bareXaddRatio(redis: RedisProcess): Promise<number> {
  const client = new Redis(redis.port, "127.0.0.1");
  const add = async (count: number, roomOf: (index: number) => string) => {
    for (let begun = 0; begun < count; begun += inFlight)
      await Promise.all(
        Array.from({ length: Math.min(inFlight, count - begun) }, (_, index) =>
          client.xadd(`bare:${roomOf(begun + index)}`, "MAXLEN", "~", 1_000, "*", "e", entry),
        ),
      );
  };
  await openRooms(add);
  const costs = await compare(async (roomOf) => {
    const before = await redisUs(redis, "xadd");
    await add(emitsARound, roomOf);
    return (await redisUs(redis, "xadd")) - before;
  });
  client.disconnect();
  return round2(median(ratios(costs.many, costs.few)));
}

/** Every room stands before anything is measured. */
async function openRooms(fill: (count: number, roomOf: (index: number) => string) => Promise<void>): Promise<void> {
  await fill(many, (index) => `m${index}`);
  for (const name of ["f", "g"]) await fill(few * 200, (index) => `${name}${index % few}`);
}

/** Redis's time for a command, by its own account, µs. */
async function redisUs(redis: RedisProcess, command: "evalsha" | "xadd"): Promise<number> {
  const stats = await redis.command("INFO", "commandstats");
  return Number(new RegExp(`cmdstat_${command}:calls=\\d+,usec=(\\d+)`).exec(stats)?.[1] ?? 0);
}

/** The processor time that Redis has used, µs. */
async function redisCpuUs(redis: RedisProcess): Promise<number> {
  const used = await redis.command("INFO", "cpu");
  const seconds = [...used.matchAll(/used_cpu_(?:user|sys):([\d.]+)/g)].map(([, each]) => Number(each));
  return seconds.reduce((one, other) => one + other, 0) * 1_000_000;
}

/** How often Redis read from its clients meanwhile. */
async function readsOf(redis: RedisProcess, run: () => Promise<void>): Promise<number> {
  const reads = async () => Number(/total_reads_processed:(\d+)/.exec(await redis.command("INFO", "stats"))?.[1]);
  const before = await reads();
  await run();
  // The question itself is read as well.
  return (await reads()) - before - 1;
}

/** How many commands clients sent meanwhile; what a script does itself is not among them. */
async function sentTo(redis: RedisProcess, run: () => Promise<void>): Promise<number> {
  const monitor = createConnection(redis.port, "127.0.0.1");
  let seen = "";
  const started = new Promise<void>((resolve) => {
    monitor.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      resolve();
    });
  });
  monitor.write("MONITOR\r\n");
  await started;
  await run();
  await redis.command("PING");
  while (!seen.toLowerCase().includes('"ping"')) await new Promise((resolve) => setTimeout(resolve, 5));
  monitor.destroy();
  return seen.split("\n").filter((line) => /^\+\d[^"]*"(?!ping"|quit")/i.test(line) && !/ lua\] /.test(line)).length;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
