import type { Contract } from "../contract/contract.js";
import type { At, ContractTypes, JoinAckOf } from "../contract/contract-types.js";
import type { ErrorCode } from "../contract/error-codes.js";
import { ContractError } from "../contract/errors.js";
import type { PacketSource } from "../delivery/debugging.js";
import { type Clock, createClock } from "./clock.js";
import type { SendOptions } from "./commands.js";
import { type ConnectionStore, createConnectionStore } from "./connection-store.js";
import type { DeliveryReport } from "./delivery-report.js";
import type { DialOptions } from "./dial.js";
import { type Attempt, createHandingOn, type ReceiveCounts, type ReceiveReports } from "./handing-on.js";
import { createListeners, type EventMeta, type Handler } from "./listeners.js";
import type { LocalEvents, Tell } from "./local-events.js";
import { requireSecureUrl } from "./secure-url.js";
import { createSession } from "./session.js";
import type { CommandStorage } from "./stored-commands.js";
import { throwLater } from "./throw-later.js";

/** What a client is made from. */
export interface ClientOptions<TTypes extends ContractTypes = ContractTypes> extends ReceiveReports {
  /** The events and commands that both ends speak. */
  readonly contract: Contract<TTypes>;
  /** The application's credential; a function is asked anew for every attempt, which may take a minute, and when the server warns of its end. */
  readonly auth: object | (() => object | Promise<object>);
  /** Who the user is, where the server does not say so; fills in the identity that a plain server's commands ask for. */
  readonly userId?: string | undefined;
  /** Connects when created; `true` unless said otherwise. */
  readonly autoConnect?: boolean | undefined;
  /** Keeps queued commands over a page reload: `localStorageStore()` or `indexedDbStore()`. Without one they die with the page. */
  readonly storage?: CommandStorage | undefined;
  /** Measures what arrives, and tells the server with its cursors: `deliveryReport`, or one of your own. */
  readonly report?: ((clock: Clock) => DeliveryReport) | undefined;
  /** Looks at every connection's frames: `debugFrames(logger)`. */
  readonly debug?: ((engine: PacketSource) => void) | undefined;
  /** Options of Socket.IO's client: `path`, `transports`, `extraHeaders`, … */
  readonly socket?: DialOptions | undefined;
  /** Told what a handler threw, and whatever else fails outside a command; without one, and without a handler of `ws:error`, a handler's error is thrown again where the platform reports it. */
  readonly onError?:
    | ((error: unknown, context: { readonly code: string; readonly event?: string | undefined }) => void)
    | undefined;
  /** Lets `http:` and `ws:` URLs reach other machines. */
  readonly allowInsecure?: boolean | undefined;
  /** How long a WebSocket's handshake may hang before polling is tried, ms; 5,000 by default. An attempt may take four times as long. */
  readonly handshakeTimeoutMs?: number | undefined;
  /** How long a server that announces itself may take to do so, ms; 2,000 by default, `Infinity` where no other is to be spoken to. */
  readonly helloTimeoutMs?: number | undefined;
  /** How often the ends of the rooms' logs are compared, ms ± 50 %; 30,000 by default, `Infinity` for never. */
  readonly headsIntervalMs?: number | undefined;
}

/** The names that a client listens to, with what their handlers get. */
export type EventHandler<TPayload> = (payload: TPayload, meta: EventMeta) => unknown;

// Names are constrained in full words, here and wherever an application gives one: of an alias TypeScript tells the name
// where one is misspelt, and not which names there are.

