type Told =
  | { readonly kind: "event"; readonly n: number }
  | { readonly kind: "resync"; readonly reason: string }
  | { readonly kind: "in"; readonly n: number };

/** One stay of a user in a room: from the call that asked for it. */
interface Stay {
  /** Events up to here were published before anybody asked to be let in. */
  readonly since: number;
  /** Events after this one must be handled, or be told of; unknown until the room was entered. */
  owed: number | undefined;
  leaving: boolean;
  readonly told: Told[];
  /** The state of a tide that must be known in the end, unless one was told of a resync since the last; unknown until in. */
  owedLevel: number | undefined;
  isResyncedSince: boolean;
}

/**
 * The oracle: what was published in each room, who was in it when, and what may therefore be handled.
 *
 * Handled numbers grow; a hole is there only behind a resync; nothing from before or after a stay, and nothing that was
 * published while the user's right was taken back, ever arrives.
 */
export class Expected {
  /** By room: the number of events, and for each of them who might not see it. */
  private readonly published = new Map<string, string[][]>();
  private readonly stays = new Map<string, Stay>();
  /** By room: the last level of its tide. By user and room: the last that was heard of, and the last gull. */
  private readonly levels = new Map<string, number>();
  private readonly rises = new Map<string, number>();
  private readonly gulls = new Map<string, number>();
  /** Rooms of a user that may have to say that something was missed. */
  private readonly excused = new Set<string>();
  /**
   * Rooms of a user whose log became another, and how often: told at the next entry, or when the next event shows it. What a
   * server said that is gone may be heard once the next one is there, so each is told of for itself.
   */
  private readonly renewed = new Map<string, number>();
  private readonly lines: string[] = [];
  readonly wrong: string[] = [];

  head(room: string): number {
    return this.published.get(room)?.length ?? 0;
  }

  note(line: string): void {
    this.lines.push(line);
  }

  publishing(room: string, denied: string[]): number {
    const all = this.published.get(room) ?? [];
    this.published.set(room, all);
    return all.push(denied);
  }

  level(room: string): number {
    return this.levels.get(room) ?? 0;
  }

  turning(room: string): number {
    const level = this.level(room) + 1;
    this.levels.set(room, level);
    return level;
  }

  /** Of a tide the last state counts; what is heard of grows all the same. */
  rose(user: string, room: string, level: number): void {
    this.note(`${user} is told that ${room} rose to ${level}`);
    const stay = this.grown(this.rises, user, room, level, "rises to");
    if (stay) stay.isResyncedSince = false;
  }

  /** What is not recovered may be lost, and no more than that. */
  saw(user: string, room: string, count: number): void {
    this.grown(this.gulls, user, room, count, "shows gull");
  }

  private grown(last: Map<string, number>, user: string, room: string, n: number, what: string): Stay | undefined {
    const key = `${user} ${room}`;
    const before = last.get(key) ?? 0;
    const stay = this.stays.get(key);
    if (!stay) this.wrong.push(`${room} ${what} ${n} for ${user}, who is not in it`);
    if (n <= before) this.wrong.push(`${room} ${what} ${n} for ${user}, after ${before}`);
    if (n > this.level(room)) this.wrong.push(`${room} ${what} ${n} for ${user}, which nobody said`);
    last.set(key, n);
    return stay;
  }

  isIn(user: string, room: string): boolean {
    return this.stays.has(`${user} ${room}`);
  }

  joining(user: string, room: string): void {
    if (this.isIn(user, room)) return;
    this.stays.set(`${user} ${room}`, {
      since: this.head(room),
      owed: undefined,
      leaving: false,
      told: [],
      owedLevel: undefined,
      isResyncedSince: false,
    });
  }

  joined(user: string, room: string): void {
    const stay = this.stays.get(`${user} ${room}`);
    if (!stay || stay.owed !== undefined) return;
    stay.owed = this.head(room);
    stay.owedLevel = this.level(room);
  }

  leaving(user: string, room: string): void {
    const stay = this.stays.get(`${user} ${room}`);
    if (stay) stay.leaving = true;
  }

