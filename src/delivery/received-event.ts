import type { Envelope } from "./envelope.js";

/** An event at the reader's side, its frame taken apart. */
export interface ReceivedEvent {
  readonly name: string;
  readonly payload: unknown;
  /** "" for an event to this socket alone. */
  readonly epoch: string;
  /** 0 for an event that is not recovered. */
  readonly seq: number;
  /** Unix ms on the server's clock. */
  readonly at: number;
  /** Set when it was missed and came out of the log on entering its room. */
  replayed: boolean;
}

/** Puts an event and its judged envelope together; `offset` is its place in a pack. */
export function toReceived(name: string, payload: unknown, envelope: Envelope, offset = 0): ReceivedEvent {
  return {
    name,
    payload,
    epoch: envelope.epoch ?? "",
    seq: envelope.seq ? envelope.seq + offset : 0,
    at: envelope.at,
    replayed: false,
  };
}
