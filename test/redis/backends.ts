import { type RedisBackendOptions, redisBackend } from "@gestaloka/events/redis";
import type { Backend } from "@gestaloka/events/server";
import { Cluster, Redis } from "ioredis";
import { createClient, createCluster } from "redis";

/** The clients that an application may have, for one server or, by the port of one of its servers, a cluster. */
export const clients = {
  redis: (port: number) => createClient({ url: `redis://127.0.0.1:${port}` }),
  ioredis: (port: number) => new Redis({ port, lazyConnect: true }),
  "a cluster of redis": (port: number) => createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }] }),
  "a cluster of ioredis": (port: number) => new Cluster([{ host: "127.0.0.1", port }], { lazyConnect: true }),
};

export type ClientName = keyof typeof clients;

/** A backend over a client that is never connected itself. */
export function openBackend(name: ClientName, port: number, options: Partial<RedisBackendOptions> = {}): Backend {
  return redisBackend({ client: clients[name](port), ...options });
}
