import { randomUUID } from "node:crypto";
import { readHello } from "../../client/hello.js";
import type { HelloRoom } from "../../delivery/hello.js";
import { isCursor } from "../../delivery/recovery.js";
import type { Live } from "../live/live-options.js";
import { type DoctorFinding, findingsOf } from "./finding.js";
import { isOpen, openProbe } from "./probe.js";
import { words } from "./transport-checks.js";

/** Returns after a loss that are tried: each may come to another server. */
const returns = 3;

/** Whether a client that was lost and comes back is given what it missed, on whichever server it comes to. */
export async function checkRecovery(live: Live, withinMs: number): Promise<DoctorFinding> {
  const { ok, fail, skip } = findingsOf("recovery");
  const client = randomUUID();
  let cursors: readonly unknown[] = [];
  let rooms: readonly HelloRoom[] = [];
  for (let i = 0; i <= returns; i++) {
    const found = await openProbe(live, { transports: ["websocket", "polling"], withinMs, back: { client, cursors } });
    if (!isOpen(found)) return fail(words(found));
    const hello = readHello(await found.hello(), live.contract.name);
    found.close();
    // The first connection was announced, or nobody would ask for recovery.
    if (!hello)
      return fail(
        "a later connection came to a server that announced nothing, or let nobody in",
        "serve the same contract with createEventServer on each server behind this URL",
      );
    rooms = hello.rooms;
    if (rooms.length === 0) return skip("no room is entered with the connection");
    const lost = i > 0 ? rooms.find(({ recovered }) => recovered !== true) : undefined;
    if (lost) {
      const advice = "several servers, or one that was restarted, need a backend that they share: redisBackend";
      return fail(`${lost.room} was not recovered: ${lost.reason ?? "no reason given"}`, advice);
    }
    cursors = rooms.filter(isCursor);
  }
  return ok(`${rooms.map(({ room }) => room).join(", ")} recovered after each of ${returns} losses`);
}
