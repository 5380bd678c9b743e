import * as z from "zod/v4";
import { derive } from "../../contract/derive.js";
import { defineEvent } from "../../contract/event.js";
import { jsonValue } from "../../contract/schema.js";
import { choiceDifficultySchema, npcTypeSchema, openObjectSchema, timestampSchema } from "./fields.js";

export const npcSchema = z.object({
  npc_id: z.string().describe("The NPC"),
  name: z.string().describe("Its name"),
  title: z.string().nullish().describe("Its title"),
  npc_type: npcTypeSchema,
  personality_traits: z.array(z.string()).describe("Its traits"),
  behavior_patterns: z.array(z.string()).describe("What it tends to do"),
  skills: z.array(z.string()).describe("What it can do"),
  appearance: z.string().nullish().describe("What it looks like"),
  backstory: z.string().nullish().describe("Where it comes from"),
  original_player: z.string().nullish().describe("The user whose log it was made of"),
  log_source: z.string().nullish().describe("The log it was made of"),
  contamination_level: z.number().describe("How far its log is contaminated"),
  persistence_level: z.number().describe("How strongly it persists"),
  current_location: z.string().nullish().describe("Where it is"),
  is_active: z.boolean().describe("Whether it acts"),
});

export const npcChoiceSchema = z.object({
  id: z.string().describe("The choice, as an action names it"),
  text: z.string().describe("What the player reads"),
  difficulty: choiceDifficultySchema.nullish(),
  requirements: openObjectSchema.nullish().describe("What the player needs for it"),
});

export const npcEncounterSchema = z.object({
  type: z.literal("npc_encounter"),
  encounter_type: z
    .string()
    .describe("How it came about; known values: log_npc, log_npc_multiple, dispatch_log_encounter"),
  npc: npcSchema.describe("Who is met"),
  choices: z.array(npcChoiceSchema).nullish().describe("What the player may do"),
  timestamp: timestampSchema,
});

export const npcEncounter = defineEvent({
  name: "npc_encounter",
  appName: "game:npc_encounter",
  audience: "game",
  payload: npcEncounterSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitNpcEncounter",
  logFields: ["encounter_type"],
  summary: "The players of a game meet an NPC.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        encounter_type: "log_npc",
        npc: {
          npc_id: "n1",
          name: "旅の商人",
          npc_type: "LOG_NPC",
          personality_traits: ["陽気"],
          behavior_patterns: [],
          skills: ["交渉"],
          original_player: "user-9",
          contamination_level: 12,
          persistence_level: 3,
          current_location: "市場",
          is_active: true,
        },
        choices: [
          { id: "c1", text: "話す", difficulty: "easy", requirements: { charisma: 3 } },
          { id: "c2", text: "去る" },
        ],
      },
    ],
    invalid: [
      {
        path: "npc.skills[1]",
        payload: {
          encounter_type: "log_npc",
          npc: {
            npc_id: "n1",
            name: "旅の商人",
            npc_type: "LOG_NPC",
            personality_traits: [],
            behavior_patterns: [],
            skills: ["交渉", 3],
            contamination_level: 12,
            persistence_level: 3,
            is_active: true,
          },
        },
      },
    ],
  },
});

export const rewardSchema = z.object({
  type: z.string().describe("What kind of reward it is"),
  amount: z.number().describe("How much of it"),
  item: jsonValue(z.json()).nullish().describe("The item itself, as the game keeps it"),
});

export const npcActionResultSchema = z.object({
  type: z.literal("npc_action_result"),
  npc_id: z.string().describe("The NPC"),
  action: z.string().describe("What was done"),
  result: z.string().describe("What came of it"),
  state_changes: openObjectSchema.nullish().describe("What changed in the game's state"),
  rewards: z.array(rewardSchema).nullish().describe("What the players gained"),
  timestamp: timestampSchema,
});

export const npcActionResult = defineEvent({
  name: "npc_action_result",
  appName: "game:npc_action_result",
  audience: "game",
  payload: npcActionResultSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitNpcActionResult",
  logFields: ["npc_id"],
  summary: "What came of an action towards an NPC.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        npc_id: "n1",
        action: "値切る",
        result: "商人は笑って薬草を安くしてくれた。",
        state_changes: { relationship: { n1: 2 } },
        rewards: [{ type: "item", amount: 1, item: { item_id: "herb", quality: 2.5 } }],
      },
      { npc_id: "n1", action: "挨拶する", result: "" },
    ],
    invalid: [
      {
        path: "rewards[0].amount",
        payload: { npc_id: "n1", action: "値切る", result: "成功", rewards: [{ type: "item", amount: "1" }] },
      },
      { path: "result", payload: { npc_id: "n1", action: "値切る", result: { success: true } } },
    ],
  },
});

export const npcEvents = [npcEncounter, npcActionResult] as const;
