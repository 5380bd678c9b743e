import { ContractError } from "../contract/errors.js";
import type { Link } from "./link.js";
import type { RoomStore } from "./room-store.js";

/** What becomes of emits while Redis is away. */
export type AwayPolicy = "reject" | "local-only";

// Each is a room that has to begin anew; more are refused.
const mostRooms = 100_000;

/**
 * Emits that only this server's members were given, because Redis was away: the log has a hole there that nothing tells of,
 * so these rooms begin a new epoch before anything else is numbered in them, and members elsewhere are told of that.
 */
export class LocalEmits {
  private readonly rooms = new Set<string>();

  constructor(
    private readonly policy: AwayPolicy,
    private readonly link: Link,
    private readonly store: RoomStore,
  ) {}

  /** Whether what failed with `error` may go on here alone: it is sure that it happened nowhere else. */
  allows(error: unknown): boolean {
    return this.policy === "local-only" && error instanceof ContractError && error.code === "backend_unavailable";
  }

  /** Takes note of a room that was emitted to; false where too many were. */
  add(room: string): boolean {
    if (this.rooms.size >= mostRooms && !this.rooms.has(room)) return false;
    this.rooms.add(room);
    return true;
  }

  /** Lets a room begin anew, ahead of what is sent from now on. */
  end(room: string): void {
    if (this.rooms.size === 0 || !this.link.up || !this.rooms.delete(room)) return;
    this.store.beginAnew(room).catch(() => this.rooms.add(room));
  }

  endAll(): void {
    for (const room of [...this.rooms]) this.end(room);
  }
}
