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

/** What a command is to be met with. */
export type AnswerVerdict =
  | { readonly do: "run" }
  | { readonly do: "answer"; readonly answer: string }
  /** Without an answer whoever ran it is gone, and it is to be asked for anew. */
  | { readonly do: "wait"; readonly answer: Promise<string | undefined> };

// What an answer takes beside its text: its object, its id, its place in two maps.
const answerBytes = 200;

class Answered {
  older: Answered | undefined = undefined;
  newer: Answered | undefined = undefined;
  /** `undefined` until it is answered. */
  kept: string | undefined = undefined;
  /** Tell those who asked again meanwhile. */
  tells: ((answer: string | undefined) => void)[] | undefined = undefined;
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
 * Times are monotonic ms.
 */
export class Answers {
  /** Answers kept now, and the bytes they take. */
  count = 0;
  bytes = 0;
  /** Answers that left before their time; one of these sent again would be run again. */
  evicted = 0;
  private readonly users = new Map<string, Map<string, Answered>>();
  private oldest: Answered | undefined = undefined;
  private newest: Answered | undefined = undefined;

  constructor(private readonly limits: AnswerLimits = answerLimits) {}

  /** Asks what to do with a command; after "run", `finish` or `abandon` must follow, which tell those who wait. */
  begin(user: string, id: string, now: number): AnswerVerdict {
    this.sweep(now);
    let ofUser = this.users.get(user);
    if (!ofUser) {
      ofUser = new Map();
      this.users.set(user, ofUser);
    }
    const known = ofUser.get(id);
    if (!known) {
      ofUser.set(id, new Answered(user, id));
      return { do: "run" };
    }
    if (known.kept !== undefined) return { do: "answer", answer: known.kept };
    known.tells ??= [];
    const { tells } = known;
    return { do: "wait", answer: new Promise((tell) => tells.push(tell)) };
  }

  /** Keeps the answer of a running command, whose text is `bytes` long, and tells it. */
  finish(user: string, id: string, answer: string, bytes: number, now: number): void {
    const ofUser = this.users.get(user);
    const known = ofUser?.get(id);
    if (!ofUser || !known || known.kept !== undefined) return;
    known.kept = answer;
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
    tell(known);
  }

  /** Forgets a running command that may be run again, as when it was refused before its handler. */
  abandon(user: string, id: string): void {
    const known = this.users.get(user)?.get(id);
    if (!known || known.kept !== undefined) return;
    this.remove(known);
    tell(known);
  }

  /** Takes out the answers that were kept long enough. */
  sweep(now: number): void {
    while (this.oldest && this.oldest.answeredAt <= now - this.limits.keepMs) this.remove(this.oldest);
  }

  private shed(ofUser: Map<string, Answered>): void {
    const { maxBytes, maxCount, maxPerUser } = this.limits;
    if (ofUser.size > maxPerUser) {
      for (const answered of ofUser.values()) {
        if (answered.kept === undefined) continue;
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

  private remove(answered: Answered): void {
    const ofUser = this.users.get(answered.user);
    ofUser?.delete(answered.id);
    if (ofUser?.size === 0) this.users.delete(answered.user);
    if (answered.kept === undefined) return;
    const { older, newer } = answered;
    if (older) older.newer = newer;
    else this.oldest = newer;
    if (newer) newer.older = older;
    else this.newest = older;
    this.count--;
    this.bytes -= answered.bytes;
  }
}

function tell(answered: Answered): void {
  for (const each of answered.tells ?? []) each(answered.kept);
  answered.tells = undefined;
}
