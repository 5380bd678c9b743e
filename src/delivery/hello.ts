import type { EntryAnswer } from "./room-cursor.js";

/** The version of the library's own wire. */
export const wireVersion = 1;

/** What a server can do for an announced connection beside checked events. */
export type Feature = "recovery" | "packs" | "answers";

/** What a client must keep to. */
export interface HelloLimits {
  /** The largest frame that the server takes, bytes. */
  readonly payload_bytes: number;
  /** How long an answer to a command is kept, ms. */
  readonly answer_ms: number;
}

/** A room that was entered with the connection. */
export interface HelloRoom extends EntryAnswer {
  readonly room: string;
}

/** The first frame to an announced connection: `$hello`. */
export interface Hello {
  readonly v: typeof wireVersion;
  /** `name@version` of the server's contract. */
  readonly contract: string;
  readonly user_id: string;
  readonly features: readonly Feature[];
  readonly limits: HelloLimits;
  readonly rooms: readonly HelloRoom[];
}
