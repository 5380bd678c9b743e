import { denied, type Recovery } from "../delivery/recovery.js";

interface Revocation {
  count: number;
  /** From where the user may be given again: the head at the first entry since; none yet where there was none. */
  epoch: string | undefined;
  floor: number;
  until: number;
}

const keepMs = 86_400_000;
const maxCount = 100_000;

/** What was taken back: how often, and from where on each user may be given a room's events again. Times are monotonic ms. */
export class Revocations {
  private readonly revoked = new Map<string, Revocation>();
  /** Goes through them once, from the oldest on: from the start it would pass over the places of all that are gone. */
  private order = this.revoked.entries();
  private oldest: readonly [key: string, revocation: Revocation] | undefined;

  constructor(
    /** Whether a room has events: what was taken back there is known for as long. */
    private readonly isLogged: (room: string) => boolean,
  ) {}

  add(room: string, userId: string, now: number): void {
    const key = `${room}\n${userId}`;
    const count = this.count(room, userId) + 1;
    // Last in the map, so that those that end first stand first.
    this.revoked.delete(key);
    this.revoked.set(key, { count, epoch: undefined, floor: 0, until: now + keepMs });
    this.sweep(now);
  }

  count(room: string, userId: string): number {
    return this.revoked.get(`${room}\n${userId}`)?.count ?? 0;
  }

  /** Denies the part of a replay that was appended while the user had no right to it. */
  judge(room: string, userId: string, cursor: unknown, recovery: Recovery): Recovery {
    const revocation = this.revoked.get(`${room}\n${userId}`);
    if (!revocation) return recovery;
    const { epoch, seq, after } = recovery;
    if (revocation.epoch !== epoch) {
      // A log that began since began without them; the first entry counts from where it stands.
      revocation.floor = revocation.epoch === undefined ? seq : 0;
      revocation.epoch = epoch;
    }
    return cursor === undefined || after >= revocation.floor ? recovery : denied(recovery);
  }

  sweep(now: number): void {
    for (let first = this.first(); first; first = this.first()) {
      const [key, revocation] = first;
      const isOver = revocation.until <= now;
      if (!isOver && this.revoked.size <= maxCount) break;
      this.oldest = undefined;
      this.revoked.delete(key);
      if (!isOver || !this.isLogged(key.slice(0, key.indexOf("\n")))) continue;
      revocation.until = now + keepMs;
      this.revoked.set(key, revocation);
    }
  }

  /** The one that ends first; what was taken back again since stands behind. */
  private first(): readonly [key: string, revocation: Revocation] | undefined {
    while (!this.oldest || this.revoked.get(this.oldest[0]) !== this.oldest[1]) {
      const { done, value } = this.order.next();
      this.oldest = value as typeof this.oldest;
      if (!done) continue;
      this.order = this.revoked.entries();
      break;
    }
    return this.oldest;
  }
}
