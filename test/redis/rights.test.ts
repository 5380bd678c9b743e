import { readFileSync } from "node:fs";
import { redisBackend } from "@gestaloka/events/redis";
import { Cluster, Redis } from "ioredis";
import { createClient, createCluster } from "redis";
import { afterEach, expect, it } from "vitest";
import { describeRedis } from "../support/describe-redis.js";
import { openHarbour } from "../support/harbour-server.js";
import { RedisProcess } from "../support/redis-process.js";
import { load, loads, until } from "./peers.js";
import { startCluster } from "./redis-cluster.js";

type Client = Parameters<typeof redisBackend>[0]["client"];

/** As one of ioredis 5, which takes other `redisOptions` in place of its own. */
function earlyCluster(port: number, options: ConstructorParameters<typeof Cluster>[1]): Cluster {
  const cluster = new Cluster([{ host: "127.0.0.1", port }], options);
  cluster.duplicate = (_, others) => earlyCluster(port, { ...options, ...others });
  return cluster;
}

const guide = readFileSync("docs/redis.md", "utf8");
const user = { username: "game", password: "password" };
const kinds: readonly { name: string; single: boolean; client: (port: number) => Client }[] = [
  { name: "redis", single: true, client: (port) => createClient({ socket: { port }, ...user }) },
  { name: "ioredis", single: true, client: (port) => new Redis({ port, lazyConnect: true, ...user }) },
  {
    name: "a cluster of redis",
    single: false,
    client: (port) => createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }], defaults: user }),
  },
  {
    name: "a cluster of ioredis",
    single: false,
    client: (port) => new Cluster([{ host: "127.0.0.1", port }], { lazyConnect: true, redisOptions: user }),
  },
  {
    name: "a cluster of ioredis 5",
    single: false,
    client: (port) => earlyCluster(port, { lazyConnect: true, redisOptions: user }),
  },
];

describeRedis("servers whose Redis grants them what the guide names", () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  it.each(kinds)("are refused nothing, over $name", { timeout: 40_000 }, async ({ single, client }) => {
    const redis = single ? await RedisProcess.start() : await startCluster();
    open.push(redis);
    const [rights, ofCluster] = guide.match(/^ACL SETUSER .*$/gm) ?? [];
    for (const line of single ? [rights] : [rights, ofCluster])
      expect(await redis.command(...String(line).split(" "))).toMatch(/^(\+OK\r\n)+$/);
    // Nobody else is let in.
    await redis.command("ACL", "SETUSER", "default", "-@all", "+acl", "+quit");
    const told: unknown[] = [];
    const [one, other] = await Promise.all(
      [0, 1].map(() =>
        openHarbour({
          backend: redisBackend({ client: client(redis.port), presenceLeaseMs: 600, compareMs: 300 }),
          presenceGraceMs: 50,
          onError: (error) => told.push(error),
        }),
      ),
    );
    if (!one || !other) throw new Error("no servers");
    open.push(one, other);
    for (const { server } of [one, other]) server.handle("load_ship", ({ crates }) => ({ on_board: crates }));
    const [ada, bob] = [one.announced("ada"), other.announced("bob")];
    const entries = [];
    for (const { socket } of [ada, bob]) entries.push(await socket.emitWithAck("$enter", { room: "quay_q1" }));
    expect(await one.server.to.quay("q1").emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    await until(() => loads(bob).length === 1);
    const command = ["load_ship", { quay_id: "q1", ship_id: "s1", crates: 7 }, { id: "c1" }] as const;
    for (let times = 0; times < 2; times++)
      expect(await ada.socket.emitWithAck(...command)).toEqual({ ok: true, data: { on_board: 7 } });
    await one.server.revoke("bob", "quay_q1");
    const page = { epoch: entries[0].epoch, after: 0, limit: 10 };
    expect((await ada.socket.emitWithAck("$page", page)).events).toHaveLength(1);
    expect(await bob.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: true });
    bob.socket.disconnect();
    await ada.got("sailor_went", 2);
    await one.server.disconnectUser("ada");
    expect(await other.server.members("quay_q1")).toBeInstanceOf(Array);
    expect(await other.server.health()).toMatchObject({ ready: true });
    expect(await redis.command("ACL", "LOG")).toMatch(/^(\*0\r\n)+$/);
    expect(told).toEqual([]);
  });
});
