import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { RedisProcess } from "../../support/redis-process.js";
import { type Child, startChild } from "../child.js";
import { percentile } from "../statistics.js";
import { measureEmits } from "./emit-cost.js";
import { type OnEvent, openListener } from "./listener.js";
import type { Scene } from "./scene-child.js";
import { openVisitors, startSceneServer, until } from "./visitor.js";

const perSecond = 20;
const turnMs = 2_500;
const turns = 2;

/** Clients of one kind on two nodes of one kind, all in one room that both nodes emit to. */
class Fleet {
  readonly latencies: number[] = [];
  private cpuMs = 0;
  private emits = 0;

  constructor(
    private readonly nodes: readonly Child[],
    private readonly clients: number,
    /** The room as its nodes are told of it. */
    private readonly to: string,
  ) {}

  readonly onEvent: OnEvent = (sentAt) => {
    this.latencies.push(performance.timeOrigin + performance.now() - sentAt);
  };

  /** One node emits for a while, and then the other. */
  async turn(): Promise<void> {
    const before = process.cpuUsage();
    for (const node of this.nodes) {
      const from = await node.ask<number>({ do: "rate", to: this.to, perSecond });
      await sleep(turnMs);
      this.emits += (await node.ask<number>({ do: "rate", to: this.to, perSecond: 0 })) - from;
    }
    await until(() => this.isComplete, 5_000);
    const { user, system } = process.cpuUsage(before);
    this.cpuMs += (user + system) / 1_000;
  }

  get isComplete(): boolean {
    return this.latencies.length === this.emits * this.clients;
  }

  figures() {
    const samples = this.latencies.sort((one, other) => one - other);
    return {
      samples: samples.length,
      p50Ms: percentile(samples, 0.5),
      p99Ms: percentile(samples, 0.99),
      maxMs: percentile(samples, 1),
      /** Of the process that is all clients, for each event that one of them was given. */
      clientUs: Math.round((this.cpuMs * 10_000) / samples.length) / 10,
    };
  }
}

/**
 * Two nodes on one Redis, each with half of the clients. What is measured are connections that read hardly more than when an
 * event was emitted; beside them, in turns on the same machine, two nodes of Socket.IO alone with such connections, and as
 * many of the library's own clients, all in one process, which are late by what they do themselves.
 */
export const nodes: Scene = async (file, { clients: wanted }, rawFile) => {
  const clients = wanted || 1_000;
  const redis = await RedisProcess.start();
  const servers = await Promise.all(
    (["redis", "ioredis"] as const).map((client) => startSceneServer(file, { redis: { port: redis.port, client } })),
  );
  const raws = await Promise.all([0, 1].map(() => startRaw(rawFile, redis.port)));
  const ours = servers.map(({ server }) => server);
  const fleets = {
    library: new Fleet(ours, clients, "arena:0"),
    socketIo: new Fleet(
      raws.map(({ server }) => server),
      clients,
      "all",
    ),
    libraryClients: new Fleet(ours, clients, "arena:1"),
  };
  const sockets = [
    ...(await openListeners(servers, clients, "0", fleets.library.onEvent)),
    ...(await openListeners(raws, clients, undefined, fleets.socketIo.onEvent)),
  ];
  const visitors = (await Promise.all(servers.map(({ url }) => openVisitors(url, clients / 2, () => "1")))).flat();
  for (const visitor of visitors) visitor.onEvent = fleets.libraryClients.onEvent;
  for (let turn = 0; turn < turns; turn++) for (const fleet of Object.values(fleets)) await fleet.turn();
  for (const socket of sockets) socket.terminate();
  for (const { client } of visitors) client.close();
  await Promise.all([...ours, ...raws.map(({ server }) => server)].map((server) => server.kill()));
  const emits = await measureEmits(redis);
  await redis.close();
  const { p50Ms, p99Ms, maxMs, ...rest } = fleets.library.figures();
  return {
    nodes: servers.length,
    clients,
    emitsPerSecond: perSecond,
    p50Ms,
    p99Ms,
    maxMs,
    ...rest,
    socketIoAlone: fleets.socketIo.figures(),
    libraryClients: fleets.libraryClients.figures(),
    ...emits,
    pass:
      p99Ms <= 50 &&
      Object.values(fleets).every((fleet) => fleet.isComplete) &&
      emits.manyRoomsRatio <= 1.1 &&
      emits.roundTripsAnEmit === 1 &&
      emits.commandsARead >= 2,
  };
};

async function startRaw(file: string, redisPort: number): Promise<{ server: Child; url: string }> {
  const server = startChild(file);
  return { server, url: `http://127.0.0.1:${await server.ask<number>({ do: "start", redisPort })}` };
}

/** Half of them on each node, a few at a time. */
async function openListeners(
  nodes: readonly { readonly url: string }[],
  count: number,
  arena: string | undefined,
  onEvent: OnEvent,
) {
  const sockets = [];
  for (let index = 0; index < count; index += 50) {
    const some = Array.from({ length: Math.min(50, count - index) }, (_, more) => index + more);
    const opening = some.map((at) => {
      const { url } = nodes[at % nodes.length] as { readonly url: string };
      return openListener(url, `l${at}`, arena, onEvent);
    });
    sockets.push(...(await Promise.all(opening)));
  }
  return sockets;
}
