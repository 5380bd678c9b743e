import type { CommandEntry, Contract, RoomEntry } from "../contract/contract.js";
import type { ErrorCode } from "../contract/error-codes.js";
import { type Answer, applied, refused } from "./answer.js";
import type { Backend } from "./backend.js";
import type { Connection } from "./connection.js";
import type { Entering, EntryOutcome } from "./entering.js";
import { fitAck } from "./fit-fields.js";
import type { Presence } from "./presence.js";
import type { Reports } from "./reports.js";
import type { NamedRoom, Rights } from "./rights.js";
import type { RoleEvents } from "./role-events.js";

/** Tells one who entered; nothing comes between that and being in. */
type Admitted = (entry: Extract<EntryOutcome, { ok: true }>, data: Readonly<Record<string, unknown>>) => void;

/** What an announced client gets for `$enter`; the library's handlers for plain peers' join and leave run the same code. */
export class Membership {
  constructor(
    private readonly contract: Contract,
    private readonly backend: Backend,
    private readonly entering: Entering,
    private readonly rights: Rights,
    private readonly presence: Presence,
    private readonly roles: RoleEvents,
    private readonly reports: Reports,
  ) {}

  /** Lets a connection into the room of its own user. */
  async enterOwn(connection: Connection, kind: RoomEntry, cursor: unknown): Promise<EntryOutcome> {
    const room = { name: kind.prefix + connection.userId, kind, id: connection.userId };
    const outcome = await this.entering.enter(connection, room, cursor);
    if (!outcome.ok) this.entering.leave(connection, room.name);
    return outcome;
  }

  /** `$enter { room, cursor? }` → `{ ok: true, epoch, seq, recovered, reason?, data }`, or a refusal. */
  async enter(connection: Connection, body: unknown, answer: (value: object) => void): Promise<void> {
    const { room: name, cursor: claimed } = (body ?? {}) as { [key: string]: unknown };
    const room = this.rights.named(name);
    // A room that cannot exist, or that nobody joins, is answered like one that is somebody else's.
    if (!room?.kind.join) return answer(refused("forbidden"));
    const cursor = claimed ?? undefined;
    try {
      const refusal = await this.admit(connection, room, cursor, (entry, data) => {
        if (entry.fresh && cursor === undefined) this.roles.tellOfRoom(connection, room.kind.joined, room);
        answer({ ok: true, ...entry.answer, data });
        entry.release();
      });
      if (refusal) answer(refused(refusal));
    } catch (error) {
      this.reports.error(error, { during: "enter", room: room.name, userId: connection.userId });
      answer(refused("internal"));
    }
  }

  /** The join command of a plain peer. */
  async join(connection: Connection, room: NamedRoom, answer: (answer: Answer) => void): Promise<void> {
    const refusal = await this.admit(connection, room, undefined, (entry, data) => {
      this.roles.tellOfRoom(connection, room.kind.joined, room);
      answer(applied(data));
      entry.release();
    });
    if (refusal) answer(refused(refusal));
  }

  /** The leave command, of any peer; leaving where one is not is no error. */
  async leave(connection: Connection, room: NamedRoom, answer: (answer: Answer) => void): Promise<void> {
    if (this.entering.leave(connection, room.name)) await this.presence.left(connection, room);
    this.roles.tellOfRoom(connection, room.kind.left, room);
    answer(applied(this.ack(room.kind.leave, { [room.kind.parameter]: room.id })));
  }

  /** Takes a lost connection out of its rooms. */
  lost(connection: Connection): void {
    for (const name of connection.socket.rooms) {
      const room = this.rights.named(name);
      if (!room || !this.entering.leave(connection, name) || !room.kind.join) continue;
      const context = { during: "backend", room: name, userId: connection.userId } as const;
      this.reports.guard(context, () => this.presence.lost(connection, room));
    }
  }

  /** Takes a connection out of a room that it may not be in any more, before anything else is written to it. */
  revoke(connection: Connection, name: string): void {
    const room = this.rights.named(name);
    if (!room || !this.entering.leave(connection, name)) return;
    if (connection.announced) connection.send("$left", { room: name, code: "revoked" });
    else this.roles.tellOfRoom(connection, room.kind.left, room);
    if (room.kind.join) this.wentOut(connection, room);
  }

  /** Lets a connection into a room; the code is that of a refusal. */
  private async admit(
    connection: Connection,
    room: NamedRoom,
    cursor: unknown,
    admitted: Admitted,
  ): Promise<ErrorCode | undefined> {
    let outcome = await this.entering.enter(connection, room, cursor);
    if (outcome.ok) {
      const { fresh, given } = outcome;
      try {
        // Who was taken out since was counted out as well: counted in after that, nobody would count them out again.
        if (fresh && given()) await this.presence.came(connection, room);
        const data = await this.ackData(connection, room);
        // Who was told so goes on being out.
        if (given()) {
          if (fresh) this.reports.count("joins", 1, "", "");
          admitted(outcome, data);
          return undefined;
        }
        outcome = { ok: false, code: "forbidden", fresh };
      } catch (error) {
        this.reports.error(error, { during: "enter", room: room.name, userId: connection.userId });
        // Counted in or not, who is told that they are not in is not: another entry is a fresh one.
        outcome = { ok: false, code: "internal", fresh: false };
      }
    }
    this.reports.count("rejected", 1, room.kind.join ?? "", outcome.code);
    if (this.entering.leave(connection, room.name) && !outcome.fresh) this.wentOut(connection, room);
    return outcome.code;
  }

  /** A connection was taken out of a room; nobody waits for what becomes of that. */
  private wentOut(connection: Connection, room: NamedRoom): void {
    const context = { during: "backend", room: room.name, userId: connection.userId } as const;
    this.reports.guard(context, () => this.presence.left(connection, room));
  }

  private async ackData({ userId }: Connection, room: NamedRoom): Promise<Readonly<Record<string, unknown>>> {
    const known = { [room.kind.parameter]: room.id };
    // An answer that has no place for one member has none for thousands, whom a backend would list for each that comes.
    const alone = this.ack(room.kind.join, { ...known, members: [userId] });
    if (!Object.hasOwn(alone, "members")) return alone;
    return this.ack(room.kind.join, { ...known, members: await this.backend.members(room.name) });
  }

  private ack(
    command: string | undefined,
    known: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    const entry: CommandEntry | undefined = command === undefined ? undefined : this.contract.commands.get(command);
    return entry ? fitAck(entry.ack, known) : {};
  }
}
