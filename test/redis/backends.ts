import { type RedisBackendOptions, redisBackend } from "@gestaloka/events/redis";
import type { Backend } from "@gestaloka/events/server";
import { Redis } from "ioredis";
import { createClient } from "redis";

/** The clients that an application may have. */
export const clients = {
  redis: (port: number) => createClient({ url: `redis://127.0.0.1:${port}` }),
  ioredis: (port: number) => new Redis({ port, lazyConnect: true }),
};

export type ClientName = keyof typeof clients;
export const clientNames = Object.keys(clients) as ClientName[];

/** A backend over a client that is never connected itself. */
export function openBackend(name: ClientName, port: number, options: Partial<RedisBackendOptions> = {}): Backend {
  return redisBackend({ client: clients[name](port), ...options });
}
