import { ContractError } from "../contract/errors.js";
import { inBatches } from "./batches.js";
import type { Driver } from "./driver.js";
import { readEntry, readHead } from "./entry-text.js";
import { Feed, type FeedHost, type Unheard } from "./feed.js";
import type { Keys } from "./keys.js";
import type { RoomStore } from "./room-store.js";

/** The rooms that have members on this server, each with its subscription. */
export class Feeds {
  private readonly feeds = new Map<string, Feed>();
  private comparing = false;
  private again = false;
  /** Rooms of which something could not be read, and nothing may come that shows it again. */
  private readonly behind = new Set<string>();
  private readonly host: FeedHost;
  private lost = false;

  constructor(
    private readonly driver: Driver,
    private readonly keys: Keys,
    private readonly store: RoomStore,
    /** Settles once this server hears at all. */
    private readonly opened: () => Promise<void>,
    host: Omit<FeedHost, "head" | "failed">,
    private readonly failed: (error: unknown) => void,
  ) {
    this.host = { ...host, head: (room) => store.head(room), failed: (room, error) => this.fallBehind(room, error) };
  }

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
    // Also while messages do not come: a client may ask again for what it had, by itself.
    this.driver.unsubscribe(this.keys.channel(room)).catch(() => {});
  }

  receive(room: string, text: string): void {
    const feed = this.feeds.get(room);
    if (!feed) return;
    const entry = readEntry(text);
    const head = entry ? undefined : readHead(text);
    if (entry) feed.receive(entry);
    // It may be late: the log says whether it still stands.
    else if (head) this.compareOne(room, "on their way").catch((error) => this.fallBehind(room, error));
  }

  /** Messages come again: rooms are subscribed where that was forgotten, and compared. */
  async resume(): Promise<void> {
    const { lost } = this;
    this.lost = false;
    try {
      if (lost)
        await inBatches(this.feeds.keys(), async (room) => {
          // It may have been left while others were subscribed to: nobody would take that back.
          if (this.feeds.has(room)) await this.driver.subscribe(this.keys.channel(room));
        });
    } catch (error) {
      // Those that are left out would be deaf from here on.
      this.lost = true;
      throw error;
    }
    await this.compare("lost");
  }

  /** Tries again to hear and to read what could not be heard and read before. */
  tick(): void {
    if (this.lost && this.driver.listening) this.resume().catch(this.failed);
    else if (this.behind.size > 0 && !this.comparing) void this.compare("lost", [...this.behind]);
  }

  /** The connection that had subscribed is no more. */
  forgotten(): void {
    this.lost = true;
  }

  /** Compares rooms with their logs, pipelined; what was missed is read once for all members. */
  async compare(unheard: Unheard, rooms: Iterable<string> = this.feeds.keys()): Promise<void> {
    if (this.comparing) {
      // They may be of a room that was compared before.
      this.again ||= unheard === "lost";
      return;
    }
    this.comparing = true;
    this.again = false;
    this.behind.clear();
    await inBatches(rooms, (room) => this.compareOne(room, unheard).catch((error) => this.fallBehind(room, error)));
    this.comparing = false;
    if (this.again) await this.compare("lost");
  }

  private async compareOne(room: string, unheard: Unheard): Promise<void> {
    const feed = this.feeds.get(room);
    if (!feed) return;
    const { epoch } = feed;
    // Redis may be another than before, and what was on its way lost with it: then the room is in a new epoch.
    const head = unheard === "lost" ? await this.store.head(room) : await this.store.knownHead(room);
    if (!head || this.feeds.get(room) !== feed) return;
    // Asked after it ended: this Redis was left for another and gone back to, and does not know what that one numbered.
    if (feed.epoch === epoch && feed.hasLeft(head.epoch)) await this.store.beginAnew(room);
    else await feed.compare(head, unheard);
  }

  private fallBehind(room: string, error: unknown): void {
    this.behind.add(room);
    this.failed(error);
  }

  private async start(room: string, feed: Feed): Promise<void> {
    await this.opened();
    if (this.feeds.get(room) !== feed) return;
    if (!this.driver.listening)
      throw new ContractError("backend_unavailable", "Redis is not to be reached: its messages do not come");
    await this.driver.subscribe(this.keys.channel(room));
    const head = await this.store.head(room);
    feed.start(head);
    feed.started = undefined;
  }
}
