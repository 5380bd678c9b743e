import type { Socket } from "socket.io-client";
import { backoffMs, type RetryHint } from "../delivery/backoff.js";
import type { PacketSource } from "../delivery/debugging.js";
import type { Clock } from "./clock.js";
import { type ConnectionSnapshot, idleConnection, type WritableConnectionStore } from "./connection-store.js";
import { type DialOptions, dial, type End, type HangUp } from "./dial.js";
import { isOffline, watchReachability } from "./reachability.js";
import { transientCodes } from "./transient-codes.js";
import { createTransportChoice } from "./transport-choice.js";

/** A server's parting words: a code, and when to come back. */
export type Farewell = Partial<RetryHint> & { readonly code: string };

export interface ConnectorOptions {
  readonly socket?: DialOptions | undefined;
  readonly handshakeTimeoutMs?: number | undefined;
  readonly clock: Clock;
  readonly debug?: ((engine: PacketSource) => void) | undefined;
}

export interface ConnectorEvents {
  /** Asked before every attempt; it calls the application later, when what is being begun can be hung up. */
  readAuth(): Promise<object>;
  opened(socket: Socket): void;
  frame(packet: readonly unknown[]): void;
  /** An open connection is gone. */
  closed(reason: string): void;
  /** An attempt came to nothing. */
  failed(code: string, error?: unknown): void;
}

/** Keeps a connection up while it is wanted. */
export interface Connector {
  /** Begins, or tries at once instead of waiting for the next attempt. */
  connect(): void;
  close(): void;
  /** Takes `$bye`; what it says holds for the end that follows. */
  farewell(words: Farewell): void;
  /** Ends the open connection from this side: `lost` opens another, `refused` does not. */
  end(kind: End["kind"], reason: string): void;
}

/** Makes a connector that does nothing yet. Statuses but `connected` are set here, since only it knows what goes on. */
export function createConnector(
  url: string,
  { socket = {}, handshakeTimeoutMs, clock, debug }: ConnectorOptions,
  store: WritableConnectionStore,
  events: ConnectorEvents,
): Connector {
  const choice = createTransportChoice(socket.transports ?? ["websocket", "polling"], clock);
  let everOpen = false;
  let open = false;
  /** Failed attempts since the last success, and ends in a row by a server that said no word, or did not know or serve us. */
  let attempt = 0;
  let kicks = 0;
  let words: Farewell | undefined;
  /** The connection that is there or on its way, and the wait for the next one. */
  let hangUp: HangUp | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Set as long as a connection is wanted. */
  let unwatch: (() => void) | undefined;

  const waitingStatus = () => (isOffline() ? "offline" : everOpen ? "reconnecting" : "connecting");

  function tryOnce(change?: Partial<ConnectionSnapshot>): void {
    clearTimeout(timer);
    timer = undefined;
    store.update({ status: waitingStatus(), attempt, ...change });
    // A subscriber may have closed the client, or begun anew.
    if (!unwatch || hangUp) return;
    // Where nothing is said, NaN. Timers know no Infinity; an attempt is over long before it.
    hangUp = dial(
      url,
      socket,
      events.readAuth(),
      choice.order(),
      Math.min((handshakeTimeoutMs as number) * 4 || 20_000, 1e9),
      {
        reached: debug,
        opened(connected) {
          open = everOpen = true;
          attempt = 0;
          events.opened(connected);
        },
        frame: events.frame,
        transport: (transport) => store.update({ transport }),
        ended,
      },
    );
  }

  function ended({ kind, reason, error }: End): void {
    const wasOpen = open;
    const said = words;
    words = hangUp = undefined;
    open = false;
    if (kind === "swallowed") {
      choice.prefer("polling");
      tryOnce();
      return;
    }
    if (!wasOpen) attempt++;
    const code = said?.code;
    const why = code ?? reason;
    const astray = reason === "sticky_session";
    // Only a WebSocket keeps to one node.
    if (astray) choice.prefer("websocket");
    // None of it is over with the next connection that opens: the waits go on growing.
    const again = astray || code === "evicted" || code === "backend_unavailable";
    kicks = again || (kind === "closed" && !code) ? kicks + 1 : 0;
    const goesOn = (!code && kind !== "refused") || transientCodes.includes(why);
    if (!goesOn) rest();
    store.update({
      status: goesOn ? waitingStatus() : "refused",
      reason: why,
      attempt,
      mode: undefined,
      transport: undefined,
    });
    if (wasOpen) events.closed(why);
    else events.failed(why, error);
    // A subscriber or a handler may have closed the client, or begun anew.
    if (!unwatch || hangUp) return;
    const hint = again || said?.retry_after_ms === undefined ? undefined : said;
    timer = setTimeout(tryOnce, backoffMs(attempt + kicks, Math.random(), hint));
  }

  function rest(): void {
    clearTimeout(timer);
    unwatch?.();
    timer = unwatch = undefined;
  }

  return {
    connect() {
      if (unwatch) {
        if (timer) tryOnce();
        return;
      }
      everOpen = false;
      attempt = kicks = 0;
      unwatch = watchReachability(({ persisted }) => {
        // Out of the back/forward cache: Socket.IO gave its requests up as the page went, and would wait for pings to fail.
        if (persisted && hangUp) hangUp({ kind: "lost", reason: "closed" });
        else if (timer && !isOffline()) {
          // What failed without a network says nothing of this one, which may take some moments to work.
          attempt = 0;
          tryOnce();
        } else if (!open) store.update({ status: waitingStatus() });
      });
      tryOnce({ reason: undefined });
    },
    close() {
      rest();
      const hang = hangUp;
      const wasOpen = open;
      open = false;
      hangUp = words = undefined;
      store.update(idleConnection);
      if (wasOpen) events.closed("closed");
      hang?.();
    },
    farewell(given) {
      words = given;
    },
    end: (kind, reason) => hangUp?.({ kind, reason }),
  };
}
