import type { DeliveryReport } from "../../client/delivery-report.js";

/** How far the server's clock is ahead of this one, ms, from the round trip that took the least time so far. */
export class ServerClock {
  #best = Infinity;
  offsetMs: number | undefined;

  /** Takes in that a frame came back after `roundTripMs`, at Unix ms `now`, and when the server wrote it, by its clock. */
  add(roundTripMs: number, serverAt: unknown, now = Date.now()): void {
    if (typeof serverAt !== "number" || roundTripMs > this.#best) return;
    this.#best = roundTripMs;
    // It was written half way, as far as anybody knows.
    this.offsetMs = serverAt - (now - roundTripMs / 2);
  }

  /** How long ago something happened on the server, ms. */
  since(at: number, now = Date.now()): number {
    return Math.max(0, now + (this.offsetMs ?? 0) - at);
  }
}

/** Reads the clock out of the answers that a client gets as it compares its rooms' heads. */
export function clockReport(clock: ServerClock): DeliveryReport {
  return {
    received() {},
    handled() {},
    resynced() {},
    answered: (roundTripMs, answer) => clock.add(roundTripMs, (answer as { at?: unknown } | null | undefined)?.at),
    take: () => ({}),
  };
}
