/** `exact` may not be missed; of `latest` what was overtaken may be; `low` may be missed and overtaken. */
export type EmitKind = "exact" | "latest" | "low";

/** One emit, by whichever server; times are the ledger's own. */
interface Emitted {
  readonly n: number;
  readonly room: string;
  readonly kind: EmitKind;
  readonly server: number;
  readonly calledAt: number;
  /** When its outcome was known. */
  endedAt: number;
  outcome: "open" | "taken" | "refused" | "unknown";
  seq: number | undefined;
  /** Whom nothing may be given of it. */
  readonly denied: ReadonlySet<string>;
  isRepeated: boolean;
  /** Redis forgot its id, and it may have been repeated. */
  mayBeTwice: boolean;
}

type Told = { readonly at: number } & (
  | { readonly emitted: Emitted; readonly seq: number | undefined }
  | { readonly reason: string }
);

interface Stay {
  /** When it was asked for, and when it was granted. */
  readonly since: number;
  enteredAt: number;
  leaving: boolean;
  readonly told: Told[];
}

/**
 * The oracle of several servers: what was emitted, what came of it, and what every user was told, each with its time.
 *
 * What is taken is handled once by whoever was in the room, in one order for all, or a resync is told after it was emitted;
 * what was refused, or emitted while the user's right was surely taken back, is handled by nobody, or not by them.
 */
export class Ledger {
  readonly wrong: string[] = [];
  readonly emits: Emitted[] = [];
  private now = 0;
  private readonly stays = new Map<string, Stay>();
  /** Rights that were surely taken back, and not asked to be given back. */
  private readonly denied = new Set<string>();
  /** Since when a user is surely put out. */
  private readonly out = new Map<string, number>();
  private readonly handledBy = new Set<string>();
  /** Rooms of a user that may have to be read anew, until everybody has caught up. */
  private readonly excused = new Set<string>();
  /** And so often more, since their logs are others: that may be told of late. */
  private readonly renewed = new Map<string, number>();
  private readonly lines: string[] = [];

  note(line: string): void {
    this.lines.push(line);
  }

  story(): string {
    return [...this.lines, ...this.wrong.map((what) => `WRONG: ${what}`)].join("\n");
  }

  fail(what: string): void {
    this.note(`WRONG: ${what}`);
    this.wrong.push(what);
  }

  emitting(room: string, kind: EmitKind, server: number): Emitted {
    const denied = new Set(
      [...this.denied].flatMap((key) => (key.endsWith(` ${room}`) ? [key.split(" ")[0] as string] : [])),
    );
    const n = this.emits.length + 1;
    const emitted: Emitted = {
      ...{ n, room, kind, server, denied },
      ...{ calledAt: ++this.now, endedAt: Number.POSITIVE_INFINITY, outcome: "open", seq: undefined },
      ...{ isRepeated: false, mayBeTwice: false },
    };
    this.emits.push(emitted);
    return emitted;
  }

  ended(emitted: Emitted, outcome: "taken" | "refused" | "unknown", seq?: number): void {
    this.note(`${emitted.n} of ${emitted.room} is ${outcome} ${seq ?? ""}`);
    emitted.outcome = outcome;
    if (outcome === "taken") emitted.endedAt = ++this.now;
    if (seq === undefined) return;
    if (emitted.seq !== undefined && emitted.seq !== seq && !emitted.mayBeTwice)
      this.fail(`${emitted.n} was handled as ${emitted.seq}, and is ${seq}`);
    emitted.seq = seq;
  }

  joining(user: string, room: string): void {
    if (this.stays.has(`${user} ${room}`)) return;
    const stay = { since: ++this.now, enteredAt: Number.POSITIVE_INFINITY, leaving: false, told: [] };
    this.stays.set(`${user} ${room}`, stay);
  }

  joined(user: string, room: string): void {
    const stay = this.stays.get(`${user} ${room}`);
    if (stay) stay.enteredAt = Math.min(stay.enteredAt, ++this.now);
  }

  leaving(user: string, room: string): void {
    const stay = this.stays.get(`${user} ${room}`);
    if (stay) stay.leaving = true;
  }

  left(user: string, room: string): void {
    this.note(`${user} is out of ${room}`);
    this.stays.delete(`${user} ${room}`);
  }

  /** It was taken back on every server. */
  revoked(user: string, room: string): void {
    this.note(`${user} has no right to ${room}`);
    this.denied.add(`${user} ${room}`);
  }

  granting(user: string, room: string): void {
    this.denied.delete(`${user} ${room}`);
  }

  /** Every connection of the user was closed, and none can be had until it is admitted again. */
  expelled(user: string): void {
    this.note(`${user} is expelled`);
    this.out.set(user, ++this.now);
  }

  readmitted(user: string): void {
    this.out.delete(user);
  }

  excuse(user: string, room: string): void {
    this.excused.add(`${user} ${room}`);
  }

