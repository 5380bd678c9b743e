import { ContractError } from "../contract/errors.js";
import type { Commands } from "./commands.js";
import type { Connections } from "./connections.js";
import { backendMs, serverTimes } from "./limits.js";
import type { Parting } from "./parting.js";
import type { Publisher } from "./publisher.js";
import type { Reports } from "./reports.js";
import type { Stage } from "./stage.js";
import type { Stopping } from "./stopping.js";
import { toTimerMs } from "./timer-ms.js";
import { late, within } from "./within.js";

/** What was written is given so long to leave, ms; a link that is gone takes none of it. */
const flushMs = 1_000;

/** What is closed, and what knows of it. */
export interface ClosedParts {
  /** Aborted at once: nobody is let in any more. */
  readonly closing: AbortController;
  /** Aborted when the running commands have had their time. */
  readonly stopping: Stopping;
  readonly commands: Commands;
  readonly publisher: Publisher;
  readonly stage: Stage;
  readonly connections: Connections;
  readonly parting: Parting;
  /** What holds timers. */
  readonly resting: readonly { close(): void }[];
  /** Takes the server off its backend, last: there are no connections any more. */
  readonly leave: () => Promise<void>;
  readonly reports: Reports;
}

/** Makes the function that closes a server: nothing that was accepted is lost, and nobody waits for a link that is gone. */
export function createClose({
  closing,
  stopping,
  commands,
  publisher,
  stage,
  connections,
  parting,
  resting,
  leave,
  reports,
}: ClosedParts) {
  const close = async (drainMs: number): Promise<void> => {
    closing.abort();
    await within(drainMs, commands.finished());
    stopping.abort();
    publisher.flush();
    stage.flush();
    const open = connections.all();
    const written = Promise.all(open.map((connection) => parting.end(connection, "server_closing", drainMs)));
    // Whoever ends the process next must not take the last words with it.
    await within(flushMs, written);
    for (const connection of open) connection.terminate();
    for (const part of resting) part.close();
    try {
      if ((await within(backendMs, leave())) === late) throw stays();
    } catch (error) {
      reports.error(error, { during: "close" }, "backend_unavailable");
    }
    reports.close();
  };
  let closed: Promise<void> | undefined;
  // Once: a backend that others share counts who has left it.
  return ({ drainMs }: { readonly drainMs?: number } = {}): Promise<void> => {
    // Nobody is told to come back before now.
    closed ??= close(toTimerMs(drainMs, serverTimes.drainMs));
    return closed;
  };
}

const stays = () =>
  new ContractError("backend_unavailable", `the backend did not let the server go in ${backendMs / 1_000} s`);
