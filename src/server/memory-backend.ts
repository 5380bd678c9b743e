import { randomFillSync, randomInt } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Optional } from "../contract/optional.js";
import { type AnswerLimits, Answers, type AnswerVerdict, answerLimits } from "../delivery/answers.js";
import { createEpoch, epochBytes } from "../delivery/epoch.js";
import type { Cursor, Recovery } from "../delivery/recovery.js";
import { RoomLog, type RoomLogLimits, roomLogLimits } from "../delivery/room-log.js";
import { type Emission, type StoredEvent, toUnnumbered } from "../delivery/stored-event.js";
import { AppendIds } from "./append-ids.js";
import type { Backend, BackendNode } from "./backend.js";
import { MemoryPresence } from "./memory-presence.js";
import { Revocations } from "./revocations.js";
import { withDefaults } from "./with-defaults.js";

/** How much a memory backend keeps. */
export interface MemoryBackendOptions {
  /** The log of rooms: 2 minutes or 1,000 events a room, 64 MiB and 100,000 rooms in all, heads for 24 hours. */
  readonly log?: Optional<RoomLogLimits> | undefined;
  /** The answers to commands: 5 minutes, 2,000 a user, 100,000 and 16 MiB in all. */
  readonly answers?: Optional<AnswerLimits> | undefined;
}

const sweepMs = 1_000;

class MemoryBackend implements Backend {
  readonly answerMs: number;
  private readonly nodes: BackendNode[] = [];
  private readonly log: RoomLog;
  private readonly presence = new MemoryPresence();
  private readonly answers: Answers;
  private readonly revocations = new Revocations((room) => this.log.has(room));
  private readonly appendIds = new AppendIds();
  private sweeper: NodeJS.Timeout | undefined;

  constructor(options: MemoryBackendOptions) {
    const { log, answers } = withDefaults({}, options, "backend_invalid", "memoryBackend", ["log", "answers"]);
    const random = new Uint8Array(epochBytes);
    const limits = withDefaults(roomLogLimits, log, "backend_invalid", "memoryBackend.log");
    this.log = new RoomLog(() => createEpoch(randomFillSync(random)), limits, randomInt(2 ** 31));
    const kept = withDefaults(answerLimits, answers, "backend_invalid", "memoryBackend.answers");
    this.answers = new Answers(kept);
    this.answerMs = kept.keepMs;
  }

  open(node?: BackendNode): void {
    if (!node) return;
    this.nodes.push(node);
    this.sweeper ??= setInterval(() => this.sweep(performance.now()), sweepMs).unref();
  }

  close(node?: BackendNode): void {
    const place = node ? this.nodes.indexOf(node) : -1;
    if (place >= 0) this.nodes.splice(place, 1);
    if (this.nodes.length > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }

  append(room: string, emission: Emission, at: number, appendId: string | undefined): number {
    const now = performance.now();
    const known = appendId === undefined ? undefined : this.appendIds.find(room, appendId, now);
    if (known !== undefined) return known;
    const event = this.log.append(room, emission, at, now);
    if (appendId !== undefined) this.appendIds.add(room, appendId, event.seq, now);
    this.deliver(room, event, undefined);
    return event.seq;
  }

  publish(room: string, emission: Emission, at: number, except: string | undefined): undefined {
    const { epoch } = this.log.head(room, performance.now());
    this.deliver(room, toUnnumbered(emission, Buffer.byteLength(emission.payload), epoch, at), except);
  }

  head(room: string): Cursor {
    return this.log.head(room, performance.now());
  }

  watch(): void {}

  unwatch(): void {}

  recover(room: string, userId: string, cursor: unknown, history: number, generation: number): Recovery | undefined {
    if (this.revocations.count(room, userId) !== generation) return undefined;
    const recovery = this.log.recover(room, cursor, performance.now(), history);
    return this.revocations.judge(room, userId, cursor, recovery);
  }

  read(room: string, epoch: string, after: number, limit: number, maxBytes: number): StoredEvent[] | undefined {
    return this.log.read(room, epoch, after, limit, maxBytes);
  }

  generation(room: string, userId: string): number {
    return this.revocations.count(room, userId);
  }

  revoke(room: string, userId: string): void {
    this.revocations.add(room, userId, performance.now());
    for (const node of this.nodes) node.revoked(room, userId);
  }

  disconnectUser(userId: string, code: string): void {
    for (const node of this.nodes) node.disconnectUser(userId, code);
  }

  evict(userId: string, client: string, socketId: string): void {
    for (const node of this.nodes) node.evict(userId, client, socketId);
  }

  enter(room: string, userId: string, connection: string): boolean {
    return this.presence.enter(room, userId, connection);
  }

  leave(room: string, userId: string, connection: string): boolean {
    return this.presence.leave(room, userId, connection);
  }

  lose(room: string, userId: string, connection: string): number | undefined {
    return this.presence.lose(room, userId, connection);
  }

  expire(room: string, userId: string, token: number): boolean {
    return this.presence.expire(room, userId, token);
  }

  members(room: string): string[] {
    return this.presence.members(room);
  }

  begin(userId: string, id: string): AnswerVerdict {
    return this.answers.begin(userId, id, performance.now());
  }

  finish(userId: string, id: string, answer: string | undefined): void {
    if (answer === undefined) this.answers.abandon(userId, id);
    else this.answers.finish(userId, id, answer, Buffer.byteLength(answer), performance.now());
  }

  health(): boolean {
    return true;
  }

  private deliver(room: string, event: StoredEvent, except: string | undefined): void {
    const { nodes } = this;
    for (let index = 0; index < nodes.length; index++) (nodes[index] as BackendNode).deliver(room, event, except);
  }

  private sweep(now: number): void {
    this.log.sweep(now);
    this.answers.sweep(now);
    this.revocations.sweep(now);
    this.appendIds.sweep(now);
  }
}

/**
 * Keeps logs, answers, rights and presence in the memory of this process: the default.
 *
 * Servers of one process may share one. What it keeps is bounded, and gone with the process.
 *
 * @throws {ContractError} `backend_invalid` for a limit of another kind.
 */
export function memoryBackend(options: MemoryBackendOptions = {}): Backend {
  return new MemoryBackend(options);
}
