import type { ErrorCode } from "../contract/error-codes.js";
import type { Recovery } from "../delivery/recovery.js";
import type { EntryAnswer } from "../delivery/room-cursor.js";
import type { StoredEvent } from "../delivery/stored-event.js";
import type { Backend } from "./backend.js";
import type { Connection } from "./connection.js";
import { Holding } from "./live-room.js";
import type { NamedRoom, Rights } from "./rights.js";
import type { Stage } from "./stage.js";

/** How an entry ended; after a positive answer was written, `release` lets the room's events through. */
export type EntryOutcome =
  | { readonly ok: true; readonly answer: EntryAnswer; readonly fresh: boolean; release(): void }
  | { readonly ok: false; readonly code: ErrorCode };

/** What follows an answer by itself; more is asked for in pages. */
const inlineBytes = 64 * 1024;

const refuse = (code: ErrorCode): EntryOutcome => ({ ok: false, code });

/**
 * Lets connections into rooms, in an order that leaves no gap: what is emitted from the moment that the right was
 * checked is held, then the log is read, answered and replayed, then what was held follows.
 */
export class Entering {
  constructor(
    private readonly backend: Backend,
    private readonly stage: Stage,
    private readonly rights: Rights,
  ) {}

  /** Enters a room; `cursor` is a stranger's value, `undefined` where the client brings none. */
  async enter(connection: Connection, room: NamedRoom, cursor: unknown): Promise<EntryOutcome> {
    const { name } = room;
    const { user, userId, socket } = connection;
    const before = await this.backend.generation(name, userId);
    const verdict = await this.rights.ask(user, "enter", room);
    if (verdict === false) return refuse("forbidden");
    const replay = cursor === undefined || (await this.rights.ask(user, "replay", room)) !== false;
    if (connection.closed) return refuse("closed");

    const holding = new Holding();
    const fresh = !this.stage.find(name)?.members.has(connection);
    this.stage.add(name, connection, holding);
    // A right that was taken back while it was asked for counts; from here on the stage is told.
    if ((await this.backend.generation(name, userId)) !== before) {
      this.stage.remove(name, connection);
      return refuse("forbidden");
    }
    const history = cursor === undefined && typeof verdict === "object" ? verdict.history : 0;
    const recovery = await this.backend.recover(name, replay ? cursor : undefined, history);
    const missed = await this.missed(name, recovery);
    if (connection.closed) return refuse("closed");
    if (this.stage.find(name)?.members.get(connection) !== holding) return refuse("forbidden");
    await socket.join(name);
    return {
      ok: true,
      answer: toAnswer(recovery),
      fresh,
      release: () => this.release(connection, name, holding, recovery, missed),
    };
  }

  /** Takes a connection out of a room; true when it was in it. */
  leave(connection: Connection, name: string): boolean {
    const was = this.stage.remove(name, connection);
    if (was) void connection.socket.leave(name);
    return was;
  }

  private async missed(name: string, { epoch, after, seq }: Recovery): Promise<readonly StoredEvent[]> {
    if (after === seq) return [];
    return (await this.backend.read(name, epoch, after, seq - after, inlineBytes)) ?? [];
  }

  private release(
    connection: Connection,
    name: string,
    holding: Holding,
    { epoch, seq }: Recovery,
    missed: readonly StoredEvent[],
  ): void {
    const room = this.stage.find(name);
    if (room?.members.get(connection) !== holding) return;
    const later = holding.events.filter((event) => event.seq === 0 || event.epoch !== epoch || event.seq > seq);
    room.members.set(connection, undefined);
    const events = [...missed, ...later];
    if (events.length > 0) this.stage.write(connection, events);
  }
}

function toAnswer({ recovered, reason, epoch, seq }: Recovery): EntryAnswer {
  return { epoch, seq, recovered, ...(reason === undefined ? {} : { reason }) };
}
