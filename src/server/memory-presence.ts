interface Present {
  /** Connections in the room now. */
  live: number;
  /** Set while there are none and the grace of the last one runs. */
  token: number;
}

/** Who is in which room, by user; a user is present until the last connection left, or was lost and its grace is over. */
export class MemoryPresence {
  private readonly rooms = new Map<string, Map<string, Present>>();
  private lastToken = 0;

  enter(room: string, userId: string): boolean {
    let users = this.rooms.get(room);
    if (!users) {
      users = new Map();
      this.rooms.set(room, users);
    }
    const present = users.get(userId);
    if (!present) {
      users.set(userId, { live: 1, token: 0 });
      return true;
    }
    present.live++;
    present.token = 0;
    return false;
  }

  leave(room: string, userId: string): boolean {
    const present = this.rooms.get(room)?.get(userId);
    if (!present || --present.live > 0) return false;
    this.remove(room, userId);
    return true;
  }

  lose(room: string, userId: string): number | undefined {
    const present = this.rooms.get(room)?.get(userId);
    if (!present || --present.live > 0) return undefined;
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

  private remove(room: string, userId: string): void {
    const users = this.rooms.get(room);
    users?.delete(userId);
    if (users?.size === 0) this.rooms.delete(room);
  }
}
