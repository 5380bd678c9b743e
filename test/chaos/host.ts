import type { Outcome } from "./outcome-ledger.js";
import type { PublishedState } from "./published-ledger.js";

/** What a command is answered from. */
export interface HostHooks {
  /** A handler was started; resolves when it is done. */
  act(client: number, k: number, inTurn: boolean, arena: number): Promise<void>;
  state(): PublishedState;
}

/** A server of one kind or the other, as the publisher uses it. */
export interface Host {
  readonly port: number;
  /** What becomes of it, where anybody tells; an emit under the id of an earlier one is written once. */
  emit(stream: number, name: string, payload: object, appendId?: string): Promise<Outcome> | undefined;
  /** Emits that were not taken, and whatever else went wrong. */
  readonly failed: number;
  /** Low events that were dropped and counted, by name. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly connections: number;
  /** Closes everything that a crash would not. */
  close(): Promise<void>;
}

/** Pings that find a half-open link soon. */
export const pings = { pingInterval: 1_000, pingTimeout: 1_500 } as const;
/** The same where several processes share the machine. */
export const patientPings = { pingInterval: 2_000, pingTimeout: 4_000 } as const;
/** What comes nearest with Centrifugo, whose pong must come before the next ping: a dead link is found as soon. */
export const enginePings = { pingMs: 1_300, pongMs: 1_200 } as const;
