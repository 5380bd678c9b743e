import type { Cursor } from "../delivery/recovery.js";
import { createAlarm } from "./alarm.js";
import type { Channel } from "./channel.js";
import type { Clock } from "./clock.js";
import type { DeliveryReport } from "./delivery-report.js";
import type { Attempt } from "./handing-on.js";

/** Whoever measures needs a round trip soon, ms. */
const firstMs = 1_000;

/** Within so many ms a server is asked where a room stands whose events are of an epoch that nobody here knows. */
const soonMs = 200;

/** Where one stands in a room. */
export interface RoomPlace extends Cursor {
  readonly room: string;
}

export interface HeadsOptions {
  readonly clock: Clock;
  readonly attempt: Attempt;
  readonly report: DeliveryReport | undefined;
  readonly headsIntervalMs?: number | undefined;
}

/** The comparisons of one connection. */
export interface HeadComparison {
  /** Asks before its time. */
  soon(): void;
  stop(): void;
}

/**
 * Asks now and then how far the rooms' logs are: the last event of a room that then falls silent may be lost, and no
 * further one comes to show the gap.
 */
export function compareHeads(
  channel: Channel,
  cursors: () => readonly RoomPlace[],
  compared: (heads: unknown) => void,
  { headsIntervalMs, attempt, report, clock }: HeadsOptions,
): HeadComparison {
  const usualMs = headsIntervalMs || 30_000;
  const alarm = createAlarm(clock, () => {
    within(usualMs);
    // They are a sample, for metrics: those of hundreds of rooms are more than a server takes in a frame.
    const places = cursors().slice(0, 64);
    if (!places.length && !report) return;
    const asked = clock();
    channel.request("$heads", [{ cursors: places, stats: attempt(() => report?.take()) ?? {} }], ({ lost, body }) => {
      if (lost) return;
      attempt(() => report?.answered(clock() - asked, body));
      compared(body.heads);
    });
  });
  // Clients that connected together do not ask together.
  const within = (ms: number) => alarm.within(ms * (0.5 + Math.random()));
  within(usualMs);
  if (report) within(firstMs);
  return { soon: () => within(soonMs), stop: alarm.stop };
}
