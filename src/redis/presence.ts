import { MemoryPresence } from "../server/memory-presence.js";
import { inBatches } from "./batches.js";
import type { Keys } from "./keys.js";
import type { Link } from "./link.js";
import type { LocalServers } from "./local-servers.js";
import {
  closeScript,
  enterScript,
  leaveScript,
  membersScript,
  renewPresenceScript,
  restoreScript,
} from "./presence-scripts.js";
import type { Script } from "./script.js";

/**
 * Who is in which room, on all servers. Redis knows users by server, and until when each server answers for its own: those
 * of a server that died are gone when that ends, and one of the others says so.
 */
export class Presence {
  /** The connections of this server. */
  private readonly here = new MemoryPresence();
  /**
   * Users who are being counted in, by room and user: a connection that comes meanwhile is counted in with the first one, or
   * not at all, since nobody would be told of its user.
   */
  private readonly entering = new Map<string, Promise<unknown>>();
  /** Rooms of which Redis may have something else than this server, and who went from there while nobody could be told. */
  private readonly unsure = new Map<string, Set<string>>();

  constructor(
    private readonly link: Link,
    private readonly keys: Keys,
    private readonly server: string,
    private readonly leaseMs: number,
    private readonly servers: Pick<LocalServers, "gone" | "came">,
  ) {}

  async enter(room: string, userId: string, connection: string): Promise<boolean> {
    const key = `${room}\n${userId}`;
    const isFirst = this.here.enter(room, userId, connection);
    // Who is back before it could be told has not gone, unless another server has told it.
    const isBack = () => isFirst && (this.unsure.get(room)?.delete(userId) ?? false);
    const stayed = isBack();
    const counted = isFirst ? this.run(enterScript, room, userId) : this.entering.get(key);
    if (isFirst && counted && !stayed) this.entering.set(key, counted);
    try {
      const found = await counted;
      // It may have failed meanwhile that they went before.
      const hasStayed = isBack() || stayed;
      return isFirst && (found === 2 || (found === 1 && !hasStayed));
    } catch (error) {
      this.here.leave(room, userId, connection);
      const untold = this.doubt(room);
      if (stayed) untold.add(userId);
      throw error;
    } finally {
      if (this.entering.get(key) === counted) this.entering.delete(key);
    }
  }

  async leave(room: string, userId: string, connection: string): Promise<boolean> {
    return this.here.leave(room, userId, connection) && this.end(room, userId);
  }

  lose(room: string, userId: string, connection: string): number | undefined {
    return this.here.lose(room, userId, connection);
  }

  async expire(room: string, userId: string, token: number): Promise<boolean> {
    return this.here.expire(room, userId, token) && this.end(room, userId);
  }

  async members(room: string): Promise<string[]> {
    return (await this.run(membersScript, room)) as string[];
  }

  /** Answers for the users here for longer, and says of whom no server does any more. */
  async renew(): Promise<void> {
    await inBatches(new Set([...this.here.names(), ...this.unsure.keys()]), (room) => this.renewRoom(room));
  }

  /** This server has no connections any more: who leaves by another one is nowhere. */
  async close(): Promise<void> {
    // Where that cannot be said, they count as here until its time ends, and it is not tried for each of thousands of rooms.
    let isSaid = true;
    await inBatches(this.here.names(), async (room) => {
      if (isSaid) await this.run(closeScript, room).catch(() => (isSaid = false));
    });
  }

  private async renewRoom(room: string): Promise<void> {
    if (!this.unsure.has(room)) {
      const [known, ...gone] = (await this.run(renewPresenceScript, room)) as [number, ...string[]];
      for (const userId of gone) this.servers.gone(room, userId);
      if (known === 1) return;
      // Redis has lost it, or this server was silent for too long: then whoever is lost has gone, and does not come again.
      if (known < 0) for (const userId of this.here.takeLost(room)) this.doubt(room).add(userId);
    }
    const untold = this.doubt(room);
    for (const userId of untold) {
      untold.delete(userId);
      if (!this.here.has(room, userId) && (await this.end(room, userId))) this.servers.gone(room, userId);
    }
    this.unsure.delete(room);
    await this.restore(room);
  }

  private async restore(room: string): Promise<void> {
    try {
      // Those of whom another server said that they are gone, as this one was silent for too long.
      const came = (await this.run(restoreScript, room, this.here.members(room).join("\n"))) as string[];
      for (const userId of came) this.servers.came(room, userId);
    } catch (error) {
      this.doubt(room);
      throw error;
    }
  }

  private async end(room: string, userId: string): Promise<boolean> {
    try {
      return (await this.run(leaveScript, room, userId)) === 1;
    } catch (error) {
      this.doubt(room).add(userId);
      throw error;
    }
  }

  private doubt(room: string): Set<string> {
    const untold = this.unsure.get(room) ?? new Set();
    this.unsure.set(room, untold);
    return untold;
  }

  private run(script: Script, room: string, ...more: string[]): Promise<unknown> {
    return this.link.run(script, this.keys.presence(room), [this.server, String(this.leaseMs), ...more]);
  }
}
