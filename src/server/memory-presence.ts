/** A user's connections in a room: one, several, or none and the token of the grace that runs since the last was lost. */
type Present = string | readonly string[] | number;

/**
 * Who is in which room, by user; a user is present until the last connection left, or was lost and its grace is over.
 *
 * A connection counts once, whatever is said of it twice.
 */
export class MemoryPresence {
  private readonly rooms = new Map<string, Map<string, Present>>();
  private lastToken = 0;

  enter(room: string, userId: string, connection: string): boolean {
    let users = this.rooms.get(room);
    if (!users) {
      users = new Map();
      this.rooms.set(room, users);
    }
    const present = users.get(userId);
    if (present === undefined || typeof present === "number") users.set(userId, connection);
    else if (typeof present === "string") {
      if (present !== connection) users.set(userId, [present, connection]);
    } else if (!present.includes(connection)) users.set(userId, [...present, connection]);
    return present === undefined;
  }

  leave(room: string, userId: string, connection: string): boolean {
    if (!this.isLast(room, userId, connection)) return false;
    this.remove(room, userId);
    return true;
  }

  lose(room: string, userId: string, connection: string): number | undefined {
    if (!this.isLast(room, userId, connection)) return undefined;
    this.rooms.get(room)?.set(userId, ++this.lastToken);
    return this.lastToken;
  }

  expire(room: string, userId: string, token: number): boolean {
    if (this.rooms.get(room)?.get(userId) !== token) return false;
    this.remove(room, userId);
    return true;
  }

  /** Takes out those who have no connection any more, and names them. */
  takeLost(room: string): string[] {
    const users = [...(this.rooms.get(room) ?? [])];
    const lost = users.flatMap(([userId, present]) => (typeof present === "number" ? [userId] : []));
    for (const userId of lost) this.remove(room, userId);
    return lost;
  }

  members(room: string): string[] {
    return [...(this.rooms.get(room)?.keys() ?? [])];
  }

  has(room: string, userId: string): boolean {
    return this.rooms.get(room)?.has(userId) ?? false;
  }

  /** The rooms that somebody is in. */
  names(): Iterable<string> {
    return this.rooms.keys();
  }

  /** Takes a connection out of several, or says that it is the only one. */
  private isLast(room: string, userId: string, connection: string): boolean {
    const present = this.rooms.get(room)?.get(userId);
    if (typeof present !== "object") return present === connection;
    const others = present.filter((other) => other !== connection);
    this.rooms.get(room)?.set(userId, others.length === 1 && others[0] !== undefined ? others[0] : others);
    return false;
  }

  private remove(room: string, userId: string): void {
    const users = this.rooms.get(room);
    users?.delete(userId);
    if (users?.size === 0) this.rooms.delete(room);
  }
}
