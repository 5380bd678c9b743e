import type { CommandState } from "../delivery/command-queue.js";

/** Whether the server announced itself as one of this library. */
export type Mode = "announced" | "plain";

/** What the client itself tells, under names that no contract can use. */
export interface LocalEvents {
  /** The connection is up; rooms are being entered again, and what waited is sent after that. */
  readonly "ws:connected": { readonly mode: Mode; readonly userId: string | undefined };
  /** The connection was lost, or closed by an end; `reason` is a code, or Socket.IO's words for a loss. */
  readonly "ws:disconnected": { readonly reason: string };
  /**
   * Something failed outside a command: a handler or `auth` threw (`error` is what it threw), an attempt to connect
   * failed, a new credential was refused (`error` is a `ContractError` with the code and its address).
   */
  readonly "ws:error": { readonly code: string; readonly event?: string; readonly error?: unknown };
  /** Events of this room were missed for good: read its state anew. */
  readonly "ws:resync": { readonly room: string; readonly reason: string };
  /** The server closed this room to the user; it is not entered again. */
  readonly "ws:room-closed": { readonly room: string; readonly code: string };
  /** A command's state changed. */
  readonly "ws:command": {
    readonly id: string;
    readonly name: string;
    readonly state: CommandState;
    /** Why, where it was refused or has expired. */
    readonly code?: string;
  };
}

/** Tells a local event to its handlers. */
export type Tell = <TName extends keyof LocalEvents>(name: TName, event: LocalEvents[TName]) => void;
