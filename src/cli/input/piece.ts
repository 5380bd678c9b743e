import { isUtf8 } from "node:buffer";

/** Where a piece of a file begins: its line, and its number among the elements of an array, both from 1. */
export interface Place {
  readonly line: number;
  readonly item?: number;
}

/** Why a piece cannot be read as text. */
export type Flaw = "too_long" | "not_utf8" | "unfinished" | "stray" | "no_har";

/** A part of a file that should hold one message. */
export interface Piece {
  readonly place: Place;
  readonly text?: string;
  readonly flaw?: Flaw;
}

/** Cuts a file, handed over in chunks, into pieces. A chunk's memory is used again after the call. */
export interface Splitter {
  push(chunk: Buffer): Iterable<Piece>;
  end(): Iterable<Piece>;
}

/** The longest piece that is read, in bytes: sixteen times the frame that Socket.IO takes by default. */
export const MAX_PIECE_BYTES = 16 * 1024 * 1024;

/** Makes a piece of bytes; `undefined` stands for too many of them. */
export function toPiece(place: Place, bytes: Buffer | undefined): Piece {
  if (bytes === undefined) return { place, flaw: "too_long" };
  return isUtf8(bytes) ? { place, text: bytes.toString("utf8") } : { place, flaw: "not_utf8" };
}
