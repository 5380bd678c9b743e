import { ContractError } from "../contract/errors.js";

/**
 * Refuses what is no URL, and one whose connection could be read on its way: `http:` and `ws:` are for this machine alone.
 *
 * A relative URL is judged by the page's own. @throws {ContractError} `insecure_url`
 */
export function requireSecureUrl(url: string, allowInsecure: boolean | undefined): void {
  if (!isSecure(url, allowInsecure)) throw new ContractError("insecure_url", "write wss:// or https://");
}

function isSecure(url: string, allowInsecure: boolean | undefined): boolean {
  try {
    const { protocol, hostname } = new URL(url, globalThis.location?.href);
    return (
      allowInsecure ||
      /^(https|wss):$/.test(protocol) ||
      /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
    );
  } catch {
    return false;
  }
}
