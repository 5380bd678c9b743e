import { ContractError } from "../contract/errors.js";

/**
 * Refuses a URL whose connection could be read on its way: `http:` and `ws:` are for this machine alone.
 *
 * A relative URL is judged by the page's own. @throws {ContractError} `insecure_url`
 */
export function requireSecureUrl(url: string, allowInsecure: boolean): void {
  const { protocol, hostname } = parse(url);
  if (allowInsecure || protocol === "https:" || protocol === "wss:" || isLoopback(hostname)) return;
  throw new ContractError(
    "insecure_url",
    "credentials and events would travel in the clear; write wss:// or https://, or pass allowInsecure: true",
  );
}

function parse(url: string): URL {
  try {
    return new URL(url, globalThis.location?.href);
  } catch {
    throw new ContractError("insecure_url", "the server's address is no URL; write wss://host");
  }
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
