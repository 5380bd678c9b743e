import { isEpoch } from "./epoch.js";

/**
 * The third argument of an event: `{ epoch?, seq?, at }`.
 *
 * Without an epoch the event was for one socket alone; with an epoch and no `seq` it is a room's, but not recovered.
 * `at` is Unix ms on the server's clock.
 */
export interface Envelope {
  readonly epoch?: string;
  readonly seq?: number;
  readonly at: number;
}

/** The highest number an epoch gives out: with it the envelope's text is still 60 bytes with its comma. */
export const maxSeq = 9_999_999_999;

/** Says whether a value is a number that an event may carry: a whole one from 1 to {@link maxSeq}. */
export function isSeq(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= maxSeq;
}

/** Judges a stranger's third argument; unknown keys are passed over, so that an old reader lives with a newer server. */
export function isEnvelope(value: unknown): value is Envelope {
  const { epoch, seq, at } = (value ?? {}) as { [key: string]: unknown };
  return (
    Number.isSafeInteger(at) &&
    (at as number) >= 0 &&
    (seq === undefined || (isSeq(seq) && epoch !== undefined)) &&
    (epoch === undefined || isEpoch(epoch))
  );
}

/** Writes an envelope's JSON, at most 59 bytes until the year 2286; `epoch` "" and `seq` 0 stand for "none". */
export function toEnvelopeText(epoch: string, seq: number, at: number): string {
  if (epoch === "") return `{"at":${at}}`;
  return seq === 0 ? `{"epoch":"${epoch}","at":${at}}` : `{"epoch":"${epoch}","seq":${seq},"at":${at}}`;
}

/** Writes the frame of an event to an announced connection; all three are JSON already, and nothing is encoded again. */
export function toEventText(name: string, payload: string, envelope: string): string {
  return `[${name},${payload},${envelope}]`;
}
