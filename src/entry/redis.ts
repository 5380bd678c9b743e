/**
 * Joins servers and workers over Redis; needs a client of the package `redis` or `ioredis`, which the application gives.
 *
 * @module
 */
export type { IoRedisClient, NodeRedisClient, NodeRedisCluster, RedisClient } from "../redis/clients.js";
export { type RedisBackendOptions, redisBackend } from "../redis/redis-backend.js";
export type { RedisLogLimits } from "../redis/room-store.js";
