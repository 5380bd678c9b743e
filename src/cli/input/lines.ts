import { Capture } from "./capture.js";
import { MAX_PIECE_BYTES, type Piece, type Splitter, toPiece } from "./piece.js";

const LF = 10;
const CR = 13;

/** Cuts at LF, so that a CR before it is white space of the line; blank lines are passed over, and the last needs no end. */
export class LineSplitter implements Splitter {
  readonly #line = new Capture(MAX_PIECE_BYTES);
  #number = 1;

  constructor() {
    this.#line.begin(0);
  }

  *push(chunk: Buffer): Iterable<Piece> {
    let at = chunk.indexOf(LF);
    while (at >= 0) {
      yield* this.#piece(this.#line.end(chunk, at));
      this.#number++;
      this.#line.begin(at + 1);
      at = chunk.indexOf(LF, at + 1);
    }
    this.#line.carry(chunk);
  }

  *end(): Iterable<Piece> {
    yield* this.#piece(this.#line.end(Buffer.alloc(0), 0));
  }

  *#piece(bytes: Buffer | undefined): Iterable<Piece> {
    if (bytes === undefined || !isBlank(bytes)) yield toPiece({ line: this.#number }, bytes);
  }
}

/** Whether bytes are white space alone. */
export function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 32 && byte !== 9 && byte !== LF && byte !== CR) return false;
  return true;
}
