import type { Optional } from "../contract/optional.js";
import { toTimerMs } from "./timer-ms.js";

/** What one user or one connection may ask for. Counts are kept on each server for itself. */
export type ServerLimits = Optional<EveryLimit>;

/** The same, with nothing left out. */
export interface EveryLimit {
  /** Connections of one user at a time; 32. */
  readonly connectionsPerUser: number;
  /** Commands of one user, a second, in the long run; 20. */
  readonly commandsPerSecond: number;
  /** Commands of one user at a stretch; 300, which is more than a client keeps while it is offline. */
  readonly commandBurst: number;
  /** Frames of one connection that are not of the contract, a minute, before it is closed; 30. */
  readonly invalidFrames: number;
  /** Levels of a command's payload, or of a credential; 48. */
  readonly payloadDepth: number;
  /** Keys, items and attachments' bytes of a command's payload, or of a credential, at all levels together; 4,096. */
  readonly payloadKeys: number;
}

/** The limits where the application says nothing. */
export const serverLimits: EveryLimit = {
  connectionsPerUser: 32,
  commandsPerSecond: 20,
  commandBurst: 300,
  invalidFrames: 30,
  payloadDepth: 48,
  payloadKeys: 4_096,
};

/** The times where it says nothing, ms. */
export const serverTimes = {
  commandTimeoutMs: 60_000,
  presenceGraceMs: 30_000,
  expiryWarningMs: 60_000,
  expiryGraceMs: 25_000,
  drainMs: 10_000,
};

/** A backend that says for so long neither that it is well nor that a server may go is not waited for, ms. */
export const backendMs = 5_000;

/** The times of a server, ms: as its application says them, else the usual ones. */
export function toServerTimes(given: Optional<typeof serverTimes>): typeof serverTimes {
  const times = Object.entries(serverTimes).map(([name, usualMs]) => {
    return [name, toTimerMs(given[name as keyof typeof serverTimes], usualMs)];
  });
  return Object.fromEntries(times) as typeof serverTimes;
}
