import type { Clock } from "./clock.js";
import type { Transports } from "./dial.js";

/** How long it is remembered which transport did not work, ms. */
const memoryMs = 600_000;

/** Which transports to try next, in order. */
export interface TransportChoice {
  order(): Transports;
  /** Whether the last order can be followed by a better one at once. */
  hung(): boolean;
  /** Polling meets a node that does not know the session: only WebSocket keeps to one node. */
  unsticky(): void;
}

/**
 * WebSocket first. Where its handshake hung (a proxy that swallows the upgrade answers nothing, so that no error makes
 * Socket.IO go on to the next transport) polling first, to be upgraded later.
 */
export function createTransportChoice(transports: Transports, clock: Clock): TransportChoice {
  const names: readonly unknown[] = transports;
  const all = names.includes("websocket") && names.includes("polling");
  let preferred: "polling" | "websocket" | undefined;
  let until = 0;
  const prefer = (name: typeof preferred) => {
    preferred = name;
    until = clock() + memoryMs;
  };
  const current = () => (all && clock() < until ? preferred : undefined);
  return {
    order() {
      const now = current();
      if (now === "websocket") return ["websocket"];
      return now === "polling" ? ["polling", "websocket"] : transports;
    },
    hung() {
      if (!all || (current() ?? names[0]) === "polling") return false;
      prefer("polling");
      return true;
    },
    unsticky: () => prefer("websocket"),
  };
}
