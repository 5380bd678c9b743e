import type { Cursor } from "../delivery/recovery.js";
import type { Emission, Lane, StoredEvent } from "../delivery/stored-event.js";

/** An event as it came from Redis, and whom it is not for. */
export interface Entry {
  readonly event: StoredEvent;
  readonly except: string | undefined;
}

/**
 * Writes what of an event is known before it has a number: `at,"lane",bytes,"name",key,except]⏎payload`.
 *
 * The script that numbers it puts `["epoch",seq,` before it. JSON holds no line break, and the payload is never parsed.
 */
export function toEntryText(emission: Emission, at: number, except?: string): string {
  const { lane, name, key, payload } = emission;
  const bytes = name.length + Buffer.byteLength(payload);
  const rest = key === undefined && except === undefined ? "" : `,${JSON.stringify([key ?? null, except ?? null])}`;
  return `${at},"${lane}",${bytes},${name}${rest}]\n${payload}`;
}

type Header = readonly [
  epoch: string,
  seq: number,
  at: number,
  lane: Lane,
  bytes: number,
  name: string,
  rest?: readonly [key: string | null, except: string | null],
];

/** Reads an entry with its number; `undefined` for what this library did not write. */
export function readEntry(text: string): Entry | undefined {
  const end = text.indexOf("\n");
  if (end < 0) return undefined;
  try {
    const [epoch, seq, at, lane, bytes, name, rest] = JSON.parse(text.slice(0, end)) as Header;
    const payload = text.slice(end + 1);
    const key = rest?.[0] ?? undefined;
    return {
      event: { epoch, seq, at, name: JSON.stringify(name), payload, bytes, lane, key },
      except: rest?.[1] ?? undefined,
    };
  } catch {
    return undefined;
  }
}

/** Reads what is published of a room that began anew; `undefined` for what this library did not write. */
export function readHead(text: string): Cursor | undefined {
  try {
    const [epoch, seq] = JSON.parse(text) as [string, number];
    return { epoch, seq };
  } catch {
    return undefined;
  }
}

/** Reads an entry out of a log, where its number stands beside it. */
export function readLogged(epoch: string, seq: number, text: string): StoredEvent | undefined {
  return readEntry(`["${epoch}",${seq},${text}`)?.event;
}
