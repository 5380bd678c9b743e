import type { EventMeta } from "./listeners.js";

/** What a client counts and measures, to tell the server of it. */
export interface DeliveryReport {
  /** An event is about to be handed on. */
  received(name: string, meta: EventMeta): void;
  /** How long the server took to answer a frame that it answers at once, ms; `answer` is what it said. */
  answered(roundTripMs: number, answer: unknown): void;
  /** What the next frame carries; what is counted after it is for the one after that. */
  take(): object;
}
