import { type ReadHello, readHello } from "../../client/hello.js";
import type { Live } from "../live/live-options.js";
import { connectionAdvice } from "../live/open-client.js";
import { type DoctorFinding, findingsOf } from "./finding.js";
import { isOpen, openProbe, type Probe } from "./probe.js";
import { checkRecovery } from "./recovery-check.js";
import { checkClock, checkHello } from "./server-checks.js";
import { checkPolling, checkWebSocket } from "./transport-checks.js";

/** Why a server closed a connection that it had not let in. */
function why(probe: Probe): string {
  const { code } = (probe.first("$bye") ?? {}) as { readonly code?: unknown };
  if (typeof code === "string") return code;
  return probe.end?.kind === "closed" ? "refused" : "connection_failed";
}

/** Looks at a server from outside, one check after the other; each finding is yielded as it is made. */
export async function* examine(live: Live, withinMs: number): AsyncGenerator<DoctorFinding> {
  const connection = findingsOf("connection");
  const own = `${live.contract.name}@${live.contract.version}`;
  let read: ReadHello | undefined;
  const first = await openProbe(live, { transports: ["websocket", "polling"], withinMs });
  if (!isOpen(first)) {
    // Where a WebSocket hangs there may still be polling, as the client itself finds out.
    if (first.kind !== "hung" && first.kind !== "swallowed")
      return yield connection.fail(connectionAdvice(first.reason));
    const second = await openProbe(live, { transports: ["polling"], withinMs });
    if (!isOpen(second)) return yield connection.fail(connectionAdvice(second.reason));
    read = readHello(await second.hello(), own);
    second.close();
    yield connection.warn("the handshake hangs: the client falls back to polling after its time is over");
  } else {
    const hello = await first.hello();
    if (hello === undefined && first.end !== undefined) return yield connection.fail(connectionAdvice(why(first)));
    yield connection.ok(`open by ${first.transport}`);
    read = readHello(hello, own);
    try {
      yield* checkHello(own, hello, read);
      yield* await checkClock(live, first, read !== undefined);
    } finally {
      first.close();
    }
    yield read
      ? await checkRecovery(live, withinMs)
      : findingsOf("recovery").skip("a plain server keeps no log of what was missed");
  }
  yield await checkWebSocket(live, withinMs);
  yield* await checkPolling(live, withinMs, read?.maxBytes);
}
