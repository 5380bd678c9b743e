import type { Clock } from "./clock.js";
import type { Transports } from "./dial.js";

/** How long it is remembered which transport did not work, ms. */
const memoryMs = 600_000;

/** Which transports to try next, in order. */
export interface TransportChoice {
  order(): Transports;
  /** Whether the last order can be followed by a better one at once. */
  hung(): boolean;
  /** Polling met a node that does not know the session: only WebSocket keeps to one node. */
  unsticky(): void;
}

/**
 * WebSocket first. Where its handshake hung (a proxy that swallows the upgrade answers nothing, so that no error makes
 * Socket.IO go on to the next transport) polling first, to be upgraded later.
 */
export function createTransportChoice(transports: Transports, clock: Clock): TransportChoice {
  const given: readonly unknown[] = transports;
  const all = given.includes("websocket") && given.includes("polling");
  let preferred = transports;
  let until = 0;
  const prefer = (names: Transports) => {
    if (!all) return;
    preferred = names;
    until = clock() + memoryMs;
  };
  const order = () => (clock() < until ? preferred : transports);
  return {
    order,
    hung() {
      if (!all || order()[0] === "polling") return false;
      prefer(["polling", "websocket"]);
      return true;
    },
    // Not alone: it may be polling that alone gets through, and the session one that had ended.
    unsticky: () => prefer(["websocket", "polling"]),
  };
}
