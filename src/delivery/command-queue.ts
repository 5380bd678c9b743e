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
  /** Who waits for its answer; nobody does where it is of an earlier page. */
  readonly sender?: Settler;
  /** Whether it may be written; one of an earlier page is to be judged first. */
  known: boolean;
}

/** The two ends of a promise. */
export interface Settler {
  resolve(value: unknown): void;
  reject(error: unknown): void;
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
export interface CommandQueue {
  /** "" while not known. */
  user: string;
  /** Whether it is connected to a plain server: what was written to it can never be written again. */
  readonly plain: boolean;
  /** When the next one expires; Infinity without any. */
  readonly dueAt: number;
  /** How long a command may wait for its answer in all, ms. */
  readonly ageLimit: number;
  /** Takes a command, unless nothing is connected and it may not wait. `ttlMs` can only shorten its age limit. */
  offer(command: Command, now: number, ttlMs?: number): QueuedCommand | OfferRefusal;
  /**
   * Everything waits for `ready` again, now that it is connected as `user`. `windowMs` is how long the server keeps
   * answers, 0 for a plain server: to that one nothing is written twice. A shorter window than before shortens age limits
   * with it.
   */
  connected(user: string, windowMs: number, now: number): ConnectionLosses;
  /** Gives what is to be written now, in this order, of those that are known; it counts as sent from here on. */
  ready(): QueuedCommand[];
  /** Gives what can have no answer any more: what was written to a plain server, and what may not wait. */
  disconnected(): QueuedCommand[];
  /** Whether a command has no answer yet. */
  has(command: Command): boolean;
  /** Takes a command out with its answer; `false` when it had one already. */
  answered(command: Command): boolean;
  /** Takes out what has waited for its answer too long. */
  expire(now: number): QueuedCommand[];
  /** Takes out everything, as when the user is forgotten. */
  clear(): QueuedCommand[];
  /** Everything without an answer, in order. */
  all(): QueuedCommand[];
  /** Takes up commands of a stored queue, whose age is judged already: they go out before what was sent after them. */
  takeUp(user: string, commands: readonly QueuedCommand[]): void;
}

/** Makes an empty queue that is not connected. */
export function createCommandQueue({ maxCount, maxBytes, maxAgeMs }: CommandQueueLimits, user = ""): CommandQueue {
  const commands = new Map<string, QueuedCommand>();
  /** What this connection has not written yet. */
  let waiting = new Set<QueuedCommand>();
  let bytes = 0;
  let open = false;
  /** How long the server keeps answers, ms; 0 for a plain one, which keeps none. */
  let windowMs = 0;

  // What earlier pages left is taken up in any order; of the same moment, what was sent before goes first.
  const all = () =>
    [...commands.values()].sort((one, other) => one.queuedAt - other.queuedAt || +other.sent - +one.sent);
  const has = (command: Command) => commands.get(command.id) === command;

  function add(command: QueuedCommand): QueuedCommand {
    commands.set(command.id, command);
    waiting.add(command);
    bytes += command.bytes;
    return command;
  }

  function answered(command: Command): boolean {
    if (!has(command)) return false;
    commands.delete(command.id);
    waiting.delete(command as QueuedCommand);
    bytes -= command.bytes;
    return true;
  }

  function takeOut(isOut: (command: QueuedCommand) => boolean): QueuedCommand[] {
    const out = all().filter(isOut);
    out.forEach(answered);
    return out;
  }

  const expire = (now: number) => takeOut(({ expiresAt }) => expiresAt <= now);
  const clear = () => takeOut(() => true);

  const queue: CommandQueue = {
    user,
    get plain() {
      return open && windowMs === 0;
    },
    get dueAt() {
      return Math.min(...all().map(({ expiresAt }) => expiresAt));
    },
    get ageLimit() {
      // An answer must outlive the last resend, with some time for that to arrive.
      return windowMs > 0 ? Math.min(maxAgeMs, windowMs * 0.8) : maxAgeMs;
    },
    offer(command, now, ttlMs = maxAgeMs) {
      if (!open) {
        if (command.offline !== "queue") return "offline";
        if (commands.size >= maxCount || bytes + command.bytes > maxBytes) return "queue_full";
      }
      const limit = queue.ageLimit;
      // biome-ignore lint/complexity/useMathMinMax: of what is no number that makes none, which would never be over
      const expiresAt = now + +(ttlMs < limit ? ttlMs : limit);
      return add({ ...command, queuedAt: now, expiresAt, sent: false });
    },
    connected(next, nextWindowMs, now) {
      const foreign = queue.user && queue.user !== next ? clear() : [];
      // A plain server may announce itself late: what it was sent as a plain one has no id to be sent again under.
      const lost = takeOut(({ sent }) => sent && (nextWindowMs === 0 || queue.plain));
      queue.user = next;
      windowMs = nextWindowMs;
      open = true;
      waiting = new Set(commands.values());
      for (const command of waiting) command.expiresAt = Math.min(command.expiresAt, command.queuedAt + queue.ageLimit);
      return { foreign, lost, expired: expire(now) };
    },
    ready() {
      const ready = all().filter((command) => command.known && waiting.delete(command));
      for (const command of ready) command.sent = true;
      return ready;
    },
    disconnected() {
      const lost = takeOut(({ sent, offline }) => (sent ? queue.plain : offline !== "queue"));
      open = false;
      return lost;
    },
    has,
    answered,
    expire,
    clear,
    all,
    takeUp(owner, taken) {
      queue.user = owner;
      taken.forEach(add);
    },
  };
  return queue;
}
