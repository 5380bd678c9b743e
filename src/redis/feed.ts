import type { Cursor } from "../delivery/recovery.js";
import type { StoredEvent } from "../delivery/stored-event.js";
import type { Entry } from "./entry-text.js";

/** What a feed needs of its surroundings. */
export interface FeedHost {
  deliver(room: string, event: StoredEvent, except: string | undefined): void;
  /** Reads on in the log; `undefined` where there is a hole. */
  read(room: string, epoch: string, after: number): Promise<readonly StoredEvent[] | undefined>;
  /** Asks the log where the room stands. */
  head(room: string): Promise<Cursor>;
  /** Where the room stands, though its events cannot be had any more. */
  stands(room: string, head: Cursor): void;
  /** What is missing in a room could not be read. */
  failed(room: string, error: unknown): void;
}

/** What became of messages that were not heard: they are on their way, or lost. */
export type Unheard = "on their way" | "lost";

const mostPast = 4;

// What is known of but not heard may be on its way; so long after, ms, it is taken for lost, and read.
const patienceMs = 50;

// More events without a number are given at once, before what is being read.
const mostHeld = 1_000;

/**
 * The events of one room as this server hears them: in order, each once, and what was missed is read from the log, once
 * for all members.
 */
export class Feed {
  /** How many servers of this process watch. */
  watchers = 1;
  /** Pending until whoever waits for it misses nothing from then on. */
  started: Promise<void> | undefined = undefined;
  private live = false;
  /** The epoch that the room is in, as far as is known here. */
  epoch = "";
  private seq = 0;
  /** How far the room is to be read: above `seq` while something is missing. */
  private target = 0;
  /** Epochs that ended; what is on its way of them is late. */
  private readonly past: string[] = [];
  /** What was heard since the log was asked about an epoch; `undefined` while it is not asked. */
  private unjudged: Entry[] | undefined = undefined;
  private filling: Promise<void> | undefined = undefined;
  /** Events without a number that were heard while something before them was missing: each after this number. */
  private held: { readonly after: number; readonly entry: Entry }[] = [];
  /** Who waits until this number has come. */
  private expected: { readonly seq: number; readonly come: () => void }[] = [];

  constructor(
    private readonly room: string,
    private readonly host: FeedHost,
  ) {}

  /** Takes an entry as it was published. */
  receive(entry: Entry): void {
    const { epoch, seq } = entry.event;
    if (this.unjudged && (seq > 0 || this.unjudged.length < mostHeld)) this.unjudged.push(entry);
    else if (seq === 0) {
      if (this.isBehind && this.held.length < mostHeld) this.held.push({ after: this.target, entry });
      else this.give(entry);
    } else if (this.isStrange(epoch)) void this.ask(epoch, [entry]);
    else if (!this.at(epoch)) return;
    else if (this.live && !this.isBehind && seq === this.seq + 1) this.advance(seq, entry.event);
    else void this.reach(seq);
  }

  /** Takes the head as the beginning: whoever enters from now on is told of it. */
  start({ epoch, seq }: Cursor): void {
    this.at(epoch);
    this.live = true;
    this.seq = seq;
    void this.reach(seq);
  }

  /**
   * Compares with the head, as the log gave it; settles when everything up to there was delivered, or is known to be lost.
   * What is on its way is waited for, so that nothing published between is overtaken by reading it.
   */
  compare(head: Cursor, unheard: Unheard): Promise<void> | undefined {
    const before = this.epoch;
    if (!this.live || !this.at(head.epoch)) return undefined;
    // No event of it says so yet.
    if (this.epoch !== before && head.seq === 0) this.host.stands(this.room, head);
    return unheard === "lost" ? this.reach(head.seq) : this.expect(head.seq);
  }

  /** Whether everything up to there was delivered, or is known to be lost; what is of an epoch before this one is. */
  has({ epoch, seq }: Cursor): boolean {
    return epoch !== this.epoch || this.seq >= seq;
  }

