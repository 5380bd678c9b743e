import type { Host } from "./host.js";
import { keyCount, type Layout, seatOf, steadyCount } from "./layout.js";
import {
  boardKind,
  dialKind,
  exactKind,
  type LedgerFile,
  lowKind,
  type Published,
  type PublishedState,
} from "./published-ledger.js";
import { pick } from "./random.js";

interface Emit {
  readonly stream: number;
  readonly name: string;
  readonly payload: object;
}

const tickMs = 20;
/** A stall is caught up with in steps, not in one burst. */
const mostTicks = 4;
const murmurPad = "m".repeat(30_000);

/** Emits at a rate, in bursts of one stream, and writes each event into the ledger before it is emitted. */
export class Publisher {
  private timer: NodeJS.Timeout | undefined;
  private planned: Emit[] = [];
  private owed = 0;
  private lastTick = 0;
  /** Murmurs an s to each steady client. */
  private murmurRate = 0;
  private murmurOwed = 0;
  readonly murmurs: number[];

  constructor(
    private readonly host: Host,
    private readonly layout: Layout,
    private readonly state: PublishedState,
    private readonly ledger: LedgerFile,
    private readonly random: () => number,
    /** How often a server was started before; a later one does not give the same numbers again. */
    earlier: number,
  ) {
    this.murmurs = Array.from({ length: steadyCount }, () => earlier * 1_000_000);
  }

  /** `rate`: events an s, until `total` are published. */
  start(rate: number, total: number): void {
    this.stop();
    this.lastTick = performance.now();
    this.timer = setInterval(() => this.tick(rate, total), tickMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  murmur(rate: number): void {
    this.murmurRate = rate;
  }

  private tick(rate: number, total: number): void {
    const now = performance.now();
    const seconds = Math.min(now - this.lastTick, mostTicks * tickMs) / 1_000;
    this.lastTick = now;
    this.owed = Math.min(this.owed + rate * seconds, total - this.state.total);
    while (this.owed >= 1) this.owed -= this.burst();
    this.murmurOwed += this.murmurRate * seconds;
    for (; this.murmurOwed >= 1; this.murmurOwed--) this.murmurAll();
    this.ledger.write();
    for (const { stream, name, payload } of this.planned) this.host.emit(stream, name, payload);
    this.planned = [];
  }

  private burst(): number {
    const { random, layout } = this;
    const kind = pick({ arena: 45, seat: 25, dial: 14, board: 10, whisper: 6 }, random);
    const most = kind === "arena" ? 6 : kind === "seat" ? 3 : 12;
    const count = Math.min(1 + Math.floor(random() * most), Math.floor(this.owed));
    const stream =
      kind === "seat" ? layout.arenas + Math.floor(random() * layout.clients) : Math.floor(random() * layout.arenas);
    for (let index = 0; index < count; index++) {
      if (kind === "seat") this.exact(stream, "note");
      else if (kind === "arena") this.exact(stream, random() < 0.5 ? "beat" : "step");
      else if (kind === "whisper") this.low(stream);
      else this.value(stream, kind);
    }
    return count;
  }

  private exact(stream: number, name: string): void {
    const n = (this.state.exact[stream] as number) + 1;
    this.publish({ kind: exactKind, stream, number: n }, name, { s: stream, n });
  }

  private low(stream: number): void {
    const l = (this.state.low[stream] as number) + 1;
    this.publish({ kind: lowKind, stream, number: l }, "whisper", { s: stream, l });
  }

  private value(stream: number, name: "dial" | "board"): void {
    const { state } = this;
    const key = Math.floor(this.random() * keyCount);
    const version = ((name === "dial" ? state.dialVersion : state.boardVersion)[stream] as number) + 1;
    const n = state.exact[stream] as number;
    const payload =
      name === "dial" ? { s: stream, n, key, v: version } : { s: stream, n, fields: { [`k${key}`]: version } };
    this.publish(
      { kind: name === "dial" ? dialKind : boardKind, stream, number: version * keyCount + key },
      name,
      payload,
    );
  }

  private murmurAll(): void {
    for (let index = 0; index < steadyCount; index++) {
      const l = (this.murmurs[index] as number) + 1;
      this.murmurs[index] = l;
      const stream = seatOf(this.layout, this.layout.clients - steadyCount + index);
      this.planned.push({ stream, name: `murmur_${index}`, payload: { l, pad: murmurPad } });
    }
  }

  private publish(published: Published, name: string, payload: object): void {
    this.state.apply(published);
    this.ledger.add((published.kind << 24) | published.stream, published.number);
    this.planned.push({ stream: published.stream, name, payload });
  }
}
