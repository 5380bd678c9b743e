import type { ErrorCode } from "../contract/error-codes.js";
import type { CommandState } from "../delivery/command-queue.js";

/** Whether the server announced itself as one of this library. */
export type Mode = "announced" | "plain";

/** What the client itself tells, under names that no contract can use. */
export interface LocalEvents {
  /** The connection is up; rooms are being entered again, and what waited is sent after that. */
  readonly "ws:connected": {
    /** `plain`: nothing is recovered, and no command is sent twice. */
    readonly mode: Mode;
    /** The user the server took the credential for; from a plain server the `userId` option. */
    readonly userId: string | undefined;
  };
  /** The connection was lost, or closed by an end. */
  readonly "ws:disconnected": {
    /** A code, or Socket.IO's words for a loss. */
    readonly reason: ErrorCode | (string & {});
  };
  /** Something failed outside a command: a handler or `auth` threw, an attempt to connect failed, a new credential was refused. */
  readonly "ws:error": {
    /** What failed. */
    readonly code: ErrorCode | (string & {});
    /** The event whose handler threw. */
    readonly event?: string | undefined;
    /** What was thrown; a `ContractError` with the code and its address where nothing was. */
    readonly error?: unknown;
  };
  /** Events of this room were missed for good: read its state anew. */
  readonly "ws:resync": {
    /** The room's name. */
    readonly room: string;
    /** Why: `too_old`, `epoch_changed`, `plain`, …; docs/delivery.md has them all. */
    readonly reason: string;
  };
  /** The server closed this room to the user; it is not entered again. */
  readonly "ws:room-closed": {
    /** The room's name. */
    readonly room: string;
    /** Why. */
    readonly code: ErrorCode | (string & {});
  };
  /** A command's state changed. */
  readonly "ws:command": {
    /** The id that it was given; `send` rejects with it as `commandId`. */
    readonly id: string;
    /** The command's name on the wire. */
    readonly name: string;
    /** What became of it so far. */
    readonly state: CommandState;
    /** Why, where it was refused or has expired. */
    readonly code?: ErrorCode | (string & {}) | undefined;
  };
}

/** Tells a local event to its handlers. */
export type Tell = <TName extends keyof LocalEvents>(name: TName, event: LocalEvents[TName]) => void;