/** A connection to a server, typed by a contract; a function that takes any is generic in `TTypes`. */
export interface EventClient<TTypes extends ContractTypes = ContractTypes> {
  /**
   * Calls the handler with every event of this app-side name, or with what the client itself tells (`ws:resync` and the
   * like), until the function that comes back is called.
   *
   * @throws {ContractError} `unknown_event` for a name that no event has.
   */
  on<TName extends (keyof TTypes["appEvents"] | keyof LocalEvents) & string>(
    name: TName,
    handler: EventHandler<(TTypes["appEvents"] & LocalEvents)[TName]>,
  ): () => void;
  /** As `on`, for the next event alone. */
  once<TName extends (keyof TTypes["appEvents"] | keyof LocalEvents) & string>(
    name: TName,
    handler: EventHandler<(TTypes["appEvents"] & LocalEvents)[TName]>,
  ): () => void;
  /** Takes out every registration of this handler; those of others stay. */
  off<TName extends (keyof TTypes["appEvents"] | keyof LocalEvents) & string>(
    name: TName,
    handler: EventHandler<(TTypes["appEvents"] & LocalEvents)[TName]>,
  ): void;
  /**
   * Enters a room and stays in it over reconnects until `leave`. Joining twice is joining once.
   *
   * Resolves when entered, with the data of the acknowledgement, `undefined` from a plain server; waits while offline.
   * Rejects with a `CommandError` when the server refuses, and then the room is not entered again; also `room_invalid` for
   * what is no room that clients join, `timeout` (a plain server did not answer), `closed`.
   */
  join<TRoom extends TTypes["rooms"][keyof TTypes["joins"] & keyof TTypes["rooms"]] & string>(
    room: TRoom,
  ): Promise<JoinAckOf<TTypes, TRoom> | undefined>;
  /**
   * Leaves a room: nothing of it is handed on from here. Resolves when the server has answered, at once while offline; one that
   * refuses, as a server does that is asked too much (`rate_limited`), keeps the user present until the connection ends.
   */
  leave(room: TTypes["rooms"][keyof TTypes["joins"] & keyof TTypes["rooms"]] & string): Promise<void>;
  /**
   * Sends a command. Resolves when it was applied, with the data of the acknowledgement, `undefined` from a plain server.
   *
   * Rejects with a `CommandError`: the server's refusal code, or `payload_invalid`, `payload_too_large`, `offline`,
   * `queue_full`, `expired` (no answer in time), `timeout` (a plain server was lost before it answered), `identity_mismatch`
   * (another user connected before it was answered), `closed`.
   */
  send<TName extends Exclude<keyof TTypes["commandInputs"] & string, TTypes["membership"]>>(
    name: TName,
    payload: TTypes["commandInputs"][TName],
    options?: SendOptions,
  ): Promise<At<TTypes["acks"], TName> | undefined>;
  /** The connection's state, to read and to be told of. */
  readonly connection: ConnectionStore;
  /** What happened to the events that arrived so far. */
  readonly counts: Readonly<ReceiveCounts>;
  /** Connects; while waiting for the next attempt, tries at once. */
  connect(): void;
  /** Disconnects and answers what has no answer with `closed`. `forget` also ends the session: rooms, cursors and stored commands of this user are gone. */
  close(options?: { readonly forget?: boolean | undefined }): void;
}

/**
 * Makes a client. Handlers registered before the next turn of the event loop miss nothing, since it connects only then.
 *
 * @throws {ContractError} `insecure_url` for what is no URL, and for one in the clear that is not of this machine.
 *
 * @example
 * ```ts
 * import { createEventClient } from "@gestaloka/events/client";
 * import { contract } from "./contract.js";
 *
 * const client = createEventClient("https://play.example", { contract, auth: async () => ({ token: "…" }) });
 * client.on("crate:came", ({ weight }) => console.log(weight));
 * await client.join(contract.rooms.quay("7"));
 * ```
 */
export function createEventClient<TTypes extends ContractTypes>(
  url: string,
  options: ClientOptions<TTypes>,
): EventClient<TTypes> {
  let { contract, autoConnect = true, onError } = options;
  requireSecureUrl(url, options.allowInsecure);
  const clock = createClock();
  const store = createConnectionStore();
  const counts: ReceiveCounts = { received: 0, invalid: 0, unknown: 0, dropped: 0 };

  const listeners = createListeners((error, event) => fail("internal", error, event));
  const report = options.report?.(clock);
  const tell: Tell = (name, event) => {
    if (name === "ws:resync") attempt(() => report?.resynced((event as LocalEvents["ws:resync"]).reason));
    listeners.call(name, event);
  };
  // What nobody threw, such as a refused connection, is told as an error all the same: it says where to read on.
  function fail(code: string, error: unknown = new ContractError(code as ErrorCode, code), event?: string): void {
    try {
      onError?.(error, { code, event });
    } catch (thrown) {
      // What is told of in the middle of a room's events would break the others off.
      throwLater(thrown);
    }
    // A handler of `ws:error` that throws is not told of its own error.
    const heard = event !== "ws:error" && listeners.call("ws:error", { code, error, event });
    // An error that nobody would see is the platform's to report.
    if (!onError && !heard && event) throwLater(error);
  }
  const attempt: Attempt = (run) => {
    try {
      return run();
    } catch (error) {
      fail("internal", error);
      return undefined;
    }
  };
  const { rooms, commands, connect, close } = createSession(url, store, {
    ...options,
    ...createHandingOn(contract, listeners, counts, options, attempt, report),
    debug: (engine) => attempt(() => options.debug?.(engine)),
    clock,
    counts,
    tell,
    fail,
    attempt,
    report,
  });

  const listen = (once: boolean) => (name: string, handler: unknown) => {
    // A name that no event has, such as the one on the wire, would never be called.
    if (!contract.appEvents.has(name) && !name.startsWith("ws:")) throw new ContractError("unknown_event", name);
    return listeners.add(name, handler as Handler, once);
  };

  const api: EventClient<TTypes> = {
    on: listen(false),
    once: listen(true),
    off: listeners.remove as (name: string, handler: unknown) => void,
    join: rooms.join as EventClient<TTypes>["join"],
    leave: rooms.leave,
    send: commands.send as EventClient<TTypes>["send"],
    connection: store,
    counts,
    connect,
    close({ forget = false } = {}) {
      autoConnect = false;
      close(forget);
    },
  };
  // Not where it was closed in the turn that made it.
  queueMicrotask(() => {
    if (autoConnect) connect();
  });
  return api;
}
