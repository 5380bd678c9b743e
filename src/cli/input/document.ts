import { Capture } from "./capture.js";
import { isBlank } from "./lines.js";
import { MAX_PIECE_BYTES, type Piece, type Splitter, toPiece } from "./piece.js";
import { bytes, StructureScanner } from "./structure-scanner.js";

/**
 * Cuts JSON that stands over several lines: each element of a top-level array is a piece, and so is a top-level object.
 *
 * An element ends at the comma or bracket of its array, whatever is in it, so that one broken element is one piece.
 */
export class DocumentSplitter implements Splitter {
  readonly #scanner = new StructureScanner();
  readonly #capture = new Capture(MAX_PIECE_BYTES);
  /** What is captured: what lies between top-level values, an element of an array, or an object. */
  #state: "between" | "element" | "object" = "between";
  #line = 1;
  #item = 0;
  #found: Piece[] = [];
  #chunk: Buffer = Buffer.alloc(0);

  constructor() {
    this.#capture.begin(0);
  }

  push(chunk: Buffer): Iterable<Piece> {
    this.#found = [];
    this.#chunk = chunk;
    this.#scanner.scan(chunk, (byte, at) => this.#structural(byte, at));
    this.#capture.carry(chunk);
    return this.#found;
  }

  end(): Iterable<Piece> {
    this.#found = [];
    this.#chunk = Buffer.alloc(0);
    if (this.#state === "between") this.#endBetween(0);
    else if (this.#state === "object") this.#found.push({ place: { line: this.#line }, flaw: "unfinished" });
    else this.#found.push({ place: { line: this.#line, item: this.#item + 1 }, flaw: "unfinished" });
    return this.#found;
  }

  #structural(byte: number, at: number): void {
    const { depth } = this.#scanner;
    if (this.#state === "between") {
      if (depth !== 1 || (byte !== bytes.open && byte !== bytes.openArray)) return;
      this.#endBetween(at);
      this.#state = byte === bytes.open ? "object" : "element";
      this.#begin(byte === bytes.open ? at : at + 1);
      this.#item = 0;
    } else if (this.#state === "object") {
      if (depth === 0) this.#endObject(at + 1);
    } else if (byte === bytes.comma && depth === 1) {
      this.#endElement(byte, at);
      this.#begin(at + 1);
    } else if (depth === 0) {
      this.#endElement(byte, at);
      this.#state = "between";
      this.#begin(at + 1);
    }
  }

  #begin(at: number): void {
    this.#capture.begin(at);
    this.#line = this.#scanner.line;
  }

  #endBetween(at: number): void {
    const between = this.#capture.end(this.#chunk, at);
    if (between !== undefined && isBlank(between)) return;
    this.#found.push({ place: { line: this.#line + leadingLines(between) }, flaw: "stray" });
  }

  #endObject(to: number): void {
    this.#found.push(toPiece({ line: this.#line }, this.#capture.end(this.#chunk, to)));
    this.#state = "between";
    this.#begin(to);
  }

  #endElement(byte: number, at: number): void {
    const element = this.#capture.end(this.#chunk, at);
    // An empty array has no element; elsewhere, something stands before a comma and before the end.
    if (byte === bytes.closeArray && this.#item === 0 && element && isBlank(element)) return;
    this.#item++;
    const place = { line: this.#line + leadingLines(element), item: this.#item };
    this.#found.push(byte === bytes.close ? { place, flaw: "stray" } : toPiece(place, element));
  }
}

/** How many line ends stand before the first byte that is no white space. */
export function leadingLines(text: Buffer | undefined): number {
  let lines = 0;
  for (const byte of text ?? []) {
    if (byte === 10) lines++;
    else if (byte !== 32 && byte !== 9 && byte !== 13) break;
  }
  return lines;
}
