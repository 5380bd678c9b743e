import type { LoggedRoom } from "./logged-room.js";
import type { Lane, StoredEvent } from "./stored-event.js";

/** A numbered event in a memory log, linked with the one appended before and after it in whatever room. */
export class LogEntry implements StoredEvent {
  older: LogEntry | undefined = undefined;
  newer: LogEntry | undefined = undefined;
  readonly key = undefined;

  constructor(
    readonly epoch: string,
    readonly seq: number,
    readonly at: number,
    readonly name: string,
    readonly payload: string,
    readonly bytes: number,
    readonly lane: Lane,
    readonly room: LoggedRoom,
    /** Monotonic ms, beside `at`, which may step. */
    readonly loggedAt: number,
  ) {}
}
