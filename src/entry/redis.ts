/**
 * Joins servers and workers over Redis; needs a client of the package `redis` or `ioredis`, which the application gives.
 *
 * @module
 */
export { GameEventEmitter, NotificationEmitter, SPEventEmitter } from "../gestaloka/emitters.gen.js";
export type { IoRedisClient, NodeRedisClient, NodeRedisCluster, RedisClient } from "../redis/clients.js";
export type { AwayPolicy } from "../redis/local-emits.js";
export { redisBackend } from "../redis/redis-backend.js";
export type { RedisBackendOptions } from "../redis/redis-backend-options.js";
export type { RedisLogLimits } from "../redis/room-store.js";
export { createWorkerEmitter, type WorkerEmitter, type WorkerEmitterOptions } from "../redis/worker-emitter.js";
