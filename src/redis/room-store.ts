import { randomFillSync } from "node:crypto";
import { createEpoch, epochBytes } from "../delivery/epoch.js";
import { type Cursor, denied, judgeCursor, type Recovery } from "../delivery/recovery.js";
import type { Emission, StoredEvent } from "../delivery/stored-event.js";
import { readLogged, toEntryText } from "./entry-text.js";
import type { Keys } from "./keys.js";
import type { Link } from "./link.js";
import { beginAnewScript, emitScript, headScript, readScript, recoverScript, revokeScript } from "./log-scripts.js";

/** How much Redis keeps of each room. */
export interface RedisLogLimits {
  /** The last events of a room, this many and up to a hundred more, … */
  readonly keepCount: number;
  /** … for so long after the last of them, ms. */
  readonly keepMs: number;
  /** A head is kept so long after its last use, ms; no shorter than the log, nor than a minute. */
  readonly headMs: number;
}

/** The limits where none are given: 1,000 events, an hour, 24 hours. */
export const redisLogLimits: RedisLogLimits = { keepCount: 1_000, keepMs: 3_600_000, headMs: 86_400_000 };

// Without its head a log is none, and whoever names an append knows its number for a minute.
const shortestHeadMs = 60_000;
// What was taken back is known for so long after the last of it and the last event, ms: never shorter than the log.
const shortestRevokedMs = 86_400_000;

/** The logs of rooms in Redis: every question is one script, and so one round trip. */
export class RoomStore {
  private readonly random = new Uint8Array(epochBytes);
  private readonly headMs: string;
  private readonly keepMs: string;
  private readonly keepCount: string;
  private readonly revokedMs: string;

  constructor(
    private readonly link: Link,
    private readonly keys: Keys,
    { keepCount, keepMs, headMs }: RedisLogLimits,
  ) {
    this.headMs = String(Math.max(shortestHeadMs, keepMs, headMs));
    this.keepMs = String(keepMs);
    this.keepCount = String(keepCount);
    this.revokedMs = String(Math.max(shortestRevokedMs, keepMs));
  }

  async append(room: string, emission: Emission, at: number, appendId: string): Promise<number> {
    const { keys, keepMs, keepCount, revokedMs } = this;
    const args = [
      ...this.stand(),
      keys.channel(room),
      toEntryText(emission, at),
      appendId,
      keepMs,
      keepCount,
      revokedMs,
    ];
    return (await this.link.run(emitScript, [...keys.log(room), keys.rights(room)], args)) as number;
  }

  async publish(room: string, emission: Emission, at: number, except: string | undefined): Promise<undefined> {
    const args = [...this.stand(), this.keys.channel(room), toEntryText(emission, at, except)];
    await this.link.run(emitScript, this.twoKeys(room), args);
  }

  /** Draws a new epoch, and tells all servers. */
  beginAnew(room: string): Promise<unknown> {
    return this.link.run(beginAnewScript, this.twoKeys(room), [...this.stand(), this.keys.channel(room)]);
  }

  async head(room: string): Promise<Cursor> {
    const [epoch, seq] = (await this.link.run(headScript, this.twoKeys(room), this.stand())) as [string, number];
    return { epoch, seq };
  }

  /** Where a room stands, as it was left: one plain command, for comparisons. */
  async knownHead(room: string): Promise<Cursor | undefined> {
    const [key] = this.keys.log(room);
    const [epoch, seq] = (await this.link.send(key, "HMGET", key, "e", "n")) as [string | null, string | null];
    return epoch ? { epoch, seq: Number(seq) } : undefined;
  }

  async recover(
    room: string,
    userId: string,
    cursor: unknown,
    history: number,
    generation: number,
  ): Promise<Recovery | undefined> {
    const keys = [...this.twoKeys(room), this.keys.rights(room)];
    const reply = await this.link.run(recoverScript, keys, [...this.stand(), userId, String(generation)]);
    if (!reply) return undefined;
    const [epoch, seq, floor, from] = reply as [string, number, number, number];
    const recovery = judgeCursor({ epoch, seq, floor }, cursor, history);
    // What was appended while the user had no right to it is not replayed.
    return cursor === undefined || recovery.after >= from ? recovery : denied(recovery);
  }

  async read(
    room: string,
    epoch: string,
    after: number,
    limit: number,
    maxBytes: number,
  ): Promise<StoredEvent[] | undefined> {
    if (!Number.isInteger(after) || after < 0) return undefined;
    const args = [...this.stand(), epoch, String(after), String(limit), String(maxBytes)];
    const texts = (await this.link.run(readScript, this.twoKeys(room), args)) as string[] | null;
    if (!texts) return undefined;
    const events: StoredEvent[] = [];
    for (const text of texts) {
      const event = readLogged(epoch, after + 1 + events.length, text);
      if (!event) return undefined;
      events.push(event);
    }
    return events;
  }

  async generation(room: string, userId: string): Promise<number> {
    const key = this.keys.rights(room);
    return Number((await this.link.send(key, "HGET", key, `count ${userId}`)) ?? 0);
  }

  /** Counts that a right was taken back. */
  revoke(room: string, userId: string): Promise<unknown> {
    return this.link.run(revokeScript, [this.keys.rights(room)], [userId, this.revokedMs]);
  }

  private twoKeys(room: string): string[] {
    return this.keys.log(room).slice(0, 2);
  }

  private stand(): [epoch: string, headMs: string] {
    return [createEpoch(randomFillSync(this.random)), this.headMs];
  }
}
