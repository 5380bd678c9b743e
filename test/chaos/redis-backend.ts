import { type AwayPolicy, redisBackend } from "@gestaloka/events/redis";
import type { Backend } from "@gestaloka/events/server";

/** Where a Redis of the harness is, and how a process uses it. */
export interface RedisAddress {
  readonly port: number;
  /** The package that it is reached with. */
  readonly client: "redis" | "ioredis";
  readonly whileAway?: AwayPolicy;
}

/** A backend on a Redis of the harness's own. */
export async function openRedisBackend({ port, client, whileAway = "reject" }: RedisAddress): Promise<Backend> {
  if (client === "redis") {
    const { createClient } = await import("redis");
    return redisBackend({ client: createClient({ socket: { host: "127.0.0.1", port } }), whileAway });
  }
  const { Redis } = await import("ioredis");
  return redisBackend({ client: new Redis(port, "127.0.0.1", { lazyConnect: true }), whileAway });
}
