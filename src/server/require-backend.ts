import { ContractError } from "../contract/errors.js";
import type { Backend } from "./backend.js";

/** Refuses what is no backend, such as the Redis client that one is made of. @throws {ContractError} `backend_invalid` */
export function requireBackend(backend: unknown): void {
  const { open, append } = (backend ?? {}) as Partial<Backend>;
  if (typeof open !== "function" || typeof append !== "function")
    throw new ContractError("backend_invalid", "backend: give redisBackend({ client }) or memoryBackend()");
}
