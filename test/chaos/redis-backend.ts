import { redisBackend } from "@gestaloka/events/redis";
import type { Backend } from "@gestaloka/events/server";
import { stormLog } from "./storm-log.js";

/** Where a Redis of the harness is, and the package that a process reaches it with. */
export interface RedisAddress {
  readonly port: number;
  readonly client: "redis" | "ioredis";
}

/** Enough for a half-open link to be recovered, too little for one that is away for long. */
const log = { keepCount: stormLog.keepCount };

/** A backend on a Redis of the harness's own. */
export async function openRedisBackend({ port, client }: RedisAddress): Promise<Backend> {
  if (client === "redis") {
    const { createClient } = await import("redis");
    return redisBackend({ client: createClient({ socket: { host: "127.0.0.1", port } }), log });
  }
  const { Redis } = await import("ioredis");
  return redisBackend({ client: new Redis(port, "127.0.0.1", { lazyConnect: true }), log });
}
