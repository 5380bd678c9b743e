import { ContractError } from "../contract/errors.js";
import type { AnswerVerdict } from "../delivery/answers.js";
import type { Cursor, Recovery } from "../delivery/recovery.js";
import type { Emission, StoredEvent } from "../delivery/stored-event.js";
import type { Awaitable, Backend, BackendNode } from "../server/backend.js";
import { type RedisBackendOptions, toSettings } from "./redis-backend-options.js";
import { type RedisParts, toParts } from "./redis-parts.js";
import { Upkeep } from "./upkeep.js";

/** The face of the parts; servers of one process share one. */
class RedisBackend implements Backend {
  readonly answerMs: number;
  private readonly parts: RedisParts;
  private readonly upkeep: Upkeep;
  private opened = 0;

  constructor(options: RedisBackendOptions) {
    const settings = toSettings(options);
    this.parts = toParts(settings);
    this.upkeep = new Upkeep(this.parts, settings);
    this.answerMs = this.parts.commands.keepMs;
  }

  async open(node?: BackendNode): Promise<void> {
    if (node) this.parts.servers.add(node);
    if (this.opened++ === 0) this.upkeep.start();
    await (node ? this.upkeep.listen() : this.ask());
  }

  async close(node?: BackendNode): Promise<void> {
    if (node) this.parts.servers.remove(node);
    if (--this.opened === 0) await this.upkeep.stop();
  }

  append(room: string, emission: Emission, at: number, appendId: string | undefined): Promise<number | undefined> {
    return this.parts.emits.append(room, emission, at, appendId);
  }

  publish(room: string, emission: Emission, at: number, except: string | undefined): Promise<undefined> {
    return this.parts.emits.publish(room, emission, at, except);
  }

  async head(room: string): Promise<Cursor> {
    const head = await this.parts.store.head(room);
    await this.hear(room, head);
    return head;
  }

  watch(room: string): Awaitable<void> {
    return this.parts.feeds.watch(room);
  }

  unwatch(room: string): void {
    this.parts.feeds.unwatch(room);
  }

  async recover(
    room: string,
    userId: string,
    cursor: unknown,
    history: number,
    generation: number,
  ): Promise<Recovery | undefined> {
    const recovery = await this.parts.store.recover(room, userId, cursor, history, generation);
    if (recovery) await this.hear(room, recovery);
    return recovery;
  }

  async read(
    room: string,
    epoch: string,
    after: number,
    limit: number,
    maxBytes: number,
  ): Promise<StoredEvent[] | undefined> {
    const { peers, store } = this.parts;
    const events = await store.read(room, epoch, after, limit, maxBytes);
    // Redis may answer a server that hears nothing, for which no revocation waits.
    peers.requireLease();
    return events;
  }

  generation(room: string, userId: string): Promise<number> {
    return this.parts.store.generation(room, userId);
  }

  async revoke(room: string, userId: string): Promise<void> {
    // Counted first: whoever enters while servers are told of it sees that.
    await this.parts.store.revoke(room, userId);
    await this.parts.peers.order(["revoked", room, userId]);
  }

  disconnectUser(userId: string, code: string): Promise<void> {
    return this.parts.peers.order(["disconnect", userId, code]);
  }

  async evict(userId: string, client: string, socketId: string): Promise<void> {
    await this.parts.peers.tell(JSON.stringify(["evict", userId, client, socketId]));
  }

  enter(room: string, userId: string, connection: string): Promise<boolean> {
    return this.parts.presence.enter(room, userId, connection);
  }

  leave(room: string, userId: string, connection: string): Promise<boolean> {
    return this.parts.presence.leave(room, userId, connection);
  }

  lose(room: string, userId: string, connection: string): number | undefined {
    return this.parts.presence.lose(room, userId, connection);
  }

  expire(room: string, userId: string, token: number): Promise<boolean> {
    return this.parts.presence.expire(room, userId, token);
  }

  members(room: string): Promise<string[]> {
    return this.parts.presence.members(room);
  }

  begin(userId: string, id: string): Awaitable<AnswerVerdict> {
    return this.parts.commands.begin(userId, id);
  }

  finish(userId: string, id: string, answer: string | undefined): void {
    this.parts.commands.finish(userId, id, answer);
  }

  async health(): Promise<boolean> {
    if (!this.parts.link.up) return false;
    await this.ask();
    return this.upkeep.isSound;
  }

  /** Waits until the members here were given everything up to there: nobody is given as new what an answer counts as known. */
  private async hear(room: string, head: Cursor): Promise<void> {
    const { feeds, peers } = this.parts;
    const feed = feeds.get(room);
    await feed?.compare(head, "on their way");
    peers.requireLease();
    if (feed && !feed.has(head))
      throw new ContractError("backend_unavailable", "what happened before the entry could not be read");
  }

  /** Asks Redis for nothing but to take a command that may write: one that is full refuses it, and this one writes nothing. */
  private async ask(): Promise<void> {
    const { keys, link } = this.parts;
    await link.send(keys.nodes[0], "ZADD", keys.nodes[0], "XX", "0", "nobody");
  }
}

/**
 * Keeps logs, answers, rights and presence in Redis, for any number of servers.
 *
 * Each server hands it to `createEventServer`; it makes two connections of its own from the client, and leaves that alone.
 *
 * @throws {ContractError} `backend_invalid` for a client that is none of the package `redis` or `ioredis`, and for an option of
 * another kind.
 */
export function redisBackend(options: RedisBackendOptions): Backend {
  return new RedisBackend(options);
}
