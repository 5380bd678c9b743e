import type { Contract } from "../contract/contract.js";
import type { At, ContractTypes } from "../contract/contract-types.js";
import type { CommandRefusal } from "../contract/errors.js";
import type { Debug } from "../delivery/debugging.js";
import type { Authenticate, AuthenticatedUser } from "./authenticate.js";
import type { Authorize } from "./authorize.js";
import type { Awaitable, Backend } from "./backend.js";
import type { EmitOptions, EmitResult, EmitTarget, RoomTarget } from "./event-target.js";
import type { ServerLimits } from "./limits.js";
import type { Logger } from "./logger.js";
import type { Metrics } from "./metrics.js";
import type { ErrorContext } from "./reports.js";
import type { UnsafeOption } from "./unsafe-options.js";

/** What a server needs to know; everything but `contract`, `authenticate` and `authorize` has a default. */
export interface EventServerOptions<TTypes extends ContractTypes, TUser extends AuthenticatedUser> {
  /** The events and commands that both ends speak. */
  readonly contract: Contract<TTypes>;
  /** Says whose a connection is; there are no anonymous ones. */
  readonly authenticate: Authenticate<TUser>;
  /**
   * Says who may be in a room and act in it; required as soon as the contract has a room that clients join. Write it after
   * `authenticate`, from whose answer its `user` is typed.
   */
  readonly authorize?: Authorize<TTypes, TUser> | undefined;
  /** Where logs, answers and presence are kept; the memory of this process where none is given. */
  readonly backend?: Backend | undefined;
  /** Is told of emissions, refusals and failures; nothing is logged without one. */
  readonly logger?: Logger | undefined;
  /** Is told the figures; nothing is counted without one. */
  readonly metrics?: Metrics | undefined;
  /** Gets every error that the library catches, for an error tracker. */
  readonly onError?: ((error: unknown, context: ErrorContext) => void) | undefined;
  /**
   * Turns on Socket.IO's and Engine.IO's own logs for this process, and logs each frame's name, place and size at `debug`.
   * Refused where `NODE_ENV` is `production`, unless it is `"forced"`.
   */
  readonly debug?: Debug | undefined;
  /** Throws at once what an emit is refused with for its payload, its event or its room: for development and tests. */
  readonly throwOnInvalid?: boolean | undefined;
  /** How long a user counts as present after the last connection was lost, ms; 30,000. */
  readonly presenceGraceMs?: number | undefined;
  /** How long a command's handler, or an answer of `authorize` or `authenticate`, may take, ms; 60,000. */
  readonly commandTimeoutMs?: number | undefined;
  /** What one user and one connection may ask for. */
  readonly limits?: ServerLimits | undefined;
  /** How long before its credential ends a connection is first warned, ms; 60,000. */
  readonly expiryWarningMs?: number | undefined;
  /** How long a connection outlives its credential, ms; 25,000. */
  readonly expiryGraceMs?: number | undefined;
  /** Options of the Socket.IO server that are meant to be weaker than `serverOptions` makes them. */
  readonly allowUnsafe?: readonly UnsafeOption[] | undefined;
  /** The text for plain peers in the event of the `error` role; a constant English sentence a code where none is given. */
  readonly errorText?: ((code: string) => string) | undefined;
}

/** One connection that events can be emitted to. */
export interface SocketTarget<TTypes extends ContractTypes> {
  /** Checks and sends an event to this connection alone, after what its rooms have of this tick; `ok` also where it is gone. */
  emit<TName extends At<TTypes["audiences"], "socket"> & string>(
    name: TName,
    input: At<TTypes["inputs"], TName>,
  ): Promise<EmitResult>;
}

/** A room of a server; events that are not recovered may leave one user out. */
export interface ServerRoomTarget<TTypes extends ContractTypes, TKind> extends RoomTarget<TTypes, TKind> {
  /** The room without one user, on all of that user's connections. */
  except(userId: string): {
    /** As `emit` of a room. */
    emit<TName extends At<TTypes["audiences"], TKind> & TTypes["unrecovered"]>(
      name: TName,
      input: At<TTypes["inputs"], TName>,
      options?: EmitOptions,
    ): Promise<EmitResult>;
  };
}

