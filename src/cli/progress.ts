import type { Output } from "./io.js";

const FIRST_MS = 1_000;
const EVERY_MS = 200;

/** Shows on a terminal how far a long run got, and nothing elsewhere. */
export class Progress {
  readonly #output: Output | undefined;
  readonly #total: number | undefined;
  readonly #now: () => number;
  #next: number;
  #shown = false;

  /** `total` in bytes, or `undefined` where it is not known; `now` in ms. */
  constructor(output: Output, total: number | undefined, now: () => number = Date.now) {
    this.#output = output.isTTY ? output : undefined;
    this.#total = total;
    this.#now = now;
    this.#next = now() + FIRST_MS;
  }

  /** To be called with the bytes read so far. */
  at(bytes: number): void {
    if (!this.#output || this.#now() < this.#next) return;
    this.#next = this.#now() + EVERY_MS;
    this.#shown = true;
    const megabytes = `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
    const words = this.#total
      ? `${Math.floor((100 * bytes) / this.#total)} % of ${Math.round(this.#total / 1e6).toLocaleString("en")} MB`
      : megabytes;
    this.#output.write(`\r\u001b[2K${words}`);
  }

  /** Takes away what it showed. */
  end(): void {
    if (this.#shown) this.#output?.write("\r\u001b[2K");
  }
}
