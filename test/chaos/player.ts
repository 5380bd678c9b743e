import { StreamLedger, type StreamRecord } from "./handled-ledger.js";
import type { CommandRecord } from "./judge.js";
import { arenasOf, type Layout, seatOf } from "./layout.js";

/** What a command came to. */
export type CommandOutcome = "applied" | "expired" | "refused";

const outcomeCodes = { applied: 1, expired: 2, refused: 3 } as const;

/** What reasons of resyncs are called in ledgers: their place in this list. */
export class Reasons {
  readonly names: string[] = [];

  code(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }
}

/** Sends one command, of whatever kind of client, and says what came of it. */
export type SendAct = (name: "act" | "act_in_turn", arena: number, k: number) => Promise<CommandOutcome>;

/** One client's ledgers, whichever library feeds them. */
export class Player {
  readonly streams: readonly number[];
  /** Commands written and not answered. */
  pending = 0;
  connected = false;
  everConnected = false;
  disconnects = 0;
  /** Times from the dial of a connection to the last event that it recovered, ms. */
  readonly recoveries: number[] = [];
  /** Low events of its own, handled, and those that came twice or out of order. */
  murmurs = 0;
  murmursTwice = 0;
  private murmurLast = 0;
  private dialedAt = 0;
  private replayedAt = 0;
  private readonly ledgers = new Map<number, StreamLedger>();
  private sent = 0;
  private answers = new Uint8Array(256);
  private answeredIn = new Uint8Array(256);

  constructor(
    layout: Layout,
    readonly client: number,
    readonly reasons: Reasons,
    readonly random: () => number,
  ) {
    this.streams = [...arenasOf(layout, client), seatOf(layout, client)];
    for (const stream of this.streams) this.ledgers.set(stream, new StreamLedger(client, stream));
  }

  get handled(): number {
    let sum = this.murmurs;
    for (const { handled } of this.ledgers.values()) sum += handled;
    return sum;
  }

  ledger(stream: number): StreamLedger {
    const ledger = this.ledgers.get(stream);
    if (!ledger) throw new Error(`client ${this.client} got an event of stream ${stream}, which it is not in`);
    return ledger;
  }

  dialed(): void {
    this.endRecovery();
    this.dialedAt = performance.now();
  }

  opened(mark: number, reason = 0): void {
    this.connected = this.everConnected = true;
    for (const ledger of this.ledgers.values()) ledger.mark(mark, reason);
  }

  lost(): void {
    this.connected = false;
    this.disconnects++;
    this.endRecovery();
  }

  replayed(): void {
    this.replayedAt = performance.now();
  }

  murmur(l: number): void {
    if (l <= this.murmurLast) this.murmursTwice++;
    else {
      this.murmurLast = l;
      this.murmurs++;
    }
  }

  async act(send: SendAct, kills: () => number): Promise<void> {
    const k = ++this.sent;
    if (k >= this.answers.length) {
      this.answers = grown(this.answers);
      this.answeredIn = grown(this.answeredIn);
    }
    this.pending++;
    const arena = this.streams[Math.floor(this.random() * (this.streams.length - 1))] as number;
    const outcome = await send(this.random() < 0.5 ? "act" : "act_in_turn", arena, k);
    this.pending--;
    this.answers[k] = outcomeCodes[outcome];
    this.answeredIn[k] = kills();
  }

  records(): StreamRecord[] {
    return [...this.ledgers.values()].map((ledger) => ledger.record());
  }

  commands(): CommandRecord {
    this.endRecovery();
    const { client, answers, answeredIn, sent } = this;
    return { client, answers: answers.slice(0, sent + 1), answeredIn: answeredIn.slice(0, sent + 1) };
  }

  private endRecovery(): void {
    if (this.replayedAt > this.dialedAt && this.dialedAt > 0 && this.disconnects > 0)
      this.recoveries.push(this.replayedAt - this.dialedAt);
    this.replayedAt = 0;
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}
