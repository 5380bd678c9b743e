import { performance } from "node:perf_hooks";
import type { ErrorCode } from "../contract/error-codes.js";
import { denied, type Recovery } from "../delivery/recovery.js";
import type { EntryAnswer } from "../delivery/room-cursor.js";
import type { StoredEvent } from "../delivery/stored-event.js";
import type { Backend } from "./backend.js";
import type { Connection } from "./connection.js";
import type { Lifetimes } from "./lifetimes.js";
import { Holding } from "./live-room.js";
import type { Reports } from "./reports.js";
import type { NamedRoom, Rights } from "./rights.js";
import type { Stage } from "./stage.js";

/**
 * How an entry ended. After a positive answer was written, `release` lets the room's events through; after a refusal the
 * connection has to be taken out. `fresh` says that it was not in the room before, `given` whether it is in it still.
 */
export type EntryOutcome =
  | { readonly ok: true; readonly answer: EntryAnswer; readonly fresh: boolean; given(): boolean; release(): void }
  | { readonly ok: false; readonly code: ErrorCode; readonly fresh: boolean };

/** What follows an answer by itself, bytes; more is asked for in pages, so that no replay fills a connection. */
const inlineBytes = 64 * 1024;
/** A client that asks for no further page for so long, ms, is not asking any more. */
const pageWaitMs = 15_000;

/**
 * Lets connections into rooms, in an order that leaves no gap: what is emitted from before the right was confirmed is
 * held, then the log is read, answered and replayed, then what was held follows.
 */
export class Entering {
  /** Those whose replay the client asks for in pages. */
  private readonly paged = new Set<Holding>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly backend: Backend,
    private readonly stage: Stage,
    private readonly rights: Rights,
    private readonly reports: Reports,
    private readonly lifetimes: Lifetimes,
  ) {}

  /** Enters a room; `cursor` is a stranger's value, `undefined` where the client brings none. */
  async enter(connection: Connection, room: NamedRoom, cursor: unknown): Promise<EntryOutcome> {
    const { name } = room;
    const { user, userId, socket } = connection;
    const isIn = () => this.stage.find(name)?.has(connection) ?? false;
    const fresh = !isIn();
    const refuse = (code: ErrorCode): EntryOutcome => ({ ok: false, code, fresh });
    const holding = new Holding(name, connection);
    const given = () => !connection.closed && this.holds(holding);
    try {
      const before = await this.backend.generation(name, userId);
      const verdict = await this.rights.ask(user, "enter", room);
      const replay =
        verdict !== false && (cursor === undefined || (await this.rights.ask(user, "replay", room)) !== false);
      if (connection.closed) return refuse("closed");
      // Asking may take long, and a no to one that is over may be for that. The room of its own user comes with the
      // connection, which lasts through the grace.
      if (!room.kind.authenticated && this.lifetimes.isOver(connection)) return refuse("credential_expired");
      if (verdict === false) return refuse("forbidden");
      // Put out meanwhile: by Socket.IO's own means no right is taken back.
      if (!fresh && !isIn()) return refuse("forbidden");
      await this.stage.add(name, connection, holding);
      const told = this.stage.find(name)?.epoch;
      const history = typeof verdict === "object" ? verdict.history : 0;
      // A right that was taken back while it was asked for counts; since it holds, the stage is told of later ones.
      const judged = await this.backend.recover(name, userId, cursor, history, before);
      if (!judged) return refuse("forbidden");
      const granted = replay ? judged : denied(judged);
      const { recovery, missed, paged } = await this.replay(connection, name, granted, holding);
      // Who was taken out meanwhile left Socket.IO's room before: joined after that, nobody would take them out of it.
      if (given()) await socket.join(name);
      if (!given()) return refuse("forbidden");
      if (cursor !== undefined && !recovery.recovered) this.reports.count("resync", 1, "", recovery.reason ?? "");
      holding.epoch = recovery.epoch;
      holding.until = recovery.seq;
      holding.from = recovery.after;
      const live = this.stage.find(name);
      // What came of another log meanwhile is newer than what was read.
      if (live?.epoch === told || live?.epoch === recovery.epoch) live?.stands(recovery.epoch, recovery.seq);
      const release = () => (paged ? this.wait(holding) : this.release(holding, missed));
      return { ok: true, answer: toAnswer(recovery, paged), fresh, given, release };
    } catch (error) {
      this.reports.error(error, { during: "enter", room: name, userId });
      return refuse("internal");
    }
  }

  /** Takes a connection out of a room; true when it was in it. */
  leave(connection: Connection, name: string): boolean {
    const was = this.stage.remove(name, connection);
    // One that closes leaves by itself, after the application's listeners for that have seen where it was.
    if (was && !connection.closed) void connection.socket.leave(name);
    return was;
  }

  /** Ends a replay: what was held follows, and from here on the room's events. */
  release(holding: Holding, missed: readonly StoredEvent[] = []): void {
    // What the tick still has may be in the log that was read; held with the rest, it is told apart. Elsewhere it may be too
    // much for the connection, which is cut.
    this.stage.flush();
    if (!this.holds(holding)) return;
    if (missed.length > 0) this.reports.count("replayed", missed.length, "", "");
    const { room, connection, from } = holding;
    const held = holding.take();
    this.stage.find(room)?.set(connection, from);
    this.stage.write(connection, missed.length > 0 ? missed.concat(held) : held, missed.length);
  }

  /** Gives a client time for the next page. */
  wait(holding: Holding): void {
    holding.deadline = performance.now() + pageWaitMs;
    this.paged.add(holding);
    this.timer ??= setInterval(() => this.sweep(), 1_000).unref();
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private sweep(): void {
    const now = performance.now();
    for (const holding of this.paged) {
      if (this.holds(holding) && holding.deadline > now) continue;
      this.paged.delete(holding);
      this.release(holding);
    }
    if (this.paged.size === 0) this.close();
  }

  /** Whether it is what its connection is in the room with still. */
  private holds(holding: Holding): boolean {
    return this.stage.find(holding.room)?.get(holding.connection) === holding;
  }

  /** Reads what follows the answer by itself, and turns what cannot be replayed whole into a fresh start. */
  private async replay({ announced }: Connection, name: string, recovery: Recovery, holding: Holding) {
    const { epoch, seq } = recovery;
    const none: readonly StoredEvent[] = [];
    let { reason, after } = recovery;
    while (!holding.overflown) {
      if (after === seq) return { recovery: { ...recovery, after }, missed: none, paged: false };
      const missed = await this.backend.read(name, epoch, after, seq - after, inlineBytes);
      if (missed?.length === seq - after) return { recovery: { ...recovery, after }, missed, paged: false };
      if (missed && !holding.overflown && announced) return { recovery, missed: none, paged: true };
      reason = "replay_failed";
      if (!missed) break;
      // A plain peer cannot ask for pages: of its history it is given the last, as far as they follow by themselves.
      after = seq - Math.floor((seq - after) / 2);
    }
    const head = await this.backend.head(name);
    if (holding.overflown) reason = "held_too_much";
    return { recovery: { recovered: false, reason, ...head, after: head.seq }, missed: none, paged: false };
  }
}

function toAnswer({ recovered, reason, epoch, seq, after }: Recovery, paged: boolean): EntryAnswer {
  return {
    epoch,
    seq,
    recovered,
    ...(reason === undefined ? {} : { reason }),
    ...(!recovered && after < seq ? { after } : {}),
    ...(paged ? { paged } : {}),
  };
}