  /** Redis forgot everything: every log is another from here on, and what was not answered may be written again. */
  forgotten(): void {
    for (const key of this.stays.keys()) this.renewed.set(key, (this.renewed.get(key) ?? 0) + 1);
    for (const emitted of this.emits) if (emitted.outcome === "open") emitted.mayBeTwice = true;
  }

  handled(user: string, room: string, n: number, seq: number | undefined): void {
    this.note(`${user} handles ${n} of ${room}, ${seq}`);
    const emitted = this.emits[n - 1];
    const stay = this.stays.get(`${user} ${room}`);
    const fail = (what: string) => this.fail(`${user} handled ${n} of ${room} ${what}`);
    if (!emitted || emitted.room !== room) {
      fail("which was not emitted there");
      return;
    }
    if (emitted.outcome === "refused") fail("which was refused");
    // What waited for its like, or in a batch, may have been appended once the right was given back.
    const isDenied = emitted.kind === "exact" || this.denied.has(`${user} ${room}`);
    if (isDenied && emitted.denied.has(user)) fail("although it might not see it");
    if (emitted.calledAt > (this.out.get(user) ?? Number.POSITIVE_INFINITY)) fail("although it was expelled");
    if (this.handledBy.has(`${user} ${n}`) && !emitted.mayBeTwice) fail("again");
    this.handledBy.add(`${user} ${n}`);
    if (!stay) {
      fail("without being in it");
      return;
    }
    if (emitted.kind !== "low") {
      if (emitted.endedAt < stay.since) fail("from before it asked to be let in");
      this.checkPlace(stay, emitted, seq, fail);
    }
    stay.told.push({ at: ++this.now, emitted, seq });
  }

  private checkPlace(stay: Stay, emitted: Emitted, seq: number | undefined, fail: (what: string) => void): void {
    if (seq === undefined || (emitted.seq !== undefined && emitted.seq !== seq && !emitted.mayBeTwice))
      fail(`as ${seq}, which is ${emitted.seq}`);
    emitted.seq ??= seq;
    if (emitted.mayBeTwice) return;
    const before = stay.told.flatMap((told) =>
      "emitted" in told && told.emitted.kind !== "low" ? [told.emitted] : [],
    );
    for (const { n, calledAt, server, isRepeated, outcome } of before) {
      if (calledAt > emitted.endedAt) fail(`after ${n}, which was emitted once it was taken`);
      const inTurn = server === emitted.server && !isRepeated && !emitted.isRepeated && outcome === "taken";
      if (inTurn && emitted.outcome === "taken" && n > emitted.n)
        fail(`after ${n}, which the same server emitted later`);
    }
    const last = stay.told.filter((told) => "reason" in told || told.seq !== undefined).at(-1);
    if (last && "seq" in last && (seq ?? 0) <= (last.seq ?? 0))
      fail(`as ${seq} after ${last.seq}, and was told of no resync`);
  }

  resynced(user: string, room: string, reason: string): void {
    this.note(`${user} is told to read ${room} anew: ${reason}`);
    const key = `${user} ${room}`;
    const renewals = this.renewed.get(key) ?? 0;
    if (renewals > 0) this.renewed.set(key, renewals - 1);
    else if (!this.excused.has(key)) this.fail(`${user} was told of a resync of ${room}, ${reason}, for nothing`);
    this.stays.get(key)?.told.push({ at: ++this.now, reason });
  }

  /** What the user has yet to handle, or to be told of. */
  owed(user: string, room: string): string[] {
    const stay = this.stays.get(`${user} ${room}`);
    if (!stay || stay.leaving) return [];
    if (stay.enteredAt === Number.POSITIVE_INFINITY) return [`${user} is not in ${room}`];
    return this.emits
      .filter(
        (one) => one.room === room && one.kind !== "low" && one.outcome === "taken" && one.calledAt > stay.enteredAt,
      )
      .filter((one) => !one.denied.has(user) && !stay.told.some((told) => isSettledBy(told, one)))
      .map(({ n }) => `${user} has not handled ${n} of ${room}`);
  }

  /** Everybody has caught up: from here on nothing is excused, but for a log that has not shown itself yet. */
  settled(): void {
    this.excused.clear();
    for (const [key, renewals] of this.renewed) this.renewed.set(key, Math.min(renewals, 1));
    for (const { n, room, outcome } of this.emits)
      if (outcome === "refused" && [...this.handledBy].some((key) => key.endsWith(` ${n}`)))
        this.fail(`${n} of ${room} was refused and handled`);
  }
}

/** Whether this is the event, one that overtook it, or the word that it was missed. */
function isSettledBy(told: Told, one: Emitted): boolean {
  if ("reason" in told) return told.at > one.calledAt;
  const { emitted } = told;
  return emitted === one || (one.kind === "latest" && emitted.kind === "latest" && emitted.endedAt > one.calledAt);
}
