import { performance } from "node:perf_hooks";
import type { Connection } from "./connection.js";
import type { Expulsion } from "./expulsion.js";
import type { EveryLimit } from "./limits.js";
import { TokenBuckets } from "./token-buckets.js";

// A client that enters its rooms and fetches what it missed sends many of them at once.
const framesPerCommand = 4;
// A command too many weighs less than a frame that is no command: who is told to wait has some on their way. An entry too many
// weighs less again: a client in hundreds of rooms, in each of some tabs, asks for all of them in one moment.
const floodWeight = 0.1;
const minuteMs = 60_000;
// Who asked for too much is to stay away for so long.
const waitMs = 5_000;

/** Why a connection is closed. */
export type Violation = "rate_limited" | "invalid_frames";

/** Keeps a user from asking for too much, and closes the connection of one who goes on, or who sends what is no frame. */
export class Guard {
  private readonly commands: TokenBuckets;
  private readonly frames: TokenBuckets;
  private readonly mostStrikes: number;

  constructor(
    { commandsPerSecond, commandBurst, invalidFrames }: EveryLimit,
    private readonly expulsion: Expulsion,
  ) {
    this.commands = new TokenBuckets(commandsPerSecond, commandBurst);
    this.frames = new TokenBuckets(commandsPerSecond * framesPerCommand, commandBurst * framesPerCommand);
    this.mostStrikes = invalidFrames;
  }

  /** Counts a command: 0 where it may be looked at, else how long to wait, ms. One that is sent again counts as a frame. */
  command(connection: Connection, id: string | undefined): number {
    if (id !== undefined && this.commands.isPaid(connection.userId, id)) return this.frame(connection);
    return this.take(this.commands, connection, floodWeight, id);
  }

  /** Counts a frame of the library: 0 where it may be looked at, else how long to wait, ms. */
  frame(connection: Connection): number {
    const wait = this.take(this.frames, connection, floodWeight / framesPerCommand);
    return wait > 0 ? this.frames.place(connection.userId, performance.now(), wait) : 0;
  }

  private take(buckets: TokenBuckets, connection: Connection, weight: number, id?: string): number {
    const now = performance.now();
    const wait = buckets.take(connection.userId, now, id);
    if (wait > 0) this.strike(connection, weight, now, "rate_limited");
    return wait;
  }

  /** Counts what a connection sent and the contract does not know. */
  invalid(connection: Connection): void {
    this.strike(connection, 1, performance.now(), "invalid_frames");
  }

  private strike(connection: Connection, weight: number, now: number, code: Violation): void {
    connection.forgivenAt = Math.max(now, connection.forgivenAt) + (weight * minuteMs) / this.mostStrikes;
    if (connection.forgivenAt - now > minuteMs) this.expulsion.expel(connection, code, waitMs);
  }
}
