import type { RedisParts } from "../../src/redis/redis-parts.js";

/** Opens the parts of a backend by themselves, as for a server that hears nothing. */
export function openParts(parts: RedisParts): RedisParts {
  parts.link.open();
  parts.driver.open({
    ready: () => parts.link.connected([]),
    forgotten() {},
    listening() {},
    message() {},
    error() {},
  });
  return parts;
}
