import { randomUUID } from "node:crypto";
import type { SPEventEmitter } from "@gestaloka/events/server";
import type { Booking, Entry, TransactionType, World } from "./world.js";

/** What a day brings, in SP. */
const dailyRecovery = 10;
const loginBonus = 5;

/** The players' story points: booked first, told of after that. */
export class StoryPoints {
  constructor(
    private readonly world: World,
    private readonly emitter: SPEventEmitter,
  ) {}

  /** A booking that is not committed yet; `undefined` where the balance does not cover it. */
  prepare(userId: string, change: number, type: TransactionType, description: string): Booking | undefined {
    const balance = this.world.balanceOf(userId) + change;
    if (balance < 0) return undefined;
    return { id: randomUUID(), userId, at: new Date().toISOString(), change, balance, type, description };
  }

  async tell({ userId, change, balance, type, description, at, id }: Booking): Promise<void> {
    await this.emitter.emitSpUpdate(userId, {
      current_sp: balance,
      amount_changed: change,
      transaction_type: type,
      description,
      timestamp: at,
      metadata: { booking_id: id },
    });
  }

  async tellInsufficient(userId: string, amount: number, action: string): Promise<void> {
    await this.emitter.emitSpInsufficient(userId, {
      required_amount: amount,
      current_sp: this.world.balanceOf(userId),
      action,
    });
  }

  /** Whether it was covered. */
  async consume(userId: string, amount: number): Promise<boolean> {
    const booking = this.prepare(userId, -amount, "exploration", "探索");
    if (!booking) {
      await this.tellInsufficient(userId, amount, "exploration");
      return false;
    }
    this.world.commit({ kind: "booking", booking });
    await this.tell(booking);
    return true;
  }

  async recoverDaily(userId: string): Promise<void> {
    const booking = this.prepare(userId, dailyRecovery + loginBonus, "daily_recovery", "日次回復") as Booking;
    const days = this.world.daysOf(userId) + 1;
    const entries: Entry[] = [
      { kind: "booking", booking },
      { kind: "day", userId, days },
    ];
    this.world.commit(...entries);
    await this.emitter.emitSpDailyRecovery(userId, {
      success: true,
      recovered_amount: dailyRecovery,
      subscription_bonus: 0,
      login_bonus: loginBonus,
      consecutive_days: days,
      balance_after: booking.balance,
      timestamp: booking.at,
    });
  }
}
