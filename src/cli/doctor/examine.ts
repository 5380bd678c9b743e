import type { Live } from "../live/live-options.js";
import { connectionAdvice } from "../live/open-client.js";
import { type DoctorFinding, findingsOf } from "./finding.js";
import { isOpen, openProbe } from "./probe.js";
import { checkRecovery } from "./recovery-check.js";
import { checkClock, checkHello } from "./server-checks.js";
import { checkPolling, checkWebSocket } from "./transport-checks.js";

const helloMs = 2_000;

/** Looks at a server from outside, one check after the other; each finding is yielded as it is made. */
export async function* examine(live: Live, withinMs: number): AsyncGenerator<DoctorFinding> {
  const connection = findingsOf("connection");
  const first = await openProbe(live, { transports: ["websocket", "polling"], withinMs });
  if (!isOpen(first)) {
    // Where a WebSocket hangs there may still be polling, as the client itself finds out.
    if (first.kind !== "hung") return yield connection.fail(connectionAdvice(first.reason));
    yield connection.warn("the handshake hangs: the client falls back to polling after its time is over");
  } else {
    yield connection.ok(`open by ${first.transport}`);
    const hello = await first.hello(helloMs);
    try {
      yield* checkHello(live, hello);
      yield* await checkClock(live, first, hello !== undefined);
    } finally {
      first.close();
    }
    yield hello === undefined
      ? findingsOf("recovery").skip("a plain server keeps no log of what was missed")
      : await checkRecovery(live, withinMs);
  }
  yield await checkWebSocket(live, withinMs);
  yield* await checkPolling(live, withinMs);
}
