import { ContractError } from "../contract/errors.js";
import type { RedisClient } from "./clients.js";
import type { Driver } from "./driver.js";
import { IoRedisDriver } from "./ioredis-driver.js";
import { NodeRedisClusterDriver } from "./node-redis-cluster-driver.js";
import { NodeRedisDriver } from "./node-redis-driver.js";

/**
 * Makes the driver of a client; kinds are told apart by what they have.
 *
 * @throws {ContractError} `backend_invalid` where it is none of them.
 */
export function toDriver(given: RedisClient): Driver {
  // A program without types may give anything, and nothing.
  const client = Object(given) as RedisClient;
  if ("call" in client && "status" in client) return new IoRedisDriver(client);
  if ("slots" in client) return new NodeRedisClusterDriver(client);
  // A pool and a sentinel send commands as well, in no order or with other words.
  if ("sendCommand" in client && "select" in client) return new NodeRedisDriver(client);
  const sentence = "redisBackend takes a client of the package redis or ioredis, for one server or a cluster";
  throw new ContractError("backend_invalid", sentence);
}
