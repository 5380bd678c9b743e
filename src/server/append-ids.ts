const keepMs = 60_000;

/** The numbers that named emits were given, so that one that is repeated within 60 s is written once. Monotonic ms. */
export class AppendIds {
  private readonly known = new Map<string, { readonly seq: number; readonly until: number }>();

  find(room: string, appendId: string, now: number): number | undefined {
    const found = this.known.get(`${room}\n${appendId}`);
    return found && found.until > now ? found.seq : undefined;
  }

  add(room: string, appendId: string, seq: number, now: number): void {
    const key = `${room}\n${appendId}`;
    // Last in the map, so that those that end first stand first.
    this.known.delete(key);
    this.known.set(key, { seq, until: now + keepMs });
  }

  sweep(now: number): void {
    for (const [key, { until }] of this.known) {
      if (until > now) break;
      this.known.delete(key);
    }
  }
}
