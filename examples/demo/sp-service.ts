import type { InputOf } from "@gestaloka/events";
import type { SPEventEmitter } from "@gestaloka/events/server";

type TransactionType = InputOf<"sp_update">["transaction_type"];

/** Thrown when a player has less SP than an action costs; the player was told by an event. */
export class InsufficientSPError extends Error {
  override readonly name = "InsufficientSPError";
}

/** What a day brings, in SP. */
const DAILY_RECOVERY = 10;
const LOGIN_BONUS = 5;

/**
 * Story points of the players, kept in memory: the balance changes first, then the player is told. A failed emit is
 * logged and counted by the library and never undoes what was booked.
 */
export class SPService {
  readonly #emitter: SPEventEmitter;
  readonly #balances = new Map<string, number>();
  readonly #loginDays = new Map<string, number>();

  constructor(emitter: SPEventEmitter) {
    this.#emitter = emitter;
  }

  balanceOf(userId: string): number {
    return this.#balances.get(userId) ?? 0;
  }

  async add(userId: string, amount: number, type: TransactionType, description: string): Promise<void> {
    await this.#book(userId, amount, type, description);
  }

  /** @throws {InsufficientSPError} when the balance is below `amount` SP. */
  async consume(userId: string, amount: number, type: TransactionType, description: string): Promise<void> {
    const balance = this.balanceOf(userId);
    if (balance < amount) {
      await this.#emitter.emitSpInsufficient(userId, {
        required_amount: amount,
        current_sp: balance,
        action: description,
      });
      throw new InsufficientSPError(description);
    }
    await this.#book(userId, -amount, type, description);
  }

  async recoverDaily(userId: string): Promise<void> {
    const days = (this.#loginDays.get(userId) ?? 0) + 1;
    this.#loginDays.set(userId, days);
    const balance = this.balanceOf(userId) + DAILY_RECOVERY + LOGIN_BONUS;
    this.#balances.set(userId, balance);
    await this.#emitter.emitSpDailyRecovery(userId, {
      success: true,
      recovered_amount: DAILY_RECOVERY,
      subscription_bonus: 0,
      login_bonus: LOGIN_BONUS,
      consecutive_days: days,
      balance_after: balance,
    });
  }

  async #book(userId: string, change: number, type: TransactionType, description: string): Promise<void> {
    const balance = this.balanceOf(userId) + change;
    this.#balances.set(userId, balance);
    await this.#emitter.emitSpUpdate(userId, {
      current_sp: balance,
      amount_changed: change,
      transaction_type: type,
      description,
    });
  }
}
