import * as z from "zod/v4";
import { jsonObject, openEnum } from "../../contract/schema.js";
import { textPattern } from "../../contract/text.js";
import { timestampPattern } from "../../contract/timestamp.js";

/** Fields and enums that several events share. A server's texts have no bound, a client's have. */

export const timestampSchema = z
  .string()
  .regex(timestampPattern)
  .describe("When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC");

export const userIdSchema = z.string().describe("The user");

export const gameSessionIdSchema = z.string().describe("The game session");

export const messageTextSchema = z.string().describe("Text for the player");

export const choiceSchema = z.object({
  id: z.string().describe("The choice, as an action names it"),
  text: z.string().describe("What the player reads"),
  description: z.string().nullish().describe("What the choice leads to"),
});

export const commandIdSchema = z.string().regex(textPattern(1, 128));

export const commandTextSchema = z.string().regex(textPattern(1, 2000));

export const transactionTypeSchema = openEnum(
  z
    .enum([
      "daily_recovery",
      "purchase",
      "achievement",
      "event_reward",
      "log_result",
      "login_bonus",
      "refund",
      "free_action",
      "log_dispatch",
      "log_enhancement",
      "memory_inheritance",
      "system_function",
      "movement",
      "exploration",
      "adjustment",
      "migration",
      "admin_grant",
      "admin_deduct",
    ])
    .meta({ id: "TransactionType", description: "Why SP were gained or spent" }),
);

export const purchaseStatusSchema = openEnum(
  z
    .enum(["pending", "processing", "completed", "failed", "cancelled", "refunded"])
    .meta({ id: "PurchaseStatus", description: "How far a purchase of SP has come" }),
);

export const notificationTypeSchema = openEnum(
  z
    .enum(["info", "success", "warning", "error"])
    .meta({ id: "NotificationType", description: "How a notification is to be shown" }),
);

export const messageTypeSchema = openEnum(
  z
    .enum(["player_action", "gm_narrative", "system_event"])
    .meta({ id: "MessageType", description: "What a message of the game's record tells" }),
);

export const senderTypeSchema = openEnum(
  z.enum(["player", "gm", "system"]).meta({ id: "SenderType", description: "Who wrote a message" }),
);

export const npcTypeSchema = openEnum(
  z
    .enum(["LOG_NPC", "PERMANENT_NPC", "TEMPORARY_NPC"])
    .meta({ id: "NpcType", description: "Where an NPC comes from and how long it stays" }),
);

export const choiceDifficultySchema = openEnum(
  z.enum(["easy", "medium", "hard"]).meta({ id: "ChoiceDifficulty", description: "How hard a choice is" }),
);

export const battleStateSchema = openEnum(
  z
    .enum(["none", "starting", "in_progress", "player_turn", "enemy_turn", "ending", "finished"])
    .meta({ id: "BattleState", description: "The phase that a battle is in" }),
);

export const combatantTypeSchema = openEnum(
  z.enum(["player", "npc", "monster", "boss"]).meta({ id: "CombatantType", description: "What fights" }),
);

export const openObjectSchema = jsonObject(z.looseObject({}));
