import type { Direction } from "../../contract/errors.js";

/** A message found in a file, not yet judged. */
export interface Message {
  readonly kind: "message";
  readonly event: string;
  readonly payload: unknown;
  /** As the file or the message's envelope says; `undefined` where neither does. */
  readonly direction: Direction | undefined;
  /** What is wrong with the message around its payload. */
  readonly problem?: Problem;
}

/** What carries no event of the application: control frames, acknowledgements, the library's own frames. */
export interface Skipped {
  readonly kind: "skipped";
}

/** Something that should be a message and is none. */
export interface NoMessage {
  readonly kind: "no_message";
  readonly problem: Problem;
}

export type Finding = Message | Skipped | NoMessage;

/** What is wrong, in kinds and never in values. */
export interface Problem {
  /** `payload_invalid`, `unknown_event` or `unknown_command` as of `checkEvent`; `not_a_message`; `arguments_invalid`. */
  readonly code: string;
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

export const skipped: readonly Finding[] = [{ kind: "skipped" }];

/** The finding of something that is no message. */
export function noMessage(expected: string, got: string): Finding[] {
  return [{ kind: "no_message", problem: { code: "not_a_message", path: "", expected, got } }];
}
