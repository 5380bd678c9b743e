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

/** Why a command that is offered is not taken. */
export type OfferRefusal = "offline" | "queue_full";

export interface CommandQueueLimits {
  /** So many commands wait at most while offline, … */
  readonly maxCount: number;
  /** … and so many bytes of them, … */
  readonly maxBytes: number;
  /** … and none is sent again, or at all, when older than this, ms. */
  readonly maxAgeMs: number;
}

/** What a new connection leaves without an answer; it is out of the queue already. */
export interface ConnectionLosses {
  /** Another user's. */
  readonly foreign: QueuedCommand[];
  /** Its outcome will not be known: it was written once, and by this connection or the one before to a plain server. */
  readonly lost: QueuedCommand[];
  readonly expired: QueuedCommand[];
}

/**
 * A client's commands from `offer` to their answer, in the order in which they are (and will be again) sent.
 *
 * Each ends answered, expired or lost; there is no other way out. They belong to one user, known from the first
 * connection at the latest, and are never given out to be written for another.
 */
export class CommandQueue {
  private commands = new Map<string, QueuedCommand>();
  /** What this connection has not written yet. */
  private waiting = new Set<QueuedCommand>();
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

  /** Whether it is connected to a plain server: what was written to it can never be written again. */
  get plain(): boolean {
    return this.open && this.windowMs === 0;
  }

  /** When the next one expires; Infinity without any. */
  get dueAt(): number {
    return Math.min(...this.all().map(({ expiresAt }) => expiresAt));
  }

  /** Takes a command, unless nothing is connected and it may not wait. `ttlMs` can only shorten its age limit. */
  offer(command: Command, now: number, ttlMs = this.limits.maxAgeMs): QueuedCommand | OfferRefusal {
    if (!this.open) {
      const { maxBytes, maxCount } = this.limits;
      if (command.offline !== "queue") return "offline";
      if (this.commands.size >= maxCount || this.bytes + command.bytes > maxBytes) return "queue_full";
    }
    // One that is no number would never be over.
    const expiresAt = now + Math.min(Number.isNaN(ttlMs) ? this.ageLimit : ttlMs, this.ageLimit);
    const queued = { ...command, queuedAt: now, expiresAt, sent: false };
    this.add(queued);
    return queued;
  }

  /**
   * Everything waits for `ready` again, now that it is connected as `user`. `windowMs` is how long the server keeps
   * answers, 0 for a plain server: to that one nothing is written twice. A shorter window than before shortens age limits
   * with it.
   */
  connected(user: string, windowMs: number, now: number): ConnectionLosses {
    const foreign = this.user !== "" && this.user !== user ? this.clear() : [];
    // A plain server may announce itself late: what it was sent as a plain one has no id to be sent again under.
    const lost = this.takeOut(({ sent }) => sent && (windowMs === 0 || this.plain));
    this.user = user;
    this.windowMs = windowMs;
    this.open = true;
    this.waiting = new Set(this.commands.values());
    for (const command of this.waiting)
      command.expiresAt = Math.min(command.expiresAt, command.queuedAt + this.ageLimit);
    return { foreign, lost, expired: this.expire(now) };
  }

  /** Gives what is to be written now, in this order, of those that are `known`; it counts as sent from here on. */
  ready(known: (id: string) => boolean): QueuedCommand[] {
    const ready = [...this.waiting].filter(({ id }) => known(id));
    for (const command of ready) {
      this.waiting.delete(command);
      command.sent = true;
    }
    return ready;
  }

  /** Gives what can have no answer any more: what was written to a plain server, and what may not wait. */
  disconnected(): QueuedCommand[] {
    const lost = this.takeOut(({ sent, offline }) => (sent ? this.plain : offline !== "queue"));
    this.open = false;
    return lost;
  }

  /** Takes a command out with its answer; `undefined` when it had one already. */
  answered(id: string): QueuedCommand | undefined {
    const command = this.commands.get(id);
    if (command) {
      this.commands.delete(id);
      this.waiting.delete(command);
      this.bytes -= command.bytes;
    }
    return command;
  }

  /** Takes out what has waited for its answer too long. */
  expire(now: number): QueuedCommand[] {
    return this.takeOut(({ expiresAt }) => expiresAt <= now);
  }

  /** Takes out everything, as when the user is forgotten. */
  clear(): QueuedCommand[] {
    return this.takeOut(() => true);
  }

  /** Everything without an answer, in order. */
  all(): QueuedCommand[] {
    return [...this.commands.values()];
  }

  /** Takes up commands of a stored queue, whose age is judged already, ahead of what is here. */
  takeUp(user: string, commands: readonly QueuedCommand[]): void {
    const later = this.commands;
    this.user = user;
    this.commands = new Map();
    for (const command of commands) this.add(command);
    for (const [id, command] of later) this.commands.set(id, command);
    this.waiting = new Set([...commands, ...this.waiting]);
  }

  /** How long a command may wait for its answer in all, ms. */
  get ageLimit(): number {
    const { maxAgeMs } = this.limits;
    // An answer must outlive the last resend, with some time for that to arrive.
    return this.windowMs > 0 ? Math.min(maxAgeMs, this.windowMs * 0.8) : maxAgeMs;
  }

  private add(command: QueuedCommand): void {
    this.commands.set(command.id, command);
    this.waiting.add(command);
    this.bytes += command.bytes;
  }

  private takeOut(isOut: (command: QueuedCommand) => boolean): QueuedCommand[] {
    const out = this.all().filter(isOut);
    for (const { id } of out) this.answered(id);
    return out;
  }
}
