interface Present {
  /** The user's connections in the room. */
  readonly connections: string[];
  /** Set while there are none and the grace of the last one runs. */
  token: number;
}

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
    if (!present) {
      users.set(userId, { connections: [connection], token: 0 });
      return true;
    }
    if (!present.connections.includes(connection)) present.connections.push(connection);
    present.token = 0;
    return false;
  }

  leave(room: string, userId: string, connection: string): boolean {
    if (!this.takeLast(room, userId, connection)) return false;
    this.remove(room, userId);
    return true;
  }

  lose(room: string, userId: string, connection: string): number | undefined {
    const present = this.takeLast(room, userId, connection);
    if (!present) return undefined;
    present.token = ++this.lastToken;
    return present.token;
  }

  expire(room: string, userId: string, token: number): boolean {
    if (this.rooms.get(room)?.get(userId)?.token !== token) return false;
    this.remove(room, userId);
    return true;
  }

  members(room: string): string[] {
    return [...(this.rooms.get(room)?.keys() ?? [])];
  }

  private takeLast(room: string, userId: string, connection: string): Present | undefined {
    const present = this.rooms.get(room)?.get(userId);
    const place = present ? present.connections.indexOf(connection) : -1;
    if (!present || place < 0) return undefined;
    present.connections.splice(place, 1);
    return present.connections.length === 0 ? present : undefined;
  }

  private remove(room: string, userId: string): void {
    const users = this.rooms.get(room);
    users?.delete(userId);
    if (users?.size === 0) this.rooms.delete(room);
  }
}
