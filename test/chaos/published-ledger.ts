import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { keyCount } from "./layout.js";

/** What was published, by kind. */
export const exactKind = 1;
export const dialKind = 2;
export const boardKind = 3;
export const lowKind = 4;

/** One emit: `number` is `n`, `v · keyCount + key`, or `l`. */
export interface Published {
  readonly kind: number;
  readonly stream: number;
  readonly number: number;
}

/** The state of every stream after all that was published; what a database would be to a real application. */
export class PublishedState {
  readonly exact: Uint32Array;
  readonly low: Uint32Array;
  readonly dialVersion: Uint32Array;
  readonly dial: Uint32Array;
  readonly boardVersion: Uint32Array;
  readonly board: Uint32Array;
  readonly counts = [0, 0, 0, 0, 0];
  /** Exact numbers by stream whose emit failed: no client need have handled them. */
  readonly excused = new Map<number, Set<number>>();
  /** Those of them of which it was said that they were not taken: no client may have handled them. */
  readonly refused = new Map<number, Set<number>>();
  /** Values whose first emit failed. */
  failedValues = 0;

  constructor(readonly streams: number) {
    this.exact = new Uint32Array(streams);
    this.low = new Uint32Array(streams);
    this.dialVersion = new Uint32Array(streams);
    this.dial = new Uint32Array(streams * keyCount);
    this.boardVersion = new Uint32Array(streams);
    this.board = new Uint32Array(streams * keyCount);
  }

  /** Low events are apart: they were accepted, and what became of them nobody is told. */
  get total(): number {
    const { counts, failedValues } = this;
    return counts.reduce((sum, count) => sum + count, 0) - (counts[lowKind] as number) - failedValues;
  }

  read(file: string): void {
    for (const published of readRecords(file)) this.apply(published);
  }

  apply({ kind, stream, number }: Published): void {
    this.counts[kind] = (this.counts[kind] as number) + 1;
    if (kind === exactKind) this.exact[stream] = number;
    else if (kind === lowKind) this.low[stream] = number;
    else {
      const [values, versions] = kind === dialKind ? [this.dial, this.dialVersion] : [this.board, this.boardVersion];
      const version = Math.floor(number / keyCount);
      versions[stream] = version;
      values[stream * keyCount + (number % keyCount)] = version;
    }
  }
}

/** Reads what was written before the process that wrote it was killed; a torn last record is not there. */
export function readPublished(file: string, streams: number): PublishedState {
  const state = new PublishedState(streams);
  state.read(file);
  return state;
}

/** Reads records that were written as `kind << 24 | stream` and a number. */
export function* readRecords(file: string): Generator<Published> {
  for (const [head, number] of readPairs(file)) yield { kind: head >>> 24, stream: head & 0xff_ffff, number };
}

/** Reads pairs of numbers. */
export function* readPairs(file: string): Generator<[number, number]> {
  const bytes = readFileSync(file);
  for (let at = 0; at + 8 <= bytes.length; at += 8) yield [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
}

/**
 * A file of pairs of numbers that outlives a SIGKILL: each `write` is in the system's hands when it returns, so what is
 * written before an emit is known to have been published, or to have been about to be.
 */
export class LedgerFile {
  private readonly descriptor: number;
  private pending = Buffer.alloc(8 * 1_024);
  private used = 0;

  constructor(file: string) {
    this.descriptor = openSync(file, "a");
  }

  add(head: number, number: number): void {
    if (this.used + 8 > this.pending.length)
      this.pending = Buffer.concat([this.pending, Buffer.alloc(this.pending.length)]);
    this.pending.writeUInt32LE(head, this.used);
    this.pending.writeUInt32LE(number, this.used + 4);
    this.used += 8;
  }

  write(): void {
    if (this.used > 0) writeSync(this.descriptor, this.pending, 0, this.used);
    this.used = 0;
  }

  close(): void {
    this.write();
    closeSync(this.descriptor);
  }
}
