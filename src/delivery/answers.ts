/** How long, and how many, answers of commands are kept. */
export interface AnswerLimits {
  /** How long an answer is kept after it was given, ms. */
  readonly keepMs: number;
  /** Never more answers than this in all, nor for one user, nor more bytes: the oldest go first. */
  readonly maxCount: number;
  /** As `maxCount`, of one user. */
  readonly maxPerUser: number;
  /** Bytes of all kept answers, with what each takes beside its text. */
  readonly maxBytes: number;
}

/** The limits where none are given: 5 minutes, 100,000 answers, 2,000 a user, 16 MiB. */
export const answerLimits: AnswerLimits = {
  keepMs: 300_000,
  maxCount: 100_000,
  maxPerUser: 2_000,
  maxBytes: 16 * 1024 * 1024,
};

/** What is to be done with a command: run it, wait for the one that runs, or send the answer that was kept. */
export type CommandVerdict<TAnswer> =
  | { readonly do: "run" }
  | { readonly do: "wait" }
  | { readonly do: "answer"; readonly answer: TAnswer };

const run = { do: "run" } as const;
const wait = { do: "wait" } as const;

// What an answer takes beside its text: its object, its id, its place in two maps.
const answerBytes = 200;

class Answered<TAnswer, TWaiter> {
  older: Answered<TAnswer, TWaiter> | undefined = undefined;
  newer: Answered<TAnswer, TWaiter> | undefined = undefined;
  /** `undefined` until it is answered. */
  kept: { readonly answer: TAnswer } | undefined = undefined;
  waiters: TWaiter[] | undefined = undefined;
  bytes = 0;
  answeredAt = 0;

  constructor(
    readonly user: string,
    readonly id: string,
  ) {}
}

/**
 * Remembers what commands were answered, by user and id, so that one that is sent again is not run again.
 *
 * `TWaiter` is whatever a duplicate of a running command is told its answer by. Times are monotonic ms.
 */
export class Answers<TAnswer, TWaiter> {
  /** Answers kept now, and the bytes they take. */
  count = 0;
  bytes = 0;
  /** Answers that left before their time; one of these sent again would be run again. */
  evicted = 0;
  private readonly users = new Map<string, Map<string, Answered<TAnswer, TWaiter>>>();
  private oldest: Answered<TAnswer, TWaiter> | undefined = undefined;
  private newest: Answered<TAnswer, TWaiter> | undefined = undefined;

  constructor(private readonly limits: AnswerLimits = answerLimits) {}

  /** Asks what to do with a command; after "run", `finish` or `abandon` must follow, after "wait", they tell `waiter`. */
  begin(user: string, id: string, waiter: TWaiter, now: number): CommandVerdict<TAnswer> {
    this.sweep(now);
    let ofUser = this.users.get(user);
    if (!ofUser) {
      ofUser = new Map();
      this.users.set(user, ofUser);
    }
    const known = ofUser.get(id);
    if (!known) {
      ofUser.set(id, new Answered(user, id));
      return run;
    }
    if (known.kept) return { do: "answer", answer: known.kept.answer };
    if (known.waiters) known.waiters.push(waiter);
    else known.waiters = [waiter];
    return wait;
  }

  /** Keeps the answer of a running command, whose text is `bytes` long, and gives the waiters to tell it to. */
  finish(user: string, id: string, answer: TAnswer, bytes: number, now: number): TWaiter[] {
    const ofUser = this.users.get(user);
    const known = ofUser?.get(id);
    if (!ofUser || !known || known.kept) return [];
    const waiters = known.waiters ?? [];
    known.kept = { answer };
    known.waiters = undefined;
    known.bytes = bytes + answerBytes;
    known.answeredAt = now;
    // In the order of answers, so that the first of the map is the oldest to go, unless it still runs.
    ofUser.delete(id);
    ofUser.set(id, known);
    known.older = this.newest;
    if (this.newest) this.newest.newer = known;
    else this.oldest = known;
    this.newest = known;
    this.count++;
    this.bytes += known.bytes;
    this.shed(ofUser);
    return waiters;
  }

  /** Forgets a running command that may be run again, as when it was refused before its handler; gives its waiters. */
  abandon(user: string, id: string): TWaiter[] {
    const known = this.users.get(user)?.get(id);
    if (!known || known.kept) return [];
    this.remove(known);
    return known.waiters ?? [];
  }

  /** Takes out the answers that were kept long enough. */
  sweep(now: number): void {
    while (this.oldest && this.oldest.answeredAt <= now - this.limits.keepMs) this.remove(this.oldest);
  }

  private shed(ofUser: Map<string, Answered<TAnswer, TWaiter>>): void {
    const { maxBytes, maxCount, maxPerUser } = this.limits;
    if (ofUser.size > maxPerUser) {
      for (const answered of ofUser.values()) {
        if (!answered.kept) continue;
        this.remove(answered);
        this.evicted++;
        break;
      }
    }
    while (this.oldest && (this.count > maxCount || this.bytes > maxBytes)) {
      this.remove(this.oldest);
      this.evicted++;
    }
  }

  private remove(answered: Answered<TAnswer, TWaiter>): void {
    const ofUser = this.users.get(answered.user);
    ofUser?.delete(answered.id);
    if (ofUser?.size === 0) this.users.delete(answered.user);
    if (!answered.kept) return;
    const { older, newer } = answered;
    if (older) older.newer = newer;
    else this.oldest = newer;
    if (newer) newer.older = older;
    else this.newest = older;
    this.count--;
    this.bytes -= answered.bytes;
  }
}
