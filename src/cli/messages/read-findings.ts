import type { HarPiece } from "../input/har.js";
import { type Flaw, MAX_PIECE_BYTES, type Piece, type Place } from "../input/piece.js";
import { readPieces } from "../input/read-pieces.js";
import { type Finding, noMessage } from "./finding.js";
import { readFrame } from "./frame.js";
import { HarMessages } from "./har-message.js";
import { readRecord } from "./record.js";

/** What was found at one place of a file. */
export interface Found {
  readonly place: Place;
  readonly findings: readonly Finding[];
}

/** How to read a file. */
export interface ReadOptions {
  /** Every value is the payload of this event; without it, values are records or frames. */
  readonly event?: string | undefined;
  /** Called now and then with the bytes read so far. */
  readonly onBytes?: (bytes: number) => void;
}

const flaws: Readonly<Record<Flaw, string>> = {
  too_long: `more than ${MAX_PIECE_BYTES / 1024 / 1024} MiB`,
  not_utf8: "text that is no UTF-8",
  unfinished: "a file that ends inside it",
  stray: "something between values of the file",
  no_har: "a file that is no HAR: it has no log with entries",
};

/** Reads a file's messages in order, holding one piece of it at a time. */
export async function* readFindings(
  name: string,
  chunks: AsyncIterable<Buffer>,
  { event, onBytes }: ReadOptions,
): AsyncGenerator<Iterable<Found>> {
  const har = new HarMessages();
  for await (const { format, pieces, bytes } of readPieces(name, chunks, event !== undefined)) {
    const read = (piece: Piece): readonly Finding[] => {
      if (piece.text === undefined) return noMessage("a message", flaws[piece.flaw ?? "stray"]);
      if (format === "har") return readJson(piece.text, (value) => har.read(value, (piece as HarPiece).socket));
      if (event !== undefined)
        return readJson(piece.text, (payload) => [{ kind: "message", event, payload, direction: undefined }]);
      const frame = format === "lines" ? readFrame(piece.text.trim(), undefined) : undefined;
      return frame ?? readJson(piece.text, format === "lines" ? readBatch : readRecord);
    };
    yield located(pieces, read);
    onBytes?.(bytes);
  }
}

function* located(pieces: Iterable<Piece>, read: (piece: Piece) => readonly Finding[]): Iterable<Found> {
  for (const piece of pieces) yield { place: piece.place, findings: read(piece) };
}

// A line may hold a list of records.
function readBatch(value: unknown): readonly Finding[] {
  return Array.isArray(value) ? value.flatMap(readRecord) : readRecord(value);
}

function readJson(text: string, then: (value: unknown) => readonly Finding[]): readonly Finding[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the text.
    return noMessage("a message", "text that is neither JSON nor a frame");
  }
  return then(value);
}
