import { performance } from "node:perf_hooks";
import { ExpiryWheel } from "../delivery/expiry-wheel.js";
import type { Connection } from "./connection.js";

/** What is done as a credential nears its end. */
export interface LifetimeHooks {
  warn(connection: Connection, expiresAt: number): void;
  /** It ended, and so did the grace. */
  expire(connection: Connection): void;
}

export interface LifetimeOptions {
  /** How long ahead of the end the first warning goes out, ms. */
  readonly warningMs: number;
  /** How long a connection outlives its credential, ms. */
  readonly graceMs: number;
  /** Monotonic ms. */
  readonly now?: () => number;
}

/**
 * Warns of credentials that end, more often as the end comes closer, and ends connections that outlived theirs.
 *
 * One timer serves all of them, and none runs while no credential ends. What a credential says in wall-clock time is
 * turned into monotonic time once, so that neither a step of the clock nor a lifetime of years moves it.
 */
export class Lifetimes {
  private readonly wheel: ExpiryWheel<Connection>;
  private readonly now: () => number;
  private readonly graceMs: number;
  private readonly warningMs: number;
  private readonly leastMs: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly hooks: LifetimeHooks,
    { warningMs, graceMs, now = () => performance.now() }: LifetimeOptions,
  ) {
    this.now = now;
    this.warningMs = warningMs;
    this.graceMs = graceMs;
    this.leastMs = Math.max(100, Math.min(5_000, graceMs / 4));
    this.wheel = new ExpiryWheel(now(), Math.max(10, Math.min(250, graceMs / 4)));
  }

  /** Takes note of a connection's credential, the first or another one; one without an end is not looked after. */
  set(connection: Connection, expiresAt: number | undefined): void {
    if (expiresAt === undefined || expiresAt === Number.POSITIVE_INFINITY) {
      this.forget(connection);
      return;
    }
    const now = this.now();
    const left = expiresAt - Date.now();
    const endsAt = now + left;
    const { lifetime } = connection;
    // A client with the same credential as before is asked again, but not at once.
    const at = lifetime ? this.next(endsAt, now) : now + Math.max(left - this.warningMs, left / 2);
    if (lifetime) {
      lifetime.expiresAt = expiresAt;
      lifetime.endsAt = endsAt;
      this.wheel.move(lifetime.deadline, at);
    } else connection.lifetime = { expiresAt, endsAt, deadline: this.wheel.add(connection, at) };
    this.timer ??= setInterval(() => this.advance(), this.wheel.tickMs).unref();
  }

  forget(connection: Connection): void {
    if (!connection.lifetime) return;
    this.wheel.remove(connection.lifetime.deadline);
    connection.lifetime = undefined;
  }

  /** Whether a connection's credential has ended, with no grace. */
  isOver({ lifetime }: Connection): boolean {
    return lifetime !== undefined && lifetime.endsAt <= this.now();
  }

  /** Does what is due. */
  advance(): void {
    const now = this.now();
    for (const connection of this.wheel.advance(now)) {
      const { lifetime } = connection;
      if (!lifetime) continue;
      if (now >= lifetime.endsAt + this.graceMs) this.hooks.expire(connection);
      else {
        this.wheel.move(lifetime.deadline, this.next(lifetime.endsAt, now));
        this.hooks.warn(connection, lifetime.expiresAt);
      }
    }
    if (this.wheel.size === 0) this.close();
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private next(endsAt: number, now: number): number {
    const left = endsAt - now;
    if (left > this.warningMs) return Math.max(endsAt - this.warningMs, now + this.leastMs);
    return Math.min(endsAt + this.graceMs, now + Math.max(left / 2, this.leastMs));
  }
}
