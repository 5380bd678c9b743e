import { toBase64url } from "./base64url.js";

// The eleventh character carries the last 4 of 64 bits, so only 16 characters may stand there.
const form = /^[\w-]{10}[AEIMQUYcgkosw048]$/;

/** The random bytes that an epoch takes. */
export const epochBytes = 8;

/** Makes the 11 characters that name a room's log until it is forgotten, from 8 random bytes (more are ignored). */
export function createEpoch(random: Uint8Array): string {
  if (random.length < epochBytes) throw new RangeError(`an epoch takes ${epochBytes} random bytes`);
  return toBase64url(random.subarray(0, epochBytes));
}

/** Says whether a stranger's value is spelled as an epoch is. */
export function isEpoch(value: unknown): value is string {
  return typeof value === "string" && form.test(value);
}
