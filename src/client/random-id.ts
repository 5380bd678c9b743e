import { toBase64url } from "../delivery/base64url.js";

/** Draws an id of 128 random bits, also where a page is not a secure context. */
export function createId(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(16)));
}
