import { redisBackend } from "@gestaloka/events/redis";
import type { Backend } from "@gestaloka/events/server";

/** Where a Redis of the harness is, and the package that a process reaches it with. */
export interface RedisAddress {
  readonly port: number;
  readonly client: "redis" | "ioredis";
}

/** A backend on a Redis of the harness's own. */
export async function openRedisBackend({ port, client }: RedisAddress): Promise<Backend> {
  if (client === "redis") {
    const { createClient } = await import("redis");
    return redisBackend({ client: createClient({ socket: { host: "127.0.0.1", port } }) });
  }
  const { Redis } = await import("ioredis");
  return redisBackend({ client: new Redis(port, "127.0.0.1", { lazyConnect: true }) });
}
