/** Bytes from one position of a stream of chunks to another, up to a limit; past it they are let go. */
export class Capture {
  readonly #limit: number;
  #kept: Buffer[] = [];
  #length = 0;
  #from = -1;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get active(): boolean {
    return this.#from >= 0;
  }

  /** Begins at a position of the current chunk. */
  begin(at: number): void {
    this.#from = at;
    this.#kept = [];
    this.#length = 0;
  }

  /** To be called at the end of each chunk, whose memory is used again. */
  carry(chunk: Buffer): void {
    if (!this.active) return;
    this.#keep(chunk, chunk.length, true);
    this.#from = 0;
  }

  /** Ends before a position of the current chunk; `undefined` if there were more bytes than the limit. */
  end(chunk: Buffer, at: number): Buffer | undefined {
    // Most pieces lie within one chunk, and are not copied.
    if (this.#length === 0 && at - this.#from <= this.#limit) {
      const whole = chunk.subarray(this.#from, at);
      this.#from = -1;
      return whole;
    }
    this.#keep(chunk, at, false);
    const bytes = this.#length > this.#limit ? undefined : Buffer.concat(this.#kept, this.#length);
    this.#from = -1;
    this.#kept = [];
    this.#length = 0;
    return bytes;
  }

  #keep(chunk: Buffer, to: number, copied: boolean): void {
    this.#length += to - this.#from;
    if (this.#length > this.#limit) {
      this.#kept = [];
    } else if (to > this.#from) {
      const part = chunk.subarray(this.#from, to);
      this.#kept.push(copied ? Buffer.from(part) : part);
    }
  }
}
