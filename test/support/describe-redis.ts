import { findRedis } from "./redis-process.js";
import { requireOrSkip } from "./required-service.js";

/** `describe` for tests that need a `redis-server` on this machine. */
export const describeRedis = requireOrSkip("redis-server", findRedis());
