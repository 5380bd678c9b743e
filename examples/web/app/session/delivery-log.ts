import { contract } from "@gestaloka/events";
import type { GameClient } from "./game-client.js";
import { createLog, type Log } from "./log.js";

/** What became of the line since the log-in. */
export interface Delivery {
  readonly connects: number;
  /** Events that were missed, and came out of a room's log. */
  readonly replayed: number;
  /** How often a room's state had to be read anew. */
  readonly resyncs: number;
  /** Events that came twice, and were stopped. */
  readonly dropped: number;
  /** Grows with every event that arrives. */
  readonly received: number;
}

/** Counts what the client tells. */
export function createDeliveryLog(client: GameClient): Log<Delivery> {
  const log = createLog<Delivery>({ connects: 0, replayed: 0, resyncs: 0, dropped: 0, received: 0 });
  const count = (key: "connects" | "replayed" | "resyncs", more: number) => {
    const { dropped, received } = client.counts;
    const before = log.getSnapshot();
    log.set({ ...before, dropped, received, [key]: before[key] + more });
  };
  for (const name of contract.appEvents.keys()) {
    client.on(name as "sp:update", (_, { replayed }) => count("replayed", Number(replayed)));
  }
  client.on("ws:connected", () => count("connects", 1));
  client.on("ws:resync", () => count("resyncs", 1));
  return log;
}