/** `server.to.<room kind>(id)` and `server.to.socket(id)`. */
export type ServerTargets<TTypes extends ContractTypes> = {
  readonly [TKind in keyof TTypes["rooms"]]: (id: string) => ServerRoomTarget<TTypes, TKind>;
} & {
  /** One connection of this server, by Socket.IO's id. */
  readonly socket: (id: string) => SocketTarget<TTypes>;
};

/** What a command's handler knows beside the command; identity comes from the credential and from nowhere else. */
export interface CommandContext<
  TTypes extends ContractTypes,
  TUser extends AuthenticatedUser,
  TName = keyof TTypes["refusals"],
> {
  /** As `authenticate` gave it. */
  readonly user: TUser;
  /** The user's id, from the credential. */
  readonly userId: string;
  /** The id that the client gave the command; `undefined` from a plain peer. */
  readonly commandId: string | undefined;
  /** Aborted when the handler's time is over, or the server closes; who throws its `AbortError` then is called by the next one. */
  readonly signal: AbortSignal;
  /** The connection that asked. */
  readonly sender: SocketTarget<TTypes> & { readonly id: string };
  /** Makes the refusal to throw, of a code that this command declares: `throw refuse("crate_gone")`. */
  refuse(code: At<TTypes["refusals"], TName>, hint?: { readonly retryAfterMs?: number | undefined }): CommandRefusal;
}

/** The data that a handler answers with; nothing, where nothing is required. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is typed as returning void
export type HandlerResult<TAck> = Record<never, never> extends TAck ? TAck | void : TAck;

/** Carries out a command; throws a `CommandRefusal`, such as `refuse(code)`, to refuse it. Any other error is answered `internal`. */
export type CommandHandler<TTypes extends ContractTypes, TUser extends AuthenticatedUser, TName extends string> = (
  command: At<TTypes["commands"], TName>,
  context: CommandContext<TTypes, TUser, TName>,
) => Awaitable<HandlerResult<At<TTypes["ackInputs"], TName>>>;

/** How a server is, for probes. */
export interface ServerHealth {
  /** Whether it takes connections and its backend can be written to. */
  readonly ready: boolean;
  /** Whether it is being closed. */
  readonly draining: boolean;
  /** Whether its backend can be written to. */
  readonly backend: boolean;
  /** Connections that were let in and are open. */
  readonly connections: number;
  /** Rooms with members here. */
  readonly rooms: number;
}

/** Serves a contract over Socket.IO. */
export interface EventServer<TTypes extends ContractTypes, TUser extends AuthenticatedUser = AuthenticatedUser>
  extends EmitTarget<TTypes> {
  /** Where events can be emitted to: `to.game(id)`, `to.user(id)`, `to.socket(id)`. */
  readonly to: ServerTargets<TTypes>;
  /**
   * Registers the handler of a command.
   *
   * @throws {ContractError} `already_handled`, also for a command that the library answers itself; `unknown_command`;
   * `not_handled` for a handler that is no function.
   */
  handle<TName extends Exclude<keyof TTypes["commands"] & string, TTypes["membership"]>>(
    name: TName,
    handler: CommandHandler<TTypes, TUser, TName>,
  ): void;
  /**
   * Takes a user out of a room on every server; once it resolves, nothing appended to the room is written to them.
   *
   * Rejects with `room_invalid` where there can be no such room or user, and as the backend does: with
   * `backend_unavailable` or `log_unknown` it may not be in force.
   */
  revoke(userId: string, room: TTypes["rooms"][keyof TTypes["rooms"]] & string): Promise<void>;
  /**
   * Closes every connection of a user, on every server; take the credential back first, or they come again.
   *
   * Rejects with `room_invalid` where there can be no such user, and as `revoke` does.
   */
  disconnectUser(userId: string): Promise<void>;
  /** The ids of the users present in a room. Rejects with `room_invalid` for what is no room that clients join. */
  members(room: TTypes["rooms"][keyof TTypes["rooms"]] & string): Promise<string[]>;
  /** Says whether it is ready; never rejects. */
  health(): Promise<ServerHealth>;
  /**
   * Lets no one in any more, writes what waits, lets running commands end within `drainMs` (10,000), tells clients to come
   * back spread over that time, and closes them; a backend that does not let it go is waited for 5 s. Never rejects. The
   * Socket.IO server itself is the application's to close.
   */
  close(options?: { readonly drainMs?: number | undefined }): Promise<void>;
}
