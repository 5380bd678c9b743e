import type { GameClient } from "./game-client.js";
import { createLog, type Log } from "./log.js";

/** The ids of the commands that have no answer yet, those of an earlier page of this window with them. */
export function createCommandLog(client: GameClient): Log<readonly string[]> {
  const log = createLog<readonly string[]>([]);
  client.on("ws:command", ({ id, state }) => {
    const others = log.getSnapshot().filter((other) => other !== id);
    log.set(state === "queued" || state === "sent" ? [...others, id] : others);
  });
  return log;
}
