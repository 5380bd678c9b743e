import { widened } from "./widened.js";

class Segment {
  bytes: Uint8Array<ArrayBuffer>;
  used = 0;
  /** Bytes of texts that were not deleted. */
  live = 0;
  /** What was written, in order: the texts' numbers, and where each began. */
  numbers: number[] = [];
  starts: number[] = [];

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }
}

const none = new Uint8Array(0);

// Segments that are empty are kept for reuse, up to so many.
const spares = 8;

/**
 * Texts by number (small ones, which the caller gives and gives again), as UTF-8 outside the garbage collector's heap.
 *
 * Strings that are kept for minutes are copied twice by the collector and gone through as long as they are kept: emits
 * were measured to cost a fifth more for it. Here a text costs the same to keep however many are kept. Memory stays
 * within 4/3 of what is kept, and a few segments: where deleting leaves holes, the emptiest segment is closed up.
 */
export class TextArena {
  /** Bytes of the texts kept in segments, and of the segments. */
  live = 0;
  allocated = 0;
  private readonly segments: Segment[] = [];
  /** Segments that can be written to from their beginning, and those whose memory was given back. */
  private readonly free: number[] = [];
  private readonly bare: number[] = [];
  private current = -1;
  // Where each text is, by its number; a length of 0 says nowhere here.
  private segmentOf = new Uint32Array(1_024);
  private startOf = new Uint32Array(1_024);
  private lengthOf = new Uint32Array(1_024);
  /** Texts too large for a segment stay strings: they are few. */
  private readonly large = new Map<number, string>();
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(private readonly segmentSize = 256 * 1024) {}

  /** Keeps a well-formed text under a number that is not in use, and gives its UTF-8 bytes. */
  set(number: number, text: string): number {
    if (text.length > this.segmentSize / 12) {
      this.large.set(number, text);
      return this.encoder.encode(text).length;
    }
    let segment = this.segmentFor(text.length);
    let { read, written } = this.encoder.encodeInto(text, segment.bytes.subarray(segment.used));
    if (read < text.length) {
      // It has more bytes than characters, and came to the end of the segment.
      segment = this.segmentFor(text.length * 3);
      ({ read, written } = this.encoder.encodeInto(text, segment.bytes.subarray(segment.used)));
    }
    const { used } = segment;
    while (number >= this.lengthOf.length) this.widen();
    this.segmentOf[number] = this.current;
    this.startOf[number] = used;
    this.lengthOf[number] = written;
    segment.numbers.push(number);
    segment.starts.push(used);
    segment.used = used + written;
    segment.live += written;
    this.live += written;
    return written;
  }

  /** Gives the text of a number, "" for one that is not in use. */
  get(number: number): string {
    const length = this.lengthOf[number] ?? 0;
    if (length === 0) return this.large.get(number) ?? "";
    const start = this.startOf[number] as number;
    const { bytes } = this.segments[this.segmentOf[number] as number] as Segment;
    return this.decoder.decode(bytes.subarray(start, start + length));
  }

  delete(number: number): void {
    const length = this.lengthOf[number] ?? 0;
    if (length === 0) {
      this.large.delete(number);
      return;
    }
    const index = this.segmentOf[number] as number;
    const segment = this.segments[index] as Segment;
    this.lengthOf[number] = 0;
    this.live -= length;
    segment.live -= length;
    if (segment.live === 0 && index !== this.current) this.empty(index);
  }

  private segmentFor(bytes: number): Segment {
    const segment = this.segments[this.current];
    if (segment && segment.used + bytes <= this.segmentSize) return segment;
    if (segment?.live === 0) this.empty(this.current);
    this.current = this.next();
    return this.segments[this.current] as Segment;
  }

  private next(): number {
    const free = this.free.pop();
    if (free !== undefined) return free;
    if (this.allocated <= (this.live * 4) / 3 + this.segmentSize) {
      this.allocated += this.segmentSize;
      const bare = this.bare.pop();
      if (bare === undefined) return this.segments.push(new Segment(this.segmentSize)) - 1;
      (this.segments[bare] as Segment).bytes = new Uint8Array(this.segmentSize);
      return bare;
    }
    // More than a quarter of what is allocated is holes, so that the emptiest has room for any text that goes into one:
    // a twelfth of a segment's size in characters, of three bytes each.
    let emptiest = -1;
    let least = Infinity;
    for (let index = 0; index < this.segments.length; index++) {
      const { bytes, live } = this.segments[index] as Segment;
      if (bytes === none || live >= least) continue;
      emptiest = index;
      least = live;
    }
    this.closeUp(emptiest);
    return emptiest;
  }

  private closeUp(index: number): void {
    const segment = this.segments[index] as Segment;
    const { bytes, numbers, starts } = segment;
    segment.numbers = [];
    segment.starts = [];
    segment.used = 0;
    for (let place = 0; place < numbers.length; place++) {
      const number = numbers[place] as number;
      const start = starts[place] as number;
      const length = this.lengthOf[number] as number;
      // It may be gone, or its number be another text's by now.
      if (length === 0 || this.segmentOf[number] !== index || this.startOf[number] !== start) continue;
      bytes.copyWithin(segment.used, start, start + length);
      this.startOf[number] = segment.used;
      segment.numbers.push(number);
      segment.starts.push(segment.used);
      segment.used += length;
    }
  }

  private empty(index: number): void {
    const segment = this.segments[index] as Segment;
    segment.used = 0;
    segment.numbers = [];
    segment.starts = [];
    if (this.free.length < spares) this.free.push(index);
    else {
      this.bare.push(index);
      segment.bytes = none;
      this.allocated -= this.segmentSize;
    }
  }

  private widen(): void {
    const size = this.lengthOf.length * 2;
    for (const name of ["segmentOf", "startOf", "lengthOf"] as const) this[name] = widened(this[name], size);
  }
}
