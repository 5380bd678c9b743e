import { createEventClient } from "@gestaloka/events/client";
import { contract } from "../fixtures/contract.js";
import { closedAtEnd } from "./closed-at-end.js";
import { startFaultProxy } from "./fault-proxy.js";
import { openHarbour } from "./harbour-server.js";

/** A client of the harbour contract, ada's unless its options say otherwise, until the test is over. */
export function createClient(url: string, options: object = {}) {
  return closedAtEnd(createEventClient(url, { contract, auth: { token: "ada" }, ...options }));
}

export type HarbourClient = ReturnType<typeof createClient>;

/** A harbour until the test is over, and a proxy in front of it that harms the link on request. */
export async function openBehindProxy(...options: Parameters<typeof openHarbour>) {
  const harbour = closedAtEnd(await openHarbour(...options));
  const proxy = closedAtEnd(await startFaultProxy(Number(new URL(harbour.url).port)));
  return { ...harbour, proxy };
}
