import type { SpDailyRecoveryPayload, SpInsufficientPayload, SpUpdatePayload } from "../types.gen.js";

/** An event that says what the balance is now; `type` tells which. */
export type SPBalanceEvent = SpUpdatePayload | SpDailyRecoveryPayload | SpInsufficientPayload;

/** A short word to the player, in Japanese. */
export interface SPToast {
  readonly title: string;
  readonly description: string;
  readonly variant: "default" | "destructive";
}

/** What to tell the player of an event. */
export function toastOf(event: SPBalanceEvent): SPToast {
  const isRefusal = "action" in event;
  const isSpent = "amount_changed" in event && event.amount_changed < 0;
  return {
    title: `SP${isRefusal ? "が不足しています" : `を${isSpent ? "消費" : "獲得"}しました`}`,
    description: "description" in event ? event.description : event.message,
    variant: isRefusal ? "destructive" : "default",
  };
}
