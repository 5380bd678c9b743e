import { inBatches } from "./batches.js";
import type { LocalServers } from "./local-servers.js";
import type { RoomStore } from "./room-store.js";

/** How often the rights of those who are in rooms here had been taken back as they entered. */
export class Rights {
  private readonly rooms = new Map<string, Map<string, number>>();

  constructor(
    private readonly store: RoomStore,
    private readonly servers: LocalServers,
  ) {}

  set(room: string, userId: string, generation: number): void {
    const users = this.rooms.get(room);
    if (users) users.set(userId, generation);
    else this.rooms.set(room, new Map([[userId, generation]]));
  }

  forget(room: string, userId: string): void {
    this.rooms.get(room)?.delete(userId);
  }

  forgetRoom(room: string): void {
    this.rooms.delete(room);
  }

  /** Asks anew of everybody, pipelined, and tells of whoever lost a right that this server was not told of. */
  async lookUp(): Promise<void> {
    const known = [...this.rooms].flatMap(([room, users]) =>
      [...users].map(([userId, generation]) => ({ room, userId, generation })),
    );
    await inBatches(known, async ({ room, userId, generation }) => {
      if ((await this.store.generation(room, userId)) > generation) this.servers.revoked(room, userId);
    });
  }
}
