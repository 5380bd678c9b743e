import { performance } from "node:perf_hooks";
import { ContractError } from "../contract/errors.js";
import { answerLimits } from "../delivery/answers.js";
import type { Cursor, Recovery } from "../delivery/recovery.js";
import type { Emission, StoredEvent } from "../delivery/stored-event.js";
import type { AnswerVerdict, Awaitable, Backend, BackendNode } from "../server/backend.js";
import { CommandStore } from "./command-store.js";
import type { Driver, DriverEvents } from "./driver.js";
import { Emits } from "./emits.js";
import { Feeds } from "./feeds.js";
import { type Keys, toKeys } from "./keys.js";
import { Link } from "./link.js";
import { type AwayPolicy, LocalEmits } from "./local-emits.js";
import { LocalServers } from "./local-servers.js";
import { Opening } from "./opening.js";
import { type Notice, Peers } from "./peers.js";
import { Presence } from "./presence.js";
import type { RedisBackendOptions } from "./redis-backend-options.js";
import { Rights } from "./rights.js";
import { RoomStore, redisLogLimits } from "./room-store.js";
import { scripts } from "./scripts.js";
import { toDriver } from "./to-driver.js";

const defaults = {
  prefix: "gestaloka",
  timeoutMs: 2_000,
  compareMs: 30_000,
  presenceLeaseMs: 30_000,
  whileAway: "reject" as AwayPolicy,
};
const leaseMs = 5_000;
const tickMs = 1_000;
// Connections through which nothing has come for so long are made anew.
const renewMs = 10_000;
const fillEvents = 500;
const fillBytes = 256 * 1024;

class RedisBackend implements Backend {
  private readonly servers = new LocalServers();
  private readonly driver: Driver;
  private readonly keys: Keys;
  private readonly link: Link;
  private readonly store: RoomStore;
  private readonly feeds: Feeds;
  private readonly peers: Peers;
  private readonly presence: Presence;
  private readonly commands: CommandStore;
  private readonly local: LocalEmits;
  private readonly emits: Emits;
  private readonly rights: Rights;
  private readonly options: RedisBackendOptions & Readonly<typeof defaults>;
  private opened = 0;
  /** Whether there are members here; a worker has none, and only emits. */
  private hears = false;
  private opening = new Opening();
  private timer: NodeJS.Timeout | undefined;
  private comparedAt = 0;
  private renewedAt = 0;
  private soundAt = 0;

  constructor(options: RedisBackendOptions) {
    this.options = { ...defaults, ...options };
    const { client, prefix, log, answers, timeoutMs, presenceLeaseMs, whileAway } = this.options;
    this.keys = toKeys(prefix);
    this.driver = toDriver(client);
    this.link = new Link(this.driver, { timeoutMs, maxCommands: 100_000, maxCharacters: 64 * 1024 * 1024 });
    const { driver, keys, link, servers } = this;
    this.store = new RoomStore(link, keys, { ...redisLogLimits, ...log });
    const failed = (error: unknown) => servers.failed(error);
    this.rights = new Rights(this.store, servers);
    this.feeds = new Feeds(driver, keys, this.store, () => this.opening.promise, {
      deliver: (room, event, except) => servers.deliver(room, event, except),
      read: (room, epoch, after) => this.readMissed(room, epoch, after),
      stands: (room, head) => servers.stands(room, head),
      failed,
    });
    this.peers = new Peers(link, keys, leaseMs, {
      heard: (notice) => this.heard(notice),
      lookUp: () => this.rights.lookUp(),
      sure: () => {
        this.opening.end();
        void this.feeds.compare();
      },
      missed: () => void this.feeds.compare(),
      failed,
    });
    this.presence = new Presence(link, keys, this.peers.id, presenceLeaseMs, (room, userId) =>
      servers.gone(room, userId),
    );
    this.local = new LocalEmits(whileAway, link, keys);
    this.emits = new Emits(this.store, this.local, this.feeds, servers);
    const isLocal = (error: unknown) => this.local.allows(error);
    this.commands = new CommandStore(link, keys, this.peers.id, { ...answerLimits, ...answers }, isLocal);
  }

  async open(node?: BackendNode): Promise<void> {
    if (node) this.servers.add(node);
    if (this.opened++ === 0) {
      this.soundAt = performance.now();
      this.timer = setInterval(() => this.tick(), tickMs).unref();
      this.driver.open(this.events);
    }
    if (!node) return void (await this.link.send(this.keys.nodes, "EXISTS", this.keys.nodes));
    if (!this.hears) {
      this.hears = true;
      this.opening.begin();
      this.driver.listen();
    }
    await this.opening.promise;
  }

