import { setTimeout as sleep } from "node:timers/promises";
import { verdict } from "../../bench/statistics.js";
import { RedisProcess } from "../../support/redis-process.js";
import { type Child, startChild } from "../child.js";
import { percentile } from "../statistics.js";
import { measureEmits } from "./emit-cost.js";
import type { Scene, SceneFiles } from "./scene-child.js";
import { openVisitors, startSceneServer } from "./visitor.js";

const perSecond = 20;
const turnMs = 2_500;
const turns = 2;

/** The clients of a fleet, wherever they are. */
interface Crowd {
  /** How many events they were given, and how late each was, ms. */
  taken(): Promise<number>;
  latencies(): Promise<number[]>;
  /** The processor time that their processes used, ms. */
  cpuMs(): Promise<number>;
}

/** Clients of one kind on two nodes of one kind, all in one room that both nodes emit to. */
class Fleet {
  isComplete = true;
  private cpuMs = 0;
  private due = 0;

  constructor(
    private readonly nodes: readonly Child[],
    private readonly crowd: Crowd,
    private readonly clients: number,
    /** The room as its nodes are told of it. */
    private readonly to: string,
  ) {}

  /** One node emits for a while, and then the other. */
  async turn(): Promise<void> {
    const { crowd, nodes, to } = this;
    const before = await crowd.cpuMs();
    for (const node of nodes) {
      const from = await node.ask<number>({ do: "rate", to, perSecond });
      await sleep(turnMs);
      this.due += ((await node.ask<number>({ do: "rate", to, perSecond: 0 })) - from) * this.clients;
    }
    for (let waits = 0; (await crowd.taken()) < this.due && waits < 50; waits++) await sleep(100);
    this.cpuMs += (await crowd.cpuMs()) - before;
    this.isComplete = (await crowd.taken()) === this.due;
  }

  async figures() {
    const samples = (await this.crowd.latencies()).sort((one, other) => one - other);
    return {
      samples: samples.length,
      p50Ms: percentile(samples, 0.5),
      p99Ms: percentile(samples, 0.99),
      maxMs: percentile(samples, 1),
      /** Of the clients' processes, for each event that one of them was given. */
      clientUs: Math.round((this.cpuMs * 10_000) / samples.length) / 10,
    };
  }
}

/**
 * Two nodes on one Redis, each with half of the clients. What is measured are connections that read hardly more than when an
 * event was emitted; beside them, in turns on the same machine, two nodes of Socket.IO alone with such connections, and as
 * many of the library's own clients, all in one process, which are late by what they do themselves.
 */
export const nodes: Scene = async (file, { clients: wanted }, files) => {
  const clients = wanted || 1_000;
  const redis = await RedisProcess.start();
  const servers = await Promise.all(
    (["redis", "ioredis"] as const).map((client) => startSceneServer(file, { redis: { port: redis.port, client } })),
  );
  const raws = await Promise.all([0, 1].map(() => startRaw(files, redis.port)));
  const processes = [0, 1].map(() => startChild(files.listeners));
  const [ours, theirs] = [servers, raws].map((each) => each.map(({ server }) => server)) as [Child[], Child[]];
  const [ourUrls, theirUrls] = [servers, raws].map((each) => each.map(({ url }) => url)) as [string[], string[]];
  const fleets = {
    library: new Fleet(ours, await openListeners(processes, "library", ourUrls, clients, "0"), clients, "arena:0"),
    socketIo: new Fleet(theirs, await openListeners(processes, "socket.io", theirUrls, clients), clients, "all"),
    libraryClients: new Fleet(ours, await openClients(ourUrls, clients, "1"), clients, "arena:1"),
  };
  for (let turn = 0; turn < turns; turn++) for (const fleet of Object.values(fleets)) await fleet.turn();
  const { p50Ms, p99Ms, maxMs, ...rest } = await fleets.library.figures();
  const [socketIoAlone, libraryClients] = [await fleets.socketIo.figures(), await fleets.libraryClients.figures()];
  await Promise.all([...processes, ...ours, ...theirs].map((child) => child.kill()));
  const emits = await measureEmits(redis);
  await redis.close();
  return {
    nodes: servers.length,
    clients,
    emitsPerSecond: perSecond,
    p50Ms,
    p99Ms,
    maxMs,
    ...rest,
    socketIoAlone,
    libraryClients,
    ...emits,
    pass:
      p99Ms <= 50 &&
      Object.values(fleets).every(({ isComplete }) => isComplete) &&
      verdict({ value: emits.manyRoomsRatio, budget: "≤ 1.1", noise: emits.deviation }) === "met" &&
      emits.roundTripsAnEmit === 1 &&
      emits.commandsARead >= 2,
  };
};

async function startRaw({ raw }: SceneFiles, redisPort: number): Promise<{ server: Child; url: string }> {
  const server = startChild(raw);
  return { server, url: `http://127.0.0.1:${await server.ask<number>({ do: "start", redisPort })}` };
}

/** Listeners in several processes, since one alone would be busy reading for much of the time between two emits. */
async function openListeners(
  processes: readonly Child[],
  name: string,
  urls: readonly string[],
  clients: number,
  arena?: string,
): Promise<Crowd> {
  const each = <TAnswer>(request: object) => Promise.all(processes.map((child) => child.ask<TAnswer>(request)));
  const sum = async (request: object) => (await each<number>(request)).reduce((one, other) => one + other, 0);
  await each({ do: "open", name, urls, count: clients / processes.length, ...(arena === undefined ? {} : { arena }) });
  return {
    taken: () => sum({ do: "taken", name }),
    latencies: async () => (await each<number[]>({ do: "latencies", name })).flat(),
    cpuMs: () => sum({ do: "cpu" }),
  };
}

/** The library's own clients, in this process. */
async function openClients(urls: readonly string[], clients: number, arena: string): Promise<Crowd> {
  const latencies: number[] = [];
  const visitors = await Promise.all(urls.map((url) => openVisitors(url, clients / urls.length, () => arena)));
  for (const visitor of visitors.flat())
    visitor.onEvent = (sentAt) => latencies.push(performance.timeOrigin + performance.now() - sentAt);
  return {
    taken: async () => latencies.length,
    latencies: async () => latencies,
    async cpuMs() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
  };
}