  left(user: string, room: string): void {
    this.stays.delete(`${user} ${room}`);
  }

  /** The server put the user out, or never let it in. */
  closed(user: string, room: string): void {
    this.note(`${user} is put out of ${room}`);
    this.stays.delete(`${user} ${room}`);
  }

  /** Whether its client hands it on or not. */
  written(user: string, room: string, n: number): void {
    if (this.published.get(room)?.[n - 1]?.includes(user))
      this.wrong.push(`${user} was sent ${n} of ${room}, although it might not see it`);
  }

  handled(user: string, room: string, n: number): void {
    this.note(`${user} handles ${room} ${n}`);
    const stay = this.stays.get(`${user} ${room}`);
    const fail = (what: string) => void this.wrong.push(`${user} handled ${n} of ${room} ${what}`);
    if (!stay) {
      fail("without being in it");
      return;
    }
    if (n <= stay.since) fail("from before it asked to be let in");
    if (this.published.get(room)?.[n - 1]?.includes(user)) fail("although it might not see it");
    const last = lastOf(stay);
    if (last !== undefined && n <= last) fail(`after ${last}`);
    const behind = stay.told.at(-1)?.kind === "resync";
    const from = last ?? stay.owed;
    if (from !== undefined && n > from + 1 && !behind) fail(`after ${from}, and was told of no resync`);
    stay.told.push({ kind: "event", n });
  }

  resynced(user: string, room: string, reason: string): void {
    this.note(`${user} is told to read ${room} anew: ${reason}`);
    const key = `${user} ${room}`;
    const renewals = this.renewed.get(key) ?? 0;
    if (renewals > 0) this.renewed.set(key, renewals - 1);
    else if (!this.excused.has(key)) this.wrong.push(`${user} was told of a resync of ${room}, ${reason}, for nothing`);
    const stay = this.stays.get(`${user} ${room}`);
    if (!stay) return;
    stay.told.push({ kind: "resync", reason });
    stay.isResyncedSince = true;
  }

  /** From here on the user may have missed more of the room than its log keeps, or have been refused a replay. */
  excuse(user: string, room: string): void {
    this.excused.add(`${user} ${room}`);
  }

  /** Every log is another from here on. */
  forgotten(): void {
    for (const key of this.stays.keys()) this.renewed.set(key, (this.renewed.get(key) ?? 0) + 1);
  }

  /** Everybody has caught up: from here on nothing is excused. */
  settled(): void {
    this.excused.clear();
    // Only the log that is there now may not have shown itself yet.
    for (const [key, renewals] of this.renewed) this.renewed.set(key, Math.min(renewals, 1));
  }

  /** Whether the user has handled the last event of the room, or knows that it did not. */
  isThrough(user: string, room: string): boolean {
    const stay = this.stays.get(`${user} ${room}`);
    if (!stay || stay.leaving) return true;
    if (stay.owed === undefined) return false;
    if (!this.knowsTide(user, room)) return false;
    return stay.told.at(-1)?.kind === "resync" || (lastOf(stay) ?? stay.owed) >= this.head(room);
  }

  /** Whether the user has handled the last event of the room, if it is in it. */
  hasAll(user: string, room: string): boolean {
    const stay = this.stays.get(`${user} ${room}`);
    return stay?.owed === undefined || (lastOf(stay) ?? stay.owed) >= this.head(room);
  }

  private knowsTide(user: string, room: string): boolean {
    const stay = this.stays.get(`${user} ${room}`);
    if (!stay || stay.isResyncedSince) return true;
    const level = this.level(room);
    return level === stay.owedLevel || this.rises.get(`${user} ${room}`) === level;
  }

  story(): string {
    return [...this.lines, ...this.wrong].join("\n");
  }
}

function lastOf({ told }: Stay): number | undefined {
  for (let at = told.length - 1; at >= 0; at--) {
    const one = told[at];
    if (one?.kind === "event") return one.n;
  }
  return undefined;
}