  async close(node?: BackendNode): Promise<void> {
    if (node) this.servers.remove(node);
    if (--this.opened > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.hears = false;
    this.opening.end(new ContractError("backend_unavailable", "the backend was closed"));
    // Nobody is to wait for a server that has gone.
    await this.peers.end();
    await this.link.drain();
    this.link.close();
    this.driver.close();
  }

  append(room: string, emission: Emission, at: number, appendId: string | undefined): Promise<number | undefined> {
    return this.emits.append(room, emission, at, appendId);
  }

  publish(room: string, emission: Emission, at: number, except: string | undefined): Promise<undefined> {
    return this.emits.publish(room, emission, at, except);
  }

  head(room: string): Promise<Cursor> {
    return this.store.head(room);
  }

  watch(room: string): Awaitable<void> {
    return this.feeds.watch(room);
  }

  unwatch(room: string): void {
    this.feeds.unwatch(room);
    if (!this.feeds.get(room)) this.rights.forgetRoom(room);
  }

  async recover(room: string, userId: string, cursor: unknown, history: number): Promise<Recovery> {
    const recovery = await this.store.recover(room, userId, cursor, history);
    // Nobody is given as new what the answer counts as known already.
    await this.feeds.get(room)?.compare(recovery);
    return recovery;
  }

  read(room: string, epoch: string, after: number, limit: number, maxBytes: number) {
    return this.store.read(room, epoch, after, limit, maxBytes);
  }

  async generation(room: string, userId: string): Promise<number> {
    const generation = await this.store.generation(room, userId);
    if (this.feeds.get(room)) this.rights.set(room, userId, generation);
    return generation;
  }

  revoke(room: string, userId: string): Promise<void> {
    return this.peers.order(["revoked", room, userId], (text) => this.store.revoke(room, userId, text));
  }

  disconnectUser(userId: string, code: string): Promise<void> {
    return this.peers.order(["disconnect", userId, code], (text) => this.peers.tell(text));
  }

  async evict(userId: string, client: string, socketId: string): Promise<void> {
    await this.peers.tell(JSON.stringify(["evict", userId, client, socketId]));
  }

  enter(room: string, userId: string, connection: string): Promise<boolean> {
    return this.presence.enter(room, userId, connection);
  }

  async leave(room: string, userId: string, connection: string): Promise<boolean> {
    const left = await this.presence.leave(room, userId, connection);
    if (left) this.rights.forget(room, userId);
    return left;
  }

  lose(room: string, userId: string, connection: string): number | undefined {
    return this.presence.lose(room, userId, connection);
  }

  async expire(room: string, userId: string, token: number): Promise<boolean> {
    const left = await this.presence.expire(room, userId, token);
    if (left) this.rights.forget(room, userId);
    return left;
  }

  members(room: string): Promise<string[]> {
    return this.presence.members(room);
  }

  begin(userId: string, id: string): Awaitable<AnswerVerdict> {
    return this.commands.begin(userId, id);
  }

  finish(userId: string, id: string, answer: string): void {
    this.commands.finish(userId, id, answer);
  }

  async health(): Promise<boolean> {
    if (!this.link.up) return false;
    await this.link.send(this.keys.nodes, "EXISTS", this.keys.nodes);
    return this.isSound;
  }

  private readonly events: DriverEvents = {
    ready: () => {
      this.link.connected(scripts);
      this.local.endAll();
      this.commands.save();
      if (this.hears) this.peers.tick();
    },
    listening: () => {
      const channels = [this.keys.control, this.keys.node(this.peers.id)];
      Promise.all(channels.map((channel) => this.driver.subscribe(channel)))
        .then(() => this.peers.tick())
        .then(() => this.feeds.resume())
        .catch((error) => this.servers.failed(error));
    },
    message: (channel, text) => {
      try {
        const room = this.keys.roomOf(channel);
        if (room === undefined) this.peers.receive(text);
        else if (this.peers.sure) this.feeds.receive(room, text);
      } catch (error) {
        // The client that calls this has nobody to tell.
        this.servers.failed(error);
      }
    },
    error: (error) => this.servers.failed(error),
  };

  private tick(): void {
    const now = performance.now();
    if (this.hears) this.peers.tick();
    else if (!this.link.up) this.link.probe(this.keys.nodes, "EXISTS", this.keys.nodes).catch(() => {});
    if (this.isSound) this.soundAt = now;
    else if (now - this.soundAt >= renewMs) this.reconnect(now);
    if (!this.link.up) return;
    this.local.endAll();
    this.commands.tick();
    this.feeds.tick();
    if (now - this.renewedAt >= this.options.presenceLeaseMs / 3) {
      this.renewedAt = now;
      this.presence.renew().catch((error) => this.servers.failed(error));
    }
    if (now - this.comparedAt < this.options.compareMs) return;
    this.comparedAt = now;
    void this.feeds.compare();
  }

  private get isSound(): boolean {
    return this.link.up && (!this.hears || (this.driver.listening && this.peers.sure));
  }

  /** A link may be dead and not say so; both connections are made anew, and every room is subscribed again. */
  private reconnect(now: number): void {
    this.soundAt = now;
    this.driver.close();
    this.driver.open(this.events);
    if (this.hears) this.driver.listen();
    this.feeds.forgotten();
  }

  private heard(notice: Notice): void {
    const [kind, userId = "", id = ""] = notice;
    if (kind === "answered") this.commands.answered(userId, id);
    else this.servers.obey(notice);
  }

  private async readMissed(room: string, epoch: string, after: number): Promise<StoredEvent[] | undefined> {
    const events = await this.store.read(room, epoch, after, fillEvents, fillBytes);
    if (this.peers.sure) return events;
    throw new ContractError("backend_unavailable", "what was missed waits until this server hears again");
  }
}

/**
 * Keeps logs, answers, rights and presence in Redis, for any number of servers.
 *
 * Each server hands it to `createEventServer`; it makes two connections of its own from the client, and leaves that alone.
 */
export function redisBackend(options: RedisBackendOptions): Backend {
  return new RedisBackend(options);
}
