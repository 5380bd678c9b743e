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
  const isRefusal = event.type === "sp_insufficient";
  const isUpdate = event.type === "sp_update";
  const said = isUpdate && event.amount_changed < 0 ? "を消費しました" : "を獲得しました";
  return {
    title: `SP${isRefusal ? "が不足しています" : said}`,
    description: isUpdate ? event.description : event.message,
    variant: isRefusal ? "destructive" : "default",
  };
}
