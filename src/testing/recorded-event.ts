import type { EventMeta } from "../client/listeners.js";

/** One event as a client handed it on. */
export interface RecordedEvent {
  /** The wire name. */
  readonly event: string;
  /** The name that the client's code listens to. */
  readonly appName: string;
  /** As the handlers got it. */
  readonly payload: unknown;
  /** Room, number and time, as the handlers got them. */
  readonly meta: EventMeta;
  /** When it came, Unix ms. */
  readonly receivedAt: number;
}

/**
 * One event as a line of a capture, with its line end: `{"direction":…,"event":…,"args":[PAYLOAD, ENVELOPE]}`.
 *
 * The envelope stands there for events of a server that announced itself; `room` and `received_at` (Unix ms) are beside it.
 */
export function captureLine({
  event,
  payload,
  meta: { room, seq, at },
  receivedAt,
}: Omit<RecordedEvent, "appName">): string {
  const args = at === undefined ? [payload] : [payload, { seq, at }];
  return `${JSON.stringify({ direction: "server_to_client", event, args, room, received_at: receivedAt })}\n`;
}
