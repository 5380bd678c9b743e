import type { At, ContractTypes } from "../contract/contract-types.js";
import type { ContractError } from "../contract/errors.js";

/** What may be said beside an event's payload. */
export interface EmitOptions {
  /**
   * Names this emit, so that one whose outcome is unknown (`log_unknown`) can be repeated within 60 s and is written once.
   *
   * A recovered event that is named does not wait for its like, and none goes into it. An empty name is none.
   */
  readonly appendId?: string | undefined;
}

/**
 * What became of an emit. Emitting never rejects, and never throws unless `throwOnInvalid` asks for it.
 *
 * `seq` is the event's number where it is recovered; `coalesced` says that it went into one that was waiting. The error is
 * `payload_invalid`, `unknown_event` (also for one that does not go there) or `room_invalid`; of the backend
 * `backend_unavailable`, or `log_unknown` where it may have been appended.
 */
export type EmitResult =
  | { readonly ok: true; readonly seq?: number; readonly coalesced?: boolean }
  | { readonly ok: false; readonly error: ContractError };

/** A room that events can be emitted to. */
export interface RoomTarget<TTypes extends ContractTypes, TAudience> {
  /** Checks, encodes and sends an event to everybody in the room; derived fields may be left out of `input`. */
  emit<TName extends At<TTypes["audiences"], TAudience> & string>(
    name: TName,
    input: At<TTypes["inputs"], TName>,
    options?: EmitOptions,
  ): Promise<EmitResult>;
}

/** One function a kind of room: `to.game(id)`. */
export type RoomTargets<TTypes extends ContractTypes> = {
  readonly [TKind in keyof TTypes["rooms"]]: (id: string) => RoomTarget<TTypes, TKind>;
};

/** Whatever emits to rooms: a server with sockets or a worker without. Generated emitter classes take one. */
export interface EmitTarget<TTypes extends ContractTypes> {
  /** Where events can be emitted to: `to.game(id)`, `to.user(id)`. */
  readonly to: RoomTargets<TTypes>;
}
