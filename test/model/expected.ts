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

  isIn(user: string, room: string): boolean {
    return this.stays.has(`${user} ${room}`);
  }

  joining(user: string, room: string): void {
    if (this.isIn(user, room)) return;
    this.stays.set(`${user} ${room}`, { since: this.head(room), owed: undefined, leaving: false, told: [] });
  }

  joined(user: string, room: string): void {
    const stay = this.stays.get(`${user} ${room}`);
    if (stay && stay.owed === undefined) stay.owed = this.head(room);
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
    this.stays.get(`${user} ${room}`)?.told.push({ kind: "resync", reason });
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
    return stay.told.at(-1)?.kind === "resync" || (lastOf(stay) ?? stay.owed) >= this.head(room);
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
