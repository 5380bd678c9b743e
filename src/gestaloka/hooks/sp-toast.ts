import type { SpDailyRecoveryPayload, SpInsufficientPayload, SpUpdatePayload } from "../types.gen.js";

/** An event that says what the balance is now; `type` tells which. */
export type SPBalanceEvent = SpUpdatePayload | SpDailyRecoveryPayload | SpInsufficientPayload;

/** A short word to the player, in Japanese. */
export interface SPToast {
  readonly title: string;
  readonly description: string;
  readonly variant: "default" | "success" | "destructive";
}

/** What to tell the player of an event; nothing of a change by 0 SP. */
export function toastOf(event: SPBalanceEvent): SPToast | undefined {
  switch (event.type) {
    case "sp_insufficient":
      return { title: "SPが不足しています", description: event.message, variant: "destructive" };
    case "sp_daily_recovery":
      return event.success
        ? { title: "SPが回復しました", description: event.message, variant: "success" }
        : { title: "SPを回復できませんでした", description: event.message, variant: "destructive" };
    case "sp_update": {
      const { amount_changed: amount, description } = event;
      if (amount === 0) return undefined;
      return amount > 0
        ? { title: "SPを獲得しました", description: `${description} (+${amount} SP)`, variant: "success" }
        : { title: "SPを消費しました", description: `${description} (${amount} SP)`, variant: "default" };
    }
  }
}
