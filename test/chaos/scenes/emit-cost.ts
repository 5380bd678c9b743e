import { createConnection } from "node:net";
import { performance } from "node:perf_hooks";
import { createWorkerEmitter } from "@gestaloka/events/redis";
import { Redis } from "ioredis";
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
  // Every room stands before anything is measured.
  await emit(many, (index) => `m${index}`);
  await emit(few * 200, (index) => `f${index % few}`);
  const pairs = await compare(async (roomOf) => {
    const before = await redisUs(redis, "evalsha");
    const begun = performance.now();
    await emit(emitsARound, roomOf);
    const passed = performance.now() - begun;
    return { emit: (passed * 1_000) / emitsARound, redis: ((await redisUs(redis, "evalsha")) - before) / emitsARound };
  });
  const middle = (of: (pair: Pair<{ emit: number; redis: number }>) => number) => round2(median(pairs.map(of)));
  const reads = await readsOf(redis, () => emit(emitsARound, (index) => `f${index % few}`));
  const sent = await sentTo(redis, () => emit(100, (index) => `f${index % few}`));
  await worker.close();
  return {
    rooms: { few, many },
    emitUs: { fewRooms: middle((pair) => pair.few.emit), manyRooms: middle((pair) => pair.many.emit) },
    redisUs: { fewRooms: middle((pair) => pair.few.redis), manyRooms: middle((pair) => pair.many.redis) },
    manyRoomsRatio: middle((pair) => pair.many.emit / pair.few.emit),
    bareXaddRatio: await bareXaddRatio(redis),
    roundTripsAnEmit: sent / 100,
    commandsARead: round2(emitsARound / reads),
  };
}

interface Pair<TMeasured> {
  readonly few: TMeasured;
  readonly many: TMeasured;
}

/** Measures with few rooms and with many, in turns. */
async function compare<TMeasured>(
  measured: (roomOf: (index: number) => string) => Promise<TMeasured>,
): Promise<Pair<TMeasured>[]> {
  const pairs: Pair<TMeasured>[] = [];
  for (let round = 0; round < rounds; round++) {
    // A step that is no divisor of the whole, so that no round meets the rooms of the one before.
    const toMany = () => measured((index) => `m${((round * emitsARound + index) * 7_919) % many}`);
    const toFew = () => measured((index) => `f${index % few}`);
    // Neither is always the first.
    pairs.push(
      round % 2 === 0 ? { many: await toMany(), few: await toFew() } : { few: await toFew(), many: await toMany() },
    );
  }
  return pairs;
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
  await add(many, (index) => `m${index}`);
  await add(few * 200, (index) => `f${index % few}`);
  const pairs = await compare(async (roomOf) => {
    const before = await redisUs(redis, "xadd");
    await add(emitsARound, roomOf);
    return (await redisUs(redis, "xadd")) - before;
  });
  client.disconnect();
  return round2(median(pairs.map((pair) => pair.many / pair.few)));
}

/** Redis's time for a command, by its own account, µs. */
async function redisUs(redis: RedisProcess, command: "evalsha" | "xadd"): Promise<number> {
  const stats = await redis.command("INFO", "commandstats");
  return Number(new RegExp(`cmdstat_${command}:calls=\\d+,usec=(\\d+)`).exec(stats)?.[1] ?? 0);
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

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
