import { ContractError } from "../contract/errors.js";
import type { Optional } from "../contract/optional.js";
import type { AnswerLimits } from "../delivery/answers.js";
import { withDefaults } from "../server/with-defaults.js";
import type { RedisClient } from "./clients.js";
import type { AwayPolicy } from "./local-emits.js";
import type { RedisLogLimits } from "./room-store.js";

/** What a Redis backend is made of. */
export interface RedisBackendOptions {
  /** A client of the package `redis` or `ioredis`, for one server or a cluster: connections of its kind are made from it. */
  readonly client: RedisClient;
  /** What all keys and channels begin with; "gestaloka". */
  readonly prefix?: string | undefined;
  /** The last 1,000 events of a room for an hour after the last of them, heads for 24 hours. */
  readonly log?: Optional<RedisLogLimits> | undefined;
  /** How long answers to commands are kept, 5 minutes, and how many at most in this process. */
  readonly answers?: Optional<AnswerLimits> | undefined;
  /** How long Redis may be silent before what waits for it is given up, ms; 2,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * What becomes of emits and commands while Redis is away: "reject", where nothing is said, or "local-only": emits go to
   * the members on this server, without a number, and commands are told apart here alone. Nobody enters a room in either.
   */
  readonly whileAway?: AwayPolicy | undefined;
  /** How often every room with members here is compared with its log, for a last event that was lost, ms; 30,000. */
  readonly compareMs?: number | undefined;
  /** How long users of a server that died count as present, ms; 30,000. */
  readonly presenceLeaseMs?: number | undefined;
}

const defaults = {
  prefix: "gestaloka",
  timeoutMs: 2_000,
  compareMs: 30_000,
  presenceLeaseMs: 30_000,
  whileAway: "reject" as AwayPolicy,
};

/** The options with whatever was left out. */
export type RedisSettings = RedisBackendOptions & Readonly<typeof defaults>;

export function toSettings(options: RedisBackendOptions): RedisSettings {
  const settings = withDefaults(defaults, options, "backend_invalid", "redisBackend");
  // A word that is none of them would be taken for "reject".
  if (settings.whileAway !== "reject" && settings.whileAway !== "local-only")
    throw new ContractError("backend_invalid", 'redisBackend.whileAway: write "reject" or "local-only"');
  return settings;
}
