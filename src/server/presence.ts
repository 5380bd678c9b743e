import { performance } from "node:perf_hooks";
import { type Deadline, ExpiryWheel } from "../delivery/expiry-wheel.js";
import type { Backend } from "./backend.js";
import type { Connection } from "./connection.js";
import type { Reports } from "./reports.js";
import type { NamedRoom } from "./rights.js";
import type { RoleEvents } from "./role-events.js";

interface Absence {
  readonly room: NamedRoom;
  readonly userId: string;
  readonly token: number;
}

/**
 * Tells a room who came and who went, by user: came with the first connection, went with the last one, on request or
 * when it was lost and did not come back in time. Only rooms that clients join have presence in this sense.
 */
export class Presence {
  private readonly absences: ExpiryWheel<Absence>;
  /** The last absence of each user, by room and user; they may be back from it. */
  private readonly absent = new Map<string, Deadline<Absence>>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly backend: Backend,
    private readonly roles: RoleEvents,
    private readonly reports: Reports,
    private readonly graceMs: number,
  ) {
    this.absences = new ExpiryWheel(performance.now(), Math.max(1, Math.min(250, graceMs / 4)));
  }

  async came(connection: Connection, room: NamedRoom): Promise<void> {
    const { userId } = connection;
    if (await this.backend.enter(room.name, userId, connection.socket.id)) this.tellCame(room, userId);
  }

  /** Tells a room that a user is present, for the first time or again. */
  tellCame(room: NamedRoom, userId: string): void {
    this.roles.announce(userId, room.kind.memberJoined, room);
  }

  /** Tells a room that a user is not present any more. */
  tellWent(room: NamedRoom, userId: string): void {
    this.roles.announce(userId, room.kind.memberLeft, room);
  }

  async left(connection: Connection, room: NamedRoom): Promise<void> {
    if (await this.backend.leave(room.name, connection.userId, connection.socket.id))
      this.tellWent(room, connection.userId);
  }

  async lost({ userId, socket }: Connection, room: NamedRoom): Promise<void> {
    const token = await this.backend.lose(room.name, userId, socket.id);
    if (token === undefined) return;
    const absence = { room, userId, token };
    this.absent.set(keyOf(room.name, userId), this.absences.add(absence, performance.now() + this.graceMs));
    this.timer ??= setInterval(() => this.expire(), this.absences.tickMs).unref();
  }

  /** A user was put out of a room: there is nothing to come back to. */
  revoked(room: string, userId: string): void {
    const deadline = this.absent.get(keyOf(room, userId));
    if (!deadline) return;
    this.absences.remove(deadline);
    void this.end(deadline.value);
  }

  /** Who was lost is looked after until the grace is over: others may share the backend, and would see them for good. */
  close(): void {
    this.closed = true;
  }

  private expire(): void {
    for (const absence of this.absences.advance(performance.now())) void this.end(absence);
    if (this.absences.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async end({ room, userId, token }: Absence): Promise<void> {
    const key = keyOf(room.name, userId);
    if (this.absent.get(key)?.value.token === token) this.absent.delete(key);
    try {
      if (await this.backend.expire(room.name, userId, token)) this.tellWent(room, userId);
    } catch (error) {
      // Closed as well, where nobody shares it.
      if (!this.closed) this.reports.error(error, { during: "backend", room: room.name, userId });
    }
  }
}

function keyOf(room: string, userId: string): string {
  return `${room}\n${userId}`;
}
