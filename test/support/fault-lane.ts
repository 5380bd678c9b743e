import type { Socket } from "node:net";

/** What happens to the bytes of one direction. */
type LaneFaults = {
  /**
   * `pass`. `blackhole`: bytes, FIN and RST vanish, as on a link that is gone; what vanished never comes back.
   * `stall`: nothing is read, so that the sender's window closes; `pass` delivers all of it later.
   */
  readonly mode: "pass" | "blackhole" | "stall";
  /** Added to every byte, order kept, ms. */
  readonly delayMs: number;
  /** Infinity is no limit. */
  readonly bytesPerSecond: number;
  /** Cuts the connection when exactly this many more bytes went through; Infinity never. */
  readonly cutAfterBytes: number;
};

const NO_FAULTS: LaneFaults = {
  mode: "pass",
  delayMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  cutAfterBytes: Number.POSITIVE_INFINITY,
};

/** A delayed lane holds what is on its way; a throttled one must push back on its sender soon. */
const DELAY_BUFFER_BYTES = 4 * 1024 * 1024;
const THROTTLE_BUFFER_BYTES = 16 * 1024;
const THROTTLE_TICK_MS = 20;

type Waiting = { readonly due: number; bytes: Buffer | "end" };

/** Carries the bytes of one direction from `source` to `sink`, under faults that may change at any moment. */
class FaultLane {
  /** Bytes handed to the sink, and bytes that vanished. */
  bytes = 0;
  dropped = 0;
  #faults = NO_FAULTS;
  #left = Number.POSITIVE_INFINITY;
  #queue: Waiting[] = [];
  #queued = 0;
  #timer: NodeJS.Timeout | undefined;
  #allowance = 0;
  #refilled = 0;
  #sinkFull = false;

  constructor(
    readonly source: Socket,
    readonly sink: Socket,
    readonly onCut: () => void,
  ) {
    sink.on("drain", () => {
      this.#sinkFull = false;
      this.#pump();
    });
  }

  /** True when the other end is not to learn that this one is gone. */
  get blackholed(): boolean {
    return this.#faults.mode === "blackhole";
  }

  set(faults: Partial<LaneFaults>): void {
    if (faults.cutAfterBytes !== undefined) this.#left = faults.cutAfterBytes;
    const wasBlackholed = this.blackholed;
    this.#faults = { ...this.#faults, ...faults };
    if (this.blackholed) this.#dropQueue();
    // TCP sends a FIN again until the link is back, so the sink learns now what it missed.
    else if (wasBlackholed && this.source.readableEnded) this.end();
    this.#refilled = performance.now();
    this.#allowance = 0;
    this.#pump();
  }

  push(bytes: Buffer): void {
    if (this.blackholed) {
      this.dropped += bytes.length;
      return;
    }
    // The usual case of thousands of connections without a fault: no queue, no timer.
    if (this.#queue.length === 0 && !this.#isSlow() && !this.#sinkFull) this.#write(bytes);
    else this.#enqueue(bytes);
    this.#pace();
  }

  /** The source sent its FIN: it travels behind the bytes before it. */
  end(): void {
    if (this.blackholed) return;
    if (this.#queue.length === 0 && !this.#isSlow()) this.sink.end();
    else this.#enqueue("end");
  }

  stop(): void {
    this.#dropQueue();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #isSlow(): boolean {
    return this.#faults.mode === "stall" || this.#faults.delayMs > 0 || Number.isFinite(this.#faults.bytesPerSecond);
  }

  #enqueue(bytes: Buffer | "end"): void {
    this.#queue.push({ due: performance.now() + this.#faults.delayMs, bytes });
    if (bytes !== "end") this.#queued += bytes.length;
    this.#pump();
  }

  #dropQueue(): void {
    this.dropped += this.#queued;
    this.#queued = 0;
    this.#queue = [];
  }

  /** Sends what is due and allowed, and comes back when more will be. */
  #pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = performance.now();
    const limited = Number.isFinite(this.#faults.bytesPerSecond);
    if (limited) {
      const earned = (this.#faults.bytesPerSecond * (now - this.#refilled)) / 1_000;
      // At most one second's worth is saved up, but always enough for one byte.
      this.#allowance = Math.min(this.#allowance + earned, Math.max(1, this.#faults.bytesPerSecond));
      this.#refilled = now;
    }
    while (this.#faults.mode === "pass" && !this.#sinkFull) {
      const first = this.#queue[0];
      if (!first || first.due > now) break;
      if (first.bytes === "end") {
        this.#queue.shift();
        this.sink.end();
        continue;
      }
      const length = limited ? Math.min(first.bytes.length, Math.floor(this.#allowance)) : first.bytes.length;
      if (length === 0) break;
      const allowed = first.bytes.subarray(0, length);
      if (length === first.bytes.length) this.#queue.shift();
      else first.bytes = first.bytes.subarray(length);
      this.#queued -= length;
      this.#allowance -= limited ? length : 0;
      this.#write(allowed);
    }
    this.#schedule(now);
    this.#pace();
  }

  #schedule(now: number): void {
    const first = this.#queue[0];
    if (!first || this.#faults.mode !== "pass" || this.#sinkFull) return;
    this.#timer = setTimeout(() => this.#pump(), first.due > now ? first.due - now : THROTTLE_TICK_MS);
  }

  #write(bytes: Buffer): void {
    if (this.sink.destroyed || this.sink.writableEnded) {
      this.dropped += bytes.length;
      return;
    }
    if (bytes.length < this.#left) {
      this.#left -= bytes.length;
      this.bytes += bytes.length;
      if (!this.sink.write(bytes)) this.#sinkFull = true;
      return;
    }
    const last = bytes.subarray(0, this.#left);
    this.#left = 0;
    this.bytes += last.length;
    this.dropped += bytes.length - last.length;
    this.#faults = { ...this.#faults, mode: "blackhole", cutAfterBytes: Number.POSITIVE_INFINITY };
    this.#dropQueue();
    this.sink.write(last, this.onCut);
  }

  /** Reads on only while there is room for it: the sender's window is the only honest backpressure. */
  #pace(): void {
    const room = Number.isFinite(this.#faults.bytesPerSecond) ? THROTTLE_BUFFER_BYTES : DELAY_BUFFER_BYTES;
    const hold = this.#faults.mode === "stall" || (!this.blackholed && (this.#sinkFull || this.#queued >= room));
    if (hold === this.source.isPaused()) return;
    if (hold) this.source.pause();
    else this.source.resume();
  }
}

export type { LaneFaults };
export { FaultLane, NO_FAULTS };
