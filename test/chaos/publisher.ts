import type { Host } from "./host.js";
import { keyCount, type Layout, seatOf, steadyCount } from "./layout.js";
import type { OutcomeLedger } from "./outcome-ledger.js";
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
  /** The number of an exact event. */
  readonly exact?: number;
  /** A value that is emitted for the first time. */
  readonly isValue?: boolean;
}

/** Which streams are a publisher's: every `of`th from `at`, so that each stream has one order. */
export interface Share {
  readonly at: number;
  readonly of: number;
}

const tickMs = 20;
/** A stall is caught up with in steps, not in one burst. */
const mostTicks = 4;
/** How long after an emit that failed the values of its stream are emitted again. */
const repairMs = 250;
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
  /** Streams of which a value may not have been taken, and when to emit all of them again. */
  private readonly stale = new Set<number>();
  private repairAt = 0;
  /** Exact events whose outcome is not known yet. */
  open = 0;
  private readonly outcomes: OutcomeLedger | undefined;
  private readonly share: Share;

  constructor(
    private readonly host: Host,
    private readonly layout: Layout,
    private readonly state: PublishedState,
    private readonly ledger: LedgerFile,
    private readonly random: () => number,
    /** How often a server was started before; a later one does not give the same numbers again. */
    earlier: number,
    {
      outcomes,
      share = { at: 0, of: 1 },
    }: { readonly outcomes?: OutcomeLedger | undefined; readonly share?: Share | undefined } = {},
  ) {
    this.murmurs = Array.from({ length: steadyCount }, () => earlier * 1_000_000);
    this.outcomes = outcomes;
    this.share = share;
  }

  get published(): number {
    const { counts: { refused, unknown } = { refused: 0, unknown: 0 }, failedValues = 0 } = this.outcomes ?? {};
    return this.state.total - refused - unknown - failedValues;
  }

  /** Emits again what a killed process left open: exact events under their ids, and values as they are now. */
  resume(): void {
    for (const { stream, number: n } of this.outcomes?.open ?? []) {
      const name = stream < this.layout.arenas ? "step" : "note";
      this.planned.push({ stream, name, payload: { s: stream, n }, exact: n });
    }
    this.emitPlanned();
    for (let stream = this.share.at; this.outcomes && stream < this.layout.arenas; stream += this.share.of)
      this.stale.add(stream);
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
    this.owed = Math.min(this.owed + rate * seconds, total - this.published);
    while (this.owed >= 1) this.owed -= this.burst();
    this.murmurOwed += this.murmurRate * seconds;
    for (; this.murmurOwed >= 1; this.murmurOwed--) this.murmurAll();
    if (this.stale.size > 0 && now >= this.repairAt) this.repair();
    this.ledger.write();
    this.emitPlanned();
    this.outcomes?.write();
  }

  private emitPlanned(): void {
    const { outcomes, planned, host } = this;
    this.planned = [];
    for (const { stream, name, payload, exact, isValue } of planned) {
      const emitted = host.emit(stream, name, payload, exact === undefined ? undefined : `${stream}.${exact}`);
      if (!outcomes || !emitted) continue;
      if (exact !== undefined) this.open++;
      void emitted.then((outcome) => {
        if (exact !== undefined) {
          this.open--;
          outcomes.add(stream, exact, outcome);
          if (!this.timer) outcomes.write();
        } else if ((outcome === "refused" || outcome === "unknown") && stream < this.layout.arenas) {
          if (isValue) outcomes.addFailedValue(stream);
          this.stale.add(stream);
          this.repairAt = performance.now() + repairMs;
        }
      });
    }
  }

  /** What a view is shown is the last value, and it may not have been taken. */
  private repair(): void {
    const { state } = this;
    for (const stream of this.stale) {
      const n = state.exact[stream] as number;
      for (let key = 0; key < keyCount; key++) {
        const [dial, board] = [state.dial, state.board].map((values) => values[stream * keyCount + key] as number);
        if (dial) this.planned.push({ stream, name: "dial", payload: { s: stream, n, key, v: dial } });
        if (board)
          this.planned.push({ stream, name: "board", payload: { s: stream, n, fields: { [`k${key}`]: board } } });
      }
    }
    this.stale.clear();
  }

  private burst(): number {
    const { random, layout, share } = this;
    const kind = pick({ arena: 45, seat: 25, dial: 14, board: 10, whisper: 6 }, random);
    const most = kind === "arena" ? 6 : kind === "seat" ? 3 : 12;
    const count = Math.min(1 + Math.floor(random() * most), Math.floor(this.owed));
    const own = (streams: number) => {
      const count = Math.ceil((streams - share.at) / share.of);
      return Math.floor(random() * count) * share.of + share.at;
    };
    const stream = kind === "seat" ? layout.arenas + own(layout.clients) : own(layout.arenas);
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
    const { kind, stream, number } = published;
    const isValue = kind === dialKind || kind === boardKind;
    this.planned.push({ stream, name, payload, isValue, ...(kind === exactKind ? { exact: number } : {}) });
  }
}
