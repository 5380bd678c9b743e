import type { Cursor } from "../delivery/recovery.js";
import type { StoredEvent } from "../delivery/stored-event.js";
import type { Entry } from "./entry-text.js";

/** What a feed needs of its surroundings. */
export interface FeedHost {
  deliver(room: string, event: StoredEvent, except: string | undefined): void;
  /** Reads on in the log; `undefined` where there is a hole. */
  read(room: string, epoch: string, after: number): Promise<readonly StoredEvent[] | undefined>;
  /** Where the room stands, though its events cannot be had any more. */
  stands(room: string, head: Cursor): void;
  failed(error: unknown): void;
}

const mostPast = 4;

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
  /** How far the room is known to be: above `seq` while something is missing. */
  private target = 0;
  /** Epochs that ended; what is on its way of them is late. */
  private readonly past: string[] = [];
  private filling: Promise<void> | undefined = undefined;

  constructor(
    private readonly room: string,
    private readonly host: FeedHost,
  ) {}

  /** Takes an entry as it was published. */
  receive({ event, except }: Entry): void {
    const { epoch, seq } = event;
    if (seq === 0) this.host.deliver(this.room, event, except);
    else if (!this.at(epoch)) return;
    else if (this.live && !this.filling && seq === this.seq + 1) {
      this.seq = seq;
      if (seq > this.target) this.target = seq;
      this.host.deliver(this.room, event, except);
    } else void this.reach(seq);
  }

  /** Takes the head as the beginning: whoever enters from now on is told of it. */
  start({ epoch, seq }: Cursor): void {
    this.at(epoch);
    this.live = true;
    this.seq = seq;
    void this.reach(seq);
  }

  /** Compares with the head, and reads what is missing; settles when it was delivered, or is known to be lost. */
  compare(head: Cursor): Promise<void> | undefined {
    const before = this.epoch;
    if (!this.live || !this.at(head.epoch)) return undefined;
    // No event of it says so yet.
    if (this.epoch !== before && head.seq === 0) this.host.stands(this.room, head);
    return this.reach(head.seq);
  }

  /** Goes over to an epoch, unless it is one that ended. */
  private at(epoch: string): boolean {
    if (epoch === this.epoch) return true;
    if (this.past.includes(epoch)) return false;
    if (this.epoch !== "" && this.live) this.past.push(this.epoch);
    if (this.past.length > mostPast) this.past.shift();
    this.epoch = epoch;
    this.seq = this.target = 0;
    return true;
  }

  private reach(seq: number): Promise<void> | undefined {
    if (seq > this.target) this.target = seq;
    if (!this.live || this.seq >= this.target) return this.filling;
    this.filling ??= this.fill()
      .catch((error) => this.host.failed(error))
      .finally(() => {
        this.filling = undefined;
      });
    return this.filling;
  }

  private async fill(): Promise<void> {
    while (this.seq < this.target) {
      const { epoch, seq } = this;
      const events = await this.host.read(this.room, epoch, seq);
      // Where another epoch began meanwhile, it is read from its beginning.
      if (this.epoch !== epoch) continue;
      if (!events || events.length === 0) {
        await this.skip(epoch, this.target);
        continue;
      }
      for (const event of events) {
        this.seq = event.seq;
        this.host.deliver(this.room, event, undefined);
      }
      if (this.seq > this.target) this.target = this.seq;
    }
  }

  /** What is missing is lost: the last event of it shows the gap, or where the room stands does. */
  private async skip(epoch: string, seq: number): Promise<void> {
    const last = await this.host.read(this.room, epoch, seq - 1);
    if (this.epoch !== epoch) return;
    this.seq = seq;
    if (last?.[0]) this.host.deliver(this.room, last[0], undefined);
    else this.host.stands(this.room, { epoch, seq });
  }
}
