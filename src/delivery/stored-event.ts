/** How an event may be treated on its way: `critical` leaves at once, `low` is batched, overtaken and, at need, dropped. */
export type Lane = "critical" | "normal" | "low";

/** An event as `emit` hands it over: checked, and encoded once. */
export interface Emission {
  /** The wire name as JSON text, quotes included. */
  readonly name: string;
  /** The payload as JSON text. */
  readonly payload: string;
  /** How soon it must go. */
  readonly lane: Lane;
  /** What a full connection may replace it by, of the same name: the key of a `latest` event; never that of a `merge`. */
  readonly key: string | undefined;
}

/** An emission with its place: what a log keeps and what frames are built from. */
export interface StoredEvent extends Emission {
  /** The room's epoch, "" for an event to one socket. */
  readonly epoch: string;
  /** The number within the epoch, 0 for an event that is not recovered. */
  readonly seq: number;
  /** Unix ms on the server's clock. */
  readonly at: number;
  /** UTF-8 bytes of `name` and `payload` together: counted as they are encoded, since that is when it costs nothing. */
  readonly bytes: number;
}

/**
 * Gives an emission that is not recovered its room and time, `payloadBytes` being the UTF-8 bytes of its payload; the
 * fields' order is that of every stored event.
 */
export function toUnnumbered(emission: Emission, payloadBytes: number, epoch: string, at: number): StoredEvent {
  return {
    epoch,
    seq: 0,
    at,
    name: emission.name,
    payload: emission.payload,
    bytes: emission.name.length + payloadBytes,
    lane: emission.lane,
    key: emission.key,
  };
}

/** Says whether a slow connection may do without it: a low event that has no number. */
export function isDroppable(event: StoredEvent): boolean {
  return event.seq === 0 && event.lane === "low";
}
