import type { Socket } from "socket.io-client";
import { backoffMs, type RetryHint } from "../delivery/backoff.js";
import type { PacketSource } from "../delivery/debugging.js";
import type { Clock } from "./clock.js";
import { idleConnection, type WritableConnectionStore } from "./connection-store.js";
import { type DialOptions, dial, type End } from "./dial.js";
import { passing } from "./passing.js";
import { isOffline, watchReachability } from "./reachability.js";
import { createTransportChoice } from "./transport-choice.js";

/** A server's parting words: a code, and when to come back. */
export type Farewell = Partial<RetryHint> & { readonly code?: string };

export interface ConnectorOptions {
  readonly url: string;
  readonly socket: DialOptions;
  /** Asked before every attempt. */
  readonly readAuth: () => object | Promise<object>;
  readonly handshakeTimeoutMs: number;
  readonly clock: Clock;
  readonly reached: (engine: PacketSource) => void;
}

export interface ConnectorEvents {
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
  { url, socket, readAuth, handshakeTimeoutMs, clock, reached }: ConnectorOptions,
  store: WritableConnectionStore,
  events: ConnectorEvents,
): Connector {
  const choice = createTransportChoice(socket.transports ?? ["websocket", "polling"], clock);
  let wanted = false;
  let everOpen = false;
  let open = false;
  /** Failed attempts since the last success, and ends in a row by a server that said no word, or did not know or serve us. */
  let attempt = 0;
  let kicks = 0;
  let words: Farewell | undefined;
  let hangUp: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unwatch: (() => void) | undefined;
  let turn = 0;

  const waitingStatus = () => (isOffline() ? "offline" : everOpen ? "reconnecting" : "connecting");

  async function tryOnce(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const mine = ++turn;
    store.update({ status: waitingStatus(), attempt });
    let auth: object;
    try {
      auth = await readAuth();
    } catch (error) {
      if (mine !== turn) return;
      store.update({ attempt: ++attempt, reason: "unauthenticated" });
      events.failed("unauthenticated", error);
      if (mine === turn) retry();
      return;
    }
    if (mine !== turn) return;
    const order = choice.order();
    const timeout = order[0] === "websocket" ? handshakeTimeoutMs : handshakeTimeoutMs * 4;
    hangUp = dial(url, socket, auth, order, timeout, {
      reached,
      opened(connected) {
        open = everOpen = true;
        attempt = 0;
        events.opened(connected);
      },
      frame: events.frame,
      transport: (transport) => store.update({ transport }),
      ended,
    });
  }

  function ended({ kind, reason }: End): void {
    const { code, ...hint } = words ?? {};
    const astray = reason === "sticky_session";
    const why = code ?? (open || kind === "refused" || astray ? reason : "connection_failed");
    const wasOpen = open;
    words = hangUp = undefined;
    open = false;
    if (!wasOpen) {
      if (kind === "hung" && choice.hung()) return void tryOnce();
      attempt++;
    }
    // None of it is over with the next connection that opens: the waits go on growing.
    const again = code === "evicted" || code === "backend_unavailable";
    kicks = (kind === "closed" && !code) || astray || again ? kicks + 1 : 0;
    if (astray) choice.unsticky();
    const refusal = kind === "refused" ? reason : code;
    const goesOn = refusal === undefined || passing.has(refusal);
    if (!goesOn) rest();
    const mine = turn;
    store.update({
      status: goesOn ? waitingStatus() : "refused",
      reason: why,
      attempt,
      mode: undefined,
      transport: undefined,
    });
    if (wasOpen) events.closed(why);
    else events.failed(why);
    // A subscriber or a handler may have closed the client, or begun anew.
    if (goesOn && mine === turn) retry(code && !again ? hint : undefined);
  }

  function retry(hint?: Partial<RetryHint>): void {
    const given = hint && Object.keys(hint).length ? hint : undefined;
    timer = setTimeout(tryOnce, backoffMs(attempt + kicks, Math.random(), given));
  }

  function rest(): void {
    wanted = false;
    turn++;
    clearTimeout(timer);
    timer = undefined;
    unwatch?.();
  }

  return {
    connect() {
      if (wanted && !timer) return;
      if (!wanted) {
        wanted = true;
        everOpen = false;
        attempt = kicks = 0;
        unwatch = watchReachability(() => {
          if (open) return;
          if (timer && !isOffline()) void tryOnce();
          else store.update({ status: waitingStatus() });
        });
        store.update({ reason: undefined });
      }
      // A subscriber may have closed the client.
      if (wanted) void tryOnce();
    },
    close() {
      rest();
      const hang = hangUp;
      const wasOpen = open;
      open = false;
      hangUp = words = undefined;
      store.update(idleConnection);
      if (wasOpen) events.closed("closed");
      // Last, since with it what is under way comes to nothing, and that would let commands go out.
      hang?.();
    },
    farewell(given) {
      words = given;
    },
    end(kind, reason) {
      if (!open) return;
      const hang = hangUp;
      ended({ kind, reason });
      hang?.();
    },
  };
}