  /** Whether that is an epoch before this one. */
  hasLeft(epoch: string): boolean {
    return this.past.includes(epoch);
  }

  /** Whether something is being read, and what is heard has to wait for it. */
  private get isBehind(): boolean {
    return this.live && this.seq < this.target;
  }

  private isStrange(epoch: string): boolean {
    return this.live && epoch !== this.epoch && !this.hasLeft(epoch);
  }

  /**
   * Asks the log about an epoch that an event came with: it may be the next one, or have begun and ended between two that are
   * known here, and the event be late. What is heard meanwhile waits.
   */
  private async ask(epoch: string, unjudged: Entry[]): Promise<void> {
    this.unjudged = unjudged;
    let head: Cursor | undefined;
    try {
      head = await this.host.head(this.room);
      void this.compare(head, "on their way");
      if (this.isStrange(epoch)) this.end(epoch);
    } catch (error) {
      this.host.failed(this.room, error);
    }
    this.unjudged = undefined;
    for (const entry of unjudged) {
      const { event } = entry;
      // Where nobody could say, what is of it is read once the log can be asked.
      if (head || event.seq === 0 || event.epoch !== epoch) this.receive(entry);
    }
  }

  private end(epoch: string): void {
    this.past.push(epoch);
    if (this.past.length > mostPast) this.past.shift();
  }

  /** Goes over to an epoch, unless it is one that ended. */
  private at(epoch: string): boolean {
    if (epoch === this.epoch) return true;
    if (this.hasLeft(epoch)) return false;
    if (this.live) this.end(this.epoch);
    this.settle(Number.POSITIVE_INFINITY);
    this.epoch = epoch;
    this.seq = this.target = 0;
    return true;
  }

  private expect(seq: number): Promise<void> | undefined {
    if (this.seq >= seq) return this.filling;
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(this.reach(seq)), patienceMs);
      const come = () => {
        clearTimeout(late);
        resolve();
      };
      this.expected.push({ seq, come });
    });
  }

  private reach(seq: number): Promise<void> | undefined {
    if (seq > this.target) this.target = seq;
    if (this.isBehind) this.filling ??= this.fill();
    return this.filling;
  }

  private async fill(): Promise<void> {
    try {
      while (this.isBehind) await this.readOn();
    } catch (error) {
      this.host.failed(this.room, error);
    }
    this.filling = undefined;
    this.settle(Number.POSITIVE_INFINITY);
  }

  private async readOn(): Promise<void> {
    const { epoch, seq } = this;
    const events = await this.host.read(this.room, epoch, seq);
    // Where another epoch began meanwhile, it is read from its beginning.
    if (this.epoch !== epoch) return;
    if (!events || events.length === 0) {
      await this.skip(epoch, this.target);
      return;
    }
    for (const event of events) {
      // What comes behind is heard, as is what was published between.
      if (event.seq > this.target) break;
      this.advance(event.seq, event);
    }
  }

  /** What is missing is lost: the last event of it shows the gap, or where the room stands does. */
  private async skip(epoch: string, seq: number): Promise<void> {
    const last = await this.host.read(this.room, epoch, seq - 1);
    if (this.epoch !== epoch) return;
    if (!last?.[0]) this.host.stands(this.room, { epoch, seq });
    this.advance(seq, last?.[0]);
  }

  private advance(seq: number, event: StoredEvent | undefined): void {
    this.seq = seq;
    if (seq > this.target) this.target = seq;
    if (event) this.host.deliver(this.room, event, undefined);
    this.settle(seq);
  }

  /** Gives what was held until this number, and tells who waited for it. */
  private settle(seq: number): void {
    while (this.held[0] && this.held[0].after <= seq) this.give((this.held.shift() as { entry: Entry }).entry);
    if (this.expected.length === 0) return;
    const { expected } = this;
    this.expected = expected.filter((each) => each.seq > seq);
    for (const each of expected) if (each.seq <= seq) each.come();
  }

  private give({ event, except }: Entry): void {
    this.host.deliver(this.room, event, except);
  }
}
