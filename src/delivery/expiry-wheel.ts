/** A deadline's place in its wheel, given back by `add`; keep it to move or remove the deadline. */
export class Deadline<TValue> {
  previous: Deadline<TValue> | undefined;
  next: Deadline<TValue> | undefined;
  /** The slot it stands in, -1 when it stands in none. */
  slot = -1;

  constructor(
    readonly value: TValue,
    /** Monotonic ms. */
    public at: number,
  ) {}
}

/**
 * Keeps any number of deadlines behind one timer of its owner: add, move and remove cost the same however many there are.
 *
 * `now` is monotonic ms, so steps of the wall clock do not move a deadline, and no delay is too long for it. Call
 * `advance` every `tickMs`, or whenever: a deadline is never reported early, and late only by as much as the call is.
 */
export class ExpiryWheel<TValue> {
  /** How many deadlines are set; without any, no timer need run. */
  size = 0;
  private readonly slots: (Deadline<TValue> | undefined)[];
  private tick: number;

  constructor(
    now: number,
    readonly tickMs = 250,
    slotCount = 512,
  ) {
    this.slots = new Array<Deadline<TValue> | undefined>(slotCount).fill(undefined);
    this.tick = Math.floor(now / tickMs);
  }

  /** Sets a deadline at `at`; one in the past is reported by the next `advance`. */
  add(value: TValue, at: number): Deadline<TValue> {
    const deadline = new Deadline(value, at);
    this.insert(deadline);
    return deadline;
  }

  /** Moves a deadline, also one that was reported or removed. */
  move(deadline: Deadline<TValue>, at: number): void {
    this.remove(deadline);
    deadline.at = at;
    this.insert(deadline);
  }

  /** Takes a deadline back; nothing happens when it was reported or removed already. */
  remove(deadline: Deadline<TValue>): void {
    const { previous, next, slot } = deadline;
    if (slot < 0) return;
    if (previous) previous.next = next;
    else this.slots[slot] = next;
    if (next) next.previous = previous;
    deadline.previous = deadline.next = undefined;
    deadline.slot = -1;
    this.size--;
  }

  /** Takes out and gives the values whose deadline is at or before `now`, in no order that counts. */
  advance(now: number): TValue[] {
    const due: TValue[] = [];
    const last = Math.floor(now / this.tickMs);
    const count = this.slots.length;
    // A turn of the wheel visits everything, however long the process slept.
    for (let tick = Math.max(this.tick, last - count + 1); tick <= last; tick++) {
      let deadline = this.slots[tick % count];
      while (deadline) {
        const { next } = deadline;
        if (deadline.at <= now) {
          this.remove(deadline);
          due.push(deadline.value);
        }
        deadline = next;
      }
    }
    if (last > this.tick) this.tick = last;
    return due;
  }

  private insert(deadline: Deadline<TValue>): void {
    const count = this.slots.length;
    const tick = Math.max(this.tick, Math.floor(deadline.at / this.tickMs));
    // An infinite deadline has no tick; anywhere will do, since it is never due.
    const slot = Number.isFinite(tick) ? tick % count : 0;
    const next = this.slots[slot];
    deadline.slot = slot;
    deadline.next = next;
    if (next) next.previous = deadline;
    this.slots[slot] = deadline;
    this.size++;
  }
}
