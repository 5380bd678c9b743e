import { ContractError } from "../contract/errors.js";
import type { Cursor } from "../delivery/recovery.js";
import type { Driver } from "./driver.js";
import { readEntry } from "./entry-text.js";
import { Feed, type FeedHost } from "./feed.js";
import type { Keys } from "./keys.js";

/** The rooms that have members on this server, each with its subscription. */
export class Feeds {
  private readonly feeds = new Map<string, Feed>();

  constructor(
    private readonly driver: Driver,
    private readonly keys: Keys,
    /** Settles once this server hears at all. */
    private readonly opened: () => Promise<void>,
    private readonly head: (room: string) => Promise<Cursor>,
    private readonly host: FeedHost,
  ) {}

  get(room: string): Feed | undefined {
    return this.feeds.get(room);
  }

  watch(room: string): Promise<void> | undefined {
    const known = this.feeds.get(room);
    if (known) {
      known.watchers++;
      return known.started;
    }
    const feed = new Feed(room, this.host);
    this.feeds.set(room, feed);
    feed.started = this.start(room, feed);
    return feed.started;
  }

  unwatch(room: string): void {
    const feed = this.feeds.get(room);
    if (!feed || --feed.watchers > 0) return;
    this.feeds.delete(room);
    if (this.driver.listening) this.driver.unsubscribe(this.keys.channel(room)).catch(() => {});
  }

  receive(room: string, text: string): void {
    const feed = this.feeds.get(room);
    const entry = feed && readEntry(text);
    if (entry) feed.receive(entry);
  }

  /** Compares every room with its log, pipelined; what was missed is read once for all members. */
  async compare(): Promise<void> {
    await Promise.all(
      [...this.feeds].map(async ([room, feed]) => {
        try {
          const head = await this.head(room);
          if (this.feeds.get(room) === feed) await feed.compare(head);
        } catch (error) {
          this.host.failed(error);
        }
      }),
    );
  }

  private async start(room: string, feed: Feed): Promise<void> {
    await this.opened();
    if (!this.driver.listening)
      throw new ContractError("backend_unavailable", "Redis is not to be reached: its messages do not come");
    await this.driver.subscribe(this.keys.channel(room));
    const head = await this.head(room);
    feed.start(head);
    feed.started = undefined;
  }
}
