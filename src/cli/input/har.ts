import { Capture } from "./capture.js";
import { leadingLines } from "./document.js";
import { isBlank } from "./lines.js";
import { MAX_PIECE_BYTES, type Piece, type Splitter, toPiece } from "./piece.js";
import { bytes, StructureScanner } from "./structure-scanner.js";

// Where a HAR file keeps what went over its WebSockets; "*" is any element of an array.
const steps = ["log", "entries", "*", "_webSocketMessages", "*"] as const;
const KEY_BYTES = 64;

/** A piece of a HAR file: one message of a WebSocket; `socket` counts the sockets. */
export interface HarPiece extends Piece {
  readonly socket: number;
}

/** Cuts a HAR file into its WebSocket messages; all else, such as the bodies of responses, is never held in memory. */
export class HarSplitter implements Splitter {
  readonly #scanner = new StructureScanner();
  readonly #message = new Capture(MAX_PIECE_BYTES);
  readonly #keyBytes = new Capture(KEY_BYTES);
  /** How many open containers, from the outermost on, lie on the way to the messages. */
  #onWay = 0;
  /** Whether the value that comes next, in the innermost of them, lies on the way too. */
  #next = true;
  /** Whether the file holds entries, as every HAR file does. */
  #isHar = false;
  #expectKey = false;
  #key = "";
  #line = 1;
  #item = 0;
  #socket = 0;
  #found: HarPiece[] = [];
  #chunk: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Iterable<HarPiece> {
    this.#found = [];
    this.#chunk = chunk;
    this.#scanner.scan(chunk, (byte, at) => this.#structural(byte, at));
    this.#message.carry(chunk);
    this.#keyBytes.carry(chunk);
    return this.#found;
  }

  end(): Iterable<HarPiece> {
    const { depth, inString, line } = this.#scanner;
    const flaw = depth > 0 || inString ? "unfinished" : this.#isHar ? undefined : "no_har";
    return flaw === undefined ? [] : [{ place: { line: flaw === "no_har" ? 1 : line }, flaw, socket: this.#socket }];
  }

  #structural(byte: number, at: number): void {
    const { depth } = this.#scanner;
    switch (byte) {
      case bytes.open:
      case bytes.openArray:
        if (depth === this.#onWay + 1) this.#opened(byte, at);
        break;
      case bytes.close:
      case bytes.closeArray:
        if (depth < this.#onWay) this.#closed(depth, at);
        else if (depth === this.#onWay) this.#next = false;
        break;
      case bytes.comma:
        if (depth === this.#onWay) this.#comma(at);
        break;
      case bytes.colon:
        if (depth !== this.#onWay || this.#inArray()) break;
        this.#next = this.#key === steps[depth - 1];
        this.#expectKey = false;
        break;
      default:
        if (depth === this.#onWay) this.#quote(at);
    }
  }

  // The container that stands at `depth` is the one that `steps[depth - 1]` leads out of.
  #inArray(): boolean {
    return steps[this.#onWay - 1] === "*";
  }

  #opened(byte: number, at: number): void {
    const step = steps[this.#onWay];
    if (!this.#next || step === undefined || (step === "*") !== (byte === bytes.openArray)) {
      this.#next = false;
      return;
    }
    this.#onWay++;
    if (step === "*") this.#isHar = true;
    this.#next = this.#inArray();
    this.#expectKey = !this.#next;
    if (this.#onWay < steps.length) return;
    this.#socket++;
    this.#item = 0;
    this.#begin(at + 1);
  }

  #closed(depth: number, at: number): void {
    if (this.#onWay === steps.length) this.#endMessage(at, true);
    this.#onWay = depth;
    this.#next = false;
  }

  #comma(at: number): void {
    if (this.#onWay === steps.length) {
      this.#endMessage(at, false);
      this.#begin(at + 1);
    }
    this.#next = this.#inArray();
    this.#expectKey = !this.#next;
  }

  #quote(at: number): void {
    if (this.#scanner.inString) {
      if (this.#expectKey) this.#keyBytes.begin(at + 1);
    } else if (this.#keyBytes.active) {
      this.#key = this.#keyBytes.end(this.#chunk, at)?.toString("utf8") ?? "";
    }
  }

  #begin(at: number): void {
    this.#message.begin(at);
    this.#line = this.#scanner.line;
  }

  #endMessage(at: number, last: boolean): void {
    const message = this.#message.end(this.#chunk, at);
    if (last && this.#item === 0 && message && isBlank(message)) return;
    this.#item++;
    const place = { line: this.#line + leadingLines(message), item: this.#item };
    this.#found.push({ ...toPiece(place, message), socket: this.#socket });
  }
}
