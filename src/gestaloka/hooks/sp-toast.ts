import type { SpDailyRecoveryPayload, SpInsufficientPayload, SpUpdatePayload } from "../types.gen.js";

/** An event that says what the balance is now; `type` tells which. */
export type SPBalanceEvent = SpUpdatePayload | SpDailyRecoveryPayload | SpInsufficientPayload;

/** A short word to the player, in Japanese. */
export interface SPToast {
  /** What happened to the points. */
  readonly title: string;
  /** The event's own reason. */
  readonly description: string;
  /** `destructive` for points that were not enough. */
  readonly variant: "default" | "destructive";
}

interface Told {
  readonly action?: string;
  readonly amount_changed?: number;
  readonly description?: string;
  readonly message?: string;
}

/** What to tell the player of an event. */
export function toastOf(event: SPBalanceEvent): SPToast {
  const { action, amount_changed = 0, message, description = message as string }: Told = event;
  return {
    title: `SP${action ? "不足" : `を${amount_changed < 0 ? "消費" : "獲得"}しました`}`,
    description,
    variant: action ? "destructive" : "default",
  };
}
