import type { Booking } from "./game-api.js";
import type { GameClient } from "./game-client.js";
import { createLog, type Log } from "./log.js";

/** The bookings that events told of, the oldest first. */
export function createBookingLog(client: GameClient): Log<readonly Booking[]> {
  const log = createLog<readonly Booking[]>([]);
  const add = (at: string, balance: number) => log.set([...log.getSnapshot(), { at, balance }].slice(-100));
  client.on("sp:update", ({ timestamp, current_sp }) => add(timestamp, current_sp));
  client.on("sp:daily_recovery", ({ timestamp, balance_after }) => add(timestamp, balance_after));
  return log;
}
