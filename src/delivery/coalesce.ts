import type { Emission } from "./stored-event.js";

/**
 * An event that waits before it is appended. `TTicket` is whatever its emitter is told the outcome by.
 *
 * It coalesces with a waiting event of the same name: with `merge`, the named field is merged, shallow; else, where the
 * emission has a key, the later one replaces that of the same key.
 */
export interface WaitingEvent<TTicket> {
  /** What is to be appended, whatever it began as. */
  emission: Emission;
  /** Whether it gets a number when it is appended. */
  readonly recover: boolean;
  readonly merge: string | undefined;
  /** The tickets of all the events that became this one, in their order: the first waited, the others went into it. */
  readonly tickets: TTicket[];
}

// Payloads of a merge are put together when the wait ends, or when so many wait, and so much text of them, that keeping
// them costs more than that.
const foldAt = 64;

/** The payloads that are to be merged: the first is what was put together before. */
interface Unmerged {
  payloads: string[];
  /** Characters of those after the first. */
  added: number;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Merges JSON payloads of one event, oldest first: the last one, with `field` holding the keys of all, the later ones
 * winning. A later payload without the field leaves it as it was; one whose field is no object replaces it.
 */
export function mergePayloads(payloads: readonly string[], field: string): string {
  let merged: unknown;
  let whole: { [key: string]: unknown } = {};
  for (const payload of payloads) {
    whole = JSON.parse(payload) as { [key: string]: unknown };
    if (!Object.hasOwn(whole, field)) continue;
    const value = whole[field];
    if (!isObject(value)) merged = value;
    // Key by key: with every payload, all that was merged before it would be copied again.
    else if (merged instanceof Map) for (const [key, held] of Object.entries(value)) merged.set(key, held);
    else merged = new Map(Object.entries(value));
  }
  if (merged !== undefined) whole[field] = merged instanceof Map ? Object.fromEntries(merged) : merged;
  return JSON.stringify(whole);
}

/**
 * The events of one room that wait for their like, in the order of their first emits.
 *
 * All of them leave together, when the oldest has waited `waitMs` or `maxCount` are waiting.
 */
export class WaitingEvents<TTicket> {
  /** When the oldest will have waited long enough; Infinity while nothing waits, -Infinity once it is full. */
  dueAt = Infinity;
  private events: WaitingEvent<TTicket>[] = [];
  private readonly byKey = new Map<string, WaitingEvent<TTicket>>();
  private readonly unmerged = new Map<WaitingEvent<TTicket>, Unmerged>();

  constructor(
    private readonly waitMs: number,
    private readonly maxCount: number,
  ) {}

  get size(): number {
    return this.events.length;
  }

  /** Lets an event wait; true when it went into one that waits already, whose place and deadline stay as they were. */
  add(event: WaitingEvent<TTicket>, now: number): boolean {
    const { emission, merge } = event;
    const key = merge === undefined ? emission.key : "";
    if (key !== undefined) {
      const identity = `${emission.name} ${key}`;
      const like = this.byKey.get(identity);
      if (like) {
        like.tickets.push(...event.tickets);
        if (merge === undefined) like.emission = emission;
        else this.keep(like, emission.payload, merge);
        return true;
      }
      this.byKey.set(identity, event);
    }
    const count = this.events.push(event);
    if (count === 1) this.dueAt = now + this.waitMs;
    if (count >= this.maxCount) this.dueAt = Number.NEGATIVE_INFINITY;
    return false;
  }

  /** Takes out everything that waits, in the order of the first emits. */
  take(): WaitingEvent<TTicket>[] {
    const taken = this.events;
    if (taken.length === 0) return taken;
    for (const [event, { payloads }] of this.unmerged) {
      event.emission = { ...event.emission, payload: mergePayloads(payloads, event.merge as string) };
    }
    this.events = [];
    this.byKey.clear();
    this.unmerged.clear();
    this.dueAt = Infinity;
    return taken;
  }

  private keep(event: WaitingEvent<TTicket>, payload: string, field: string): void {
    const unmerged = this.unmerged.get(event) ?? { payloads: [event.emission.payload], added: 0 };
    this.unmerged.set(event, unmerged);
    const count = unmerged.payloads.push(payload);
    unmerged.added += payload.length;
    if (count < foldAt || unmerged.added < (unmerged.payloads[0] as string).length) return;
    unmerged.payloads = [mergePayloads(unmerged.payloads, field)];
    unmerged.added = 0;
  }
}
