import { keyCount } from "./layout.js";

/** What a ledger tells, in the order in which it happened; each entry is a word of its kind and one or two numbers. */
export const runEntry = 1;
export const resyncEntry = 2;
export const connectedEntry = 3;
/** A coalesced event came when its stream stood elsewhere than it says. */
export const misplacedEntry = 4;
/** Socket.IO's own `recovered: false`, of which nobody is told unless they look. */
export const unrecoveredEntry = 5;

/** One client's record of one stream, as it is sent to the judge. */
export interface StreamRecord {
  readonly client: number;
  readonly stream: number;
  readonly entries: Uint32Array;
  readonly dial: Uint32Array;
  readonly board: Uint32Array;
  readonly lowHandled: number;
  readonly lowTwice: number;
  /** A value of a key came after a later one. */
  readonly backwards: number;
}

/**
 * Everything that one client handled of one stream. Exact numbers are kept as runs, so that a million of them without a
 * hole are one entry, and every hole, repetition and change of order is there.
 */
export class StreamLedger {
  handled = 0;
  /** It was told that events were missed, and nothing came since that says how far. */
  told = false;
  // Outside the heap, so that a soak sees the library's own growth and not this.
  private entries = new Uint32Array(192);
  private used = 0;
  private from = 0;
  private last = 0;
  private lowLast = 0;
  private lowHandled = 0;
  private lowTwice = 0;
  private backwards = 0;
  private readonly dial = new Uint32Array(keyCount);
  private readonly board = new Uint32Array(keyCount);
  private readonly askedDial = new Uint32Array(keyCount);
  private readonly askedBoard = new Uint32Array(keyCount);

  constructor(
    readonly client: number,
    readonly stream: number,
  ) {}

  /** The last exact number. */
  get exact(): number {
    return this.last;
  }

  takeExact(n: number): void {
    this.handled++;
    if (n !== this.last + 1 || this.from === 0) {
      this.endRun();
      this.from = n;
    }
    this.last = n;
    this.told = false;
  }

  takeDial(n: number, key: number, version: number): void {
    this.place(n);
    this.set(this.dial, key, version);
  }

  takeBoard(n: number, fields: Readonly<Record<string, unknown>>): void {
    this.place(n);
    for (const [name, version] of Object.entries(fields))
      this.set(this.board, Number(name.slice(1)), version as number);
  }

  takeLow(l: number): void {
    this.handled++;
    if (l <= this.lowLast) this.lowTwice++;
    else {
      this.lowLast = l;
      this.lowHandled++;
    }
  }

  /** Takes the state that was asked for after a resync. */
  takeState(dial: readonly number[], board: readonly number[]): void {
    this.askedDial.set(dial);
    this.askedBoard.set(board);
  }

  /** Notes what happened between two events. */
  mark(kind: number, number = 0): void {
    this.endRun();
    if (kind === resyncEntry) this.told = true;
    this.push(kind, number, 0);
  }

  record(): StreamRecord {
    this.endRun();
    const { client, stream, lowHandled, lowTwice, backwards } = this;
    const dial = this.dial.map((version, key) => Math.max(version, this.askedDial[key] as number));
    const board = this.board.map((version, key) => Math.max(version, this.askedBoard[key] as number));
    return { client, stream, entries: this.entries.slice(0, this.used), dial, board, lowHandled, lowTwice, backwards };
  }

  private place(n: number): void {
    this.handled++;
    if (n === this.last) return;
    this.mark(misplacedEntry, n);
    // After a resync it says where the stream goes on.
    if (this.told && n > this.last) this.last = n;
    this.told = false;
  }

  private set(values: Uint32Array, key: number, version: number): void {
    if (version < (values[key] as number)) this.backwards++;
    values[key] = version;
  }

  private endRun(): void {
    if (this.from > 0) this.push(runEntry, this.from, this.last);
    this.from = 0;
  }

  private push(kind: number, first: number, second: number): void {
    if (this.used + 3 > this.entries.length) {
      const grown = new Uint32Array(this.entries.length * 2);
      grown.set(this.entries);
      this.entries = grown;
    }
    this.entries.set([kind, first, second], this.used);
    this.used += 3;
  }
}
