import { DocumentSplitter } from "./document.js";
import { withoutMark } from "./encoding.js";
import { type Format, formatOf, HEAD_BYTES } from "./format.js";
import { HarSplitter } from "./har.js";
import { LineSplitter } from "./lines.js";
import type { Piece, Splitter } from "./piece.js";

/** Pieces that were found together, with the format of their file. */
export interface Batch {
  readonly format: Format;
  readonly pieces: Iterable<Piece>;
  /** Bytes read so far. */
  readonly bytes: number;
}

const splitters: Readonly<Record<Format, () => Splitter>> = {
  lines: () => new LineSplitter(),
  document: () => new DocumentSplitter(),
  har: () => new HarSplitter(),
};

/** Reads a file piece by piece; the pieces of a batch are to be taken before the next is asked for. */
export async function* readPieces(name: string, chunks: AsyncIterable<Buffer>, bare: boolean): AsyncGenerator<Batch> {
  let head = Buffer.alloc(0);
  let started: { readonly format: Format; readonly splitter: Splitter } | undefined;
  let bytes = 0;
  const batch = (chunk: Buffer): Batch => {
    let rest = chunk;
    if (!started) {
      rest = withoutMark(chunk);
      const format = formatOf(name, rest, bare);
      started = { format, splitter: splitters[format]() };
    }
    return { format: started.format, pieces: started.splitter.push(rest), bytes };
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (started) {
      yield batch(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    yield batch(head);
    head = Buffer.alloc(0);
  }
  yield batch(head);
  if (started) yield { format: started.format, pieces: started.splitter.end(), bytes };
}
