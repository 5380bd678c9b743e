import type { TypesOf } from "@gestaloka/events";
import type { createEventClient } from "@gestaloka/events/client";
import type { contract } from "../fixtures/contract.js";
import type { FaultProxy } from "../support/fault-proxy.js";

export type Types = TypesOf<typeof contract>;
type Client = ReturnType<typeof createEventClient<Types>>;

/** A client behind a link of its own, so that it is cut alone. */
export interface Linked {
  readonly client: Client;
  readonly proxy: FaultProxy;
}

/** What becomes of a link; while it is `away` no new one is let through. */
type LinkFault = "cut" | "reset" | "half-open" | "away";

export function harm({ proxy }: Linked, fault: LinkFault): void {
  if (fault === "reset") proxy.reset();
  // The link that is there dies without a word; a new one would pass.
  else if (fault === "half-open") for (const connection of proxy.connections) connection.blackhole();
  else {
    if (fault === "away") proxy.set({ accept: "reset" });
    proxy.cut();
  }
}

/** Takes every fault away. A link that died without a word is found by its pings; here nobody waits for them. */
export function heal({ proxy }: Linked): void {
  // It does not come back to life.
  for (const connection of [...proxy.connections])
    if (connection.toClient.blackholed || connection.toServer.blackholed) connection.cut();
  proxy.clear();
}

/**
 * Waits until a client is answered, and says whether it was in 20 s. It may look alive a while after its connection is gone:
 * only an answer proves that it is there, behind its rooms.
 */
export async function isAnswered({ client }: Linked, reconnect: () => boolean): Promise<boolean> {
  const begun = performance.now();
  while (performance.now() - begun < 20_000) {
    if (!reconnect()) await new Promise((resolve) => setTimeout(resolve, 5));
    else {
      const sounded = client.send("sound", { timestamp: "2026-11-24T05:30:19Z" }, { ttlMs: 1_000 });
      const wasHeard = await sounded.then(
        () => true,
        () => false,
      );
      if (wasHeard) return true;
    }
  }
  return false;
}
