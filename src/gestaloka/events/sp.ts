import * as z from "zod/v4";
import { derive } from "../../contract/derive.js";
import { defineEvent } from "../../contract/event.js";
import {
  messageTextSchema,
  openObjectSchema,
  purchaseStatusSchema,
  timestampSchema,
  transactionTypeSchema,
} from "./fields.js";

export const spUpdateSchema = z.object({
  type: z.literal("sp_update"),
  current_sp: z.int().min(0).describe("The balance now, in SP"),
  amount_changed: z.int().describe("SP gained; negative for SP spent"),
  transaction_type: transactionTypeSchema,
  description: z.string().describe("The reason, as the player reads it"),
  balance_before: z.int().min(0).describe("The balance before the change, in SP"),
  balance_after: z.int().min(0).describe("The balance after the change, in SP; the same as current_sp"),
  metadata: openObjectSchema.nullish().describe("Further facts of the transaction"),
  timestamp: timestampSchema,
});

export const spUpdate = defineEvent({
  name: "sp_update",
  appName: "sp:update",
  audience: "user",
  payload: spUpdateSchema,
  derive: {
    type: derive.eventName(),
    balance_before: derive.difference("current_sp", "amount_changed"),
    balance_after: derive.copy("current_sp"),
    timestamp: derive.now(),
  },
  lane: "critical",
  recover: true,
  emitter: "SPEventEmitter.emitSpUpdate",
  logFields: ["current_sp", "transaction_type", "amount_changed"],
  summary: "A user's SP balance changed.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        current_sp: 120,
        amount_changed: -30,
        transaction_type: "free_action",
        description: "自由行動",
        metadata: { original_amount: 30 },
      },
      {
        type: "sp_update",
        current_sp: 170,
        amount_changed: 50,
        transaction_type: "achievement",
        description: "実績達成",
        balance_before: 120,
        balance_after: 170,
        timestamp: "2026-11-24T05:30:20.610467",
      },
    ],
    invalid: [
      {
        path: "balance_before",
        payload: {
          current_sp: 120,
          amount_changed: -30,
          transaction_type: "free_action",
          description: "自由行動",
          balance_before: 120,
        },
      },
      {
        path: "current_sp",
        payload: { current_sp: -10, amount_changed: -30, transaction_type: "free_action", description: "自由行動" },
      },
      {
        path: "transaction_type",
        payload: { current_sp: 120, amount_changed: -30, transaction_type: "freeAction", description: "自由行動" },
      },
    ],
  },
});

export const spInsufficientSchema = z.object({
  type: z.literal("sp_insufficient"),
  required_amount: z.int().min(0).describe("What the action costs, in SP"),
  current_sp: z.int().min(0).describe("The balance, in SP"),
  action: z.string().describe("What could not be done"),
  message: messageTextSchema,
  timestamp: timestampSchema,
});

export const spInsufficient = defineEvent({
  name: "sp_insufficient",
  appName: "sp:insufficient",
  audience: "user",
  payload: spInsufficientSchema,
  derive: {
    type: derive.eventName(),
    message: derive.template("SP残高が不足しています。必要: {required_amount}, 現在: {current_sp}"),
    timestamp: derive.now(),
  },
  lane: "critical",
  recover: true,
  emitter: "SPEventEmitter.emitSpInsufficient",
  summary: "A user has too few SP for what they asked.",
  since: "1.0.0",
  examples: {
    valid: [{ required_amount: 500, current_sp: 120, action: "高額アクション" }],
    invalid: [
      { path: "required_amount", payload: { required_amount: "500", current_sp: 120, action: "高額アクション" } },
    ],
  },
});

export const spDailyRecoverySchema = z.object({
  type: z.literal("sp_daily_recovery"),
  success: z.boolean().describe("Whether the recovery was booked"),
  recovered_amount: z.int().min(0).describe("The daily recovery itself, in SP"),
  subscription_bonus: z.int().min(0).describe("The bonus of a subscription, in SP"),
  login_bonus: z.int().min(0).describe("The bonus for logging in on consecutive days, in SP"),
  consecutive_days: z.int().min(0).describe("Days in a row on which the user logged in"),
  total_amount: z.int().min(0).describe("The sum of recovery and bonuses, in SP"),
  balance_after: z.int().min(0).describe("The balance after it, in SP"),
  message: messageTextSchema,
  timestamp: timestampSchema,
});

export const spDailyRecovery = defineEvent({
  name: "sp_daily_recovery",
  appName: "sp:daily_recovery",
  audience: "user",
  payload: spDailyRecoverySchema,
  derive: {
    type: derive.eventName(),
    total_amount: derive.sum("recovered_amount", "subscription_bonus", "login_bonus"),
    message: derive.template("SP +{total_amount} を獲得しました！"),
    timestamp: derive.now(),
  },
  lane: "critical",
  recover: true,
  emitter: "SPEventEmitter.emitSpDailyRecovery",
  summary: "A user received the SP of the day.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        success: true,
        recovered_amount: 10,
        subscription_bonus: 20,
        login_bonus: 5,
        consecutive_days: 7,
        balance_after: 205,
      },
    ],
    invalid: [
      {
        path: "total_amount",
        payload: {
          success: true,
          recovered_amount: 10,
          subscription_bonus: 20,
          login_bonus: 5,
          consecutive_days: 7,
          total_amount: 30,
          balance_after: 205,
        },
      },
    ],
  },
});

export const purchaseCompletedSchema = z.object({
  type: z.literal("purchase_completed"),
  purchase_id: z.string().describe("The purchase"),
  status: purchaseStatusSchema,
  sp_amount: z.int().min(0).describe("What was bought, in SP"),
  timestamp: timestampSchema,
});

export const purchaseCompleted = defineEvent({
  name: "purchase_completed",
  appName: "sp:purchase_completed",
  audience: "user",
  payload: purchaseCompletedSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "SPEventEmitter.emitPurchaseCompleted",
  logFields: ["purchase_id"],
  summary: "A purchase of SP went through.",
  since: "1.0.0",
  examples: {
    valid: [{ purchase_id: "p-1", status: "completed", sp_amount: 100 }],
    invalid: [{ path: "sp_amount", payload: { purchase_id: "p-1", status: "completed", sp_amount: 99.5 } }],
  },
});

export const purchaseFailedSchema = z.object({
  type: z.literal("purchase_failed"),
  purchase_id: z.string().describe("The purchase"),
  status: purchaseStatusSchema,
  sp_amount: z.int().min(0).describe("What was to be bought, in SP"),
  error: z.string().nullish().describe("The payment provider's code for what went wrong"),
  timestamp: timestampSchema,
});

export const purchaseFailed = defineEvent({
  name: "purchase_failed",
  appName: "sp:purchase_failed",
  audience: "user",
  payload: purchaseFailedSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "SPEventEmitter.emitPurchaseFailed",
  logFields: ["purchase_id"],
  summary: "A purchase of SP did not go through.",
  since: "1.0.0",
  examples: {
    valid: [{ purchase_id: "p-2", status: "failed", sp_amount: 100, error: "card_declined" }],
    invalid: [{ path: "error", payload: { purchase_id: "p-2", status: "failed", sp_amount: 100, error: null } }],
  },
});

export const spEvents = [spUpdate, spInsufficient, spDailyRecovery, purchaseCompleted, purchaseFailed] as const;
