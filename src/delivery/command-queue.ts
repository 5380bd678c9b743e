/** What becomes of a command given while nothing can be written: it waits, or is dropped or refused at once. */
export type OfflinePolicy = "queue" | "drop" | "reject";

/** The states that a command goes through; the last three are answers. */
export type CommandState = "queued" | "sent" | "applied" | "refused" | "expired";

export interface Command {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  /** UTF-8 bytes of the payload's JSON. */
  readonly bytes: number;
  readonly offline: OfflinePolicy;
}

export interface QueuedCommand extends Command {
  /** Monotonic ms, as every time here. */
  readonly queuedAt: number;
  /** With this it is answered `expired`. */
  expiresAt: number;
  /** Whether it was written to a server at least once. */
  sent: boolean;
}

/** What to do with a command that is offered. */
export type OfferVerdict = "write" | "wait" | "drop" | "offline" | "queue_full";

export interface CommandQueueLimits {
  /** So many commands wait at most while offline, … */
  readonly maxCount: number;
  /** … and so many bytes of them, … */
  readonly maxBytes: number;
  /** … and none is sent again, or at all, when older than this, ms. */
  readonly maxAgeMs: number;
}

/** What to do with what waited for a connection; `lost` and `expired` are out of the queue already. */
export interface ResendPlan {
  /** To be written, in this order. */
  readonly write: QueuedCommand[];
  /** Another user's, or written once and now to be written to a plain server: its outcome will not be known. */
  readonly lost: QueuedCommand[];
  expired: QueuedCommand[];
}

/**
 * A client's commands from `offer` to their answer, in the order in which they are (and will be again) sent.
 *
 * Each ends answered, expired or lost; there is no other way out. They belong to one user, known from the first
 * connection at the latest, and are never given out to be written for another.
 */
export class CommandQueue {
  private commands = new Map<string, QueuedCommand>();
  private bytes = 0;
  private open = false;
  /** How long the server keeps answers, ms; 0 for a plain one, which keeps none. */
  private windowMs = 0;

  constructor(
    private readonly limits: CommandQueueLimits,
    /** "" while not known. */
    public user = "",
  ) {}

  /** How many have no answer yet. */
  get size(): number {
    return this.commands.size;
  }

  /** Whether it is connected to a plain server: then all of it was written, and can never be written again. */
  get plain(): boolean {
    return this.open && this.windowMs === 0;
  }

  /** When the next one expires; Infinity without any. */
  get dueAt(): number {
    return Math.min(...this.all().map(({ expiresAt }) => expiresAt));
  }

  /** Takes a command: "write" it now, it will "wait", or it was not taken. `ttlMs` can only shorten its age limit. */
  offer(command: Command, now: number, ttlMs = this.limits.maxAgeMs): OfferVerdict {
    if (!this.open) {
      const { bytes, offline } = command;
      if (offline !== "queue") return offline === "drop" ? "drop" : "offline";
      const { maxBytes, maxCount } = this.limits;
      if (this.commands.size >= maxCount || this.bytes + bytes > maxBytes) return "queue_full";
    }
    // One that is no number would never be over.
    const expiresAt = now + Math.min(Number.isNaN(ttlMs) ? this.ageLimit : ttlMs, this.ageLimit);
    this.add({ ...command, queuedAt: now, expiresAt, sent: this.open });
    return this.open ? "write" : "wait";
  }

  /**
   * Says what to do once connected as `user` and in the rooms again. `windowMs` is how long the server keeps answers, 0
   * for a plain server: to that one nothing is written twice. A shorter window than before shortens age limits with it.
   */
  connected(user: string, windowMs: number, now: number): ResendPlan {
    const plan: ResendPlan = { write: [], lost: [], expired: [] };
    const foreign = this.user !== "" && this.user !== user;
    this.user = user;
    this.windowMs = windowMs;
    this.open = true;
    for (const command of this.commands.values()) {
      command.expiresAt = Math.min(command.expiresAt, command.queuedAt + this.ageLimit);
      if (foreign || (command.sent && windowMs === 0)) plan.lost.push(command);
      else if (command.expiresAt > now) plan.write.push(command);
    }
    for (const { id } of plan.lost) this.answered(id);
    plan.expired = this.expire(now);
    for (const command of plan.write) command.sent = true;
    return plan;
  }

  /** Gives what can have no answer any more: what was written to a plain server. Everything else waits. */
  disconnected(): QueuedCommand[] {
    const lost = this.plain ? this.clear() : [];
    this.open = false;
    return lost;
  }

  /** Takes a command out with its answer; `undefined` when it had one already. */
  answered(id: string): QueuedCommand | undefined {
    const command = this.commands.get(id);
    if (command) {
      this.commands.delete(id);
      this.bytes -= command.bytes;
    }
    return command;
  }

  /** Takes out what has waited for its answer too long. */
  expire(now: number): QueuedCommand[] {
    const expired = this.all().filter((command) => command.expiresAt <= now);
    for (const { id } of expired) this.answered(id);
    return expired;
  }

  /** Takes out everything, as when the user is forgotten. */
  clear(): QueuedCommand[] {
    const all = this.all();
    this.commands.clear();
    this.bytes = 0;
    return all;
  }

  /** Everything without an answer, in order. */
  all(): QueuedCommand[] {
    return [...this.commands.values()];
  }

  /** Takes up commands of a stored queue, whose age is judged already, ahead of what is here. */
  takeUp(user: string, commands: readonly QueuedCommand[]): void {
    const later = this.clear();
    this.user = user;
    for (const command of commands) this.add(command);
    for (const command of later) this.add(command);
  }

  /** How long a command may wait for its answer in all, ms. */
  get ageLimit(): number {
    const { maxAgeMs } = this.limits;
    // An answer must outlive the last resend, with some time for that to arrive.
    return this.windowMs > 0 ? Math.min(maxAgeMs, this.windowMs * 0.8) : maxAgeMs;
  }

  private add(command: QueuedCommand): void {
    this.commands.set(command.id, command);
    this.bytes += command.bytes;
  }
}
