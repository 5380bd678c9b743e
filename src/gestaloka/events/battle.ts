import * as z from "zod/v4";
import { derive } from "../../contract/derive.js";
import { defineEvent } from "../../contract/event.js";
import { jsonObject } from "../../contract/schema.js";
import { battleStateSchema, combatantTypeSchema, openObjectSchema, timestampSchema } from "./fields.js";

export const combatantSchema = z.object({
  id: z.string().describe("The combatant"),
  name: z.string().describe("Its name"),
  type: combatantTypeSchema,
  hp: z.number().describe("Hit points left"),
  max_hp: z.number().describe("Hit points when unhurt"),
  mp: z.number().nullish().describe("Magic points left"),
  max_mp: z.number().nullish().describe("Magic points when rested"),
  attack: z.number().nullish().describe("Attack strength"),
  defense: z.number().nullish().describe("Defence strength"),
  speed: z.number().nullish().describe("Who is faster acts first"),
  status_effects: z.array(z.string()).nullish().describe("What it suffers or enjoys, such as poison"),
  metadata: openObjectSchema.nullish().describe("Further facts about it"),
});

export const battleDataSchema = jsonObject(
  z.looseObject({
    state: battleStateSchema,
    turn_count: z.int().min(0).describe("Turns so far"),
    combatants: z.array(combatantSchema).describe("Who fights"),
  }),
);

export const battleStartSchema = z.object({
  type: z.literal("battle_start"),
  battle_data: battleDataSchema,
  timestamp: timestampSchema,
});

export const battleStart = defineEvent({
  name: "battle_start",
  appName: "game:battle_start",
  audience: "game",
  payload: battleStartSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitBattleStart",
  summary: "A battle begins.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        battle_data: {
          state: "starting",
          turn_count: 0,
          combatants: [
            { id: "p", name: "勇者", type: "player", hp: 10, max_hp: 10 },
            {
              id: "m",
              name: "影の狼",
              type: "monster",
              hp: 22,
              max_hp: 24,
              speed: 7.5,
              status_effects: ["poison"],
              metadata: { level: 3 },
            },
          ],
          battlefield: { terrain: "霧の森" },
        },
      },
    ],
    invalid: [
      {
        path: "battle_data.combatants[0].hp",
        payload: {
          battle_data: {
            state: "starting",
            turn_count: 0,
            combatants: [{ id: "p", name: "勇者", type: "player", hp: null, max_hp: 10 }],
          },
        },
      },
      {
        path: "battle_data.turn_count",
        payload: { battle_data: { state: "starting", turn_count: -1, combatants: [] } },
      },
    ],
  },
});

export const battleUpdateSchema = z.object({
  type: z.literal("battle_update"),
  battle_data: battleDataSchema,
  timestamp: timestampSchema,
});

export const battleUpdate = defineEvent({
  name: "battle_update",
  appName: "game:battle_update",
  audience: "game",
  payload: battleUpdateSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "normal",
  recover: true,
  coalesce: { latest: true },
  emitter: "GameEventEmitter.emitBattleUpdate",
  summary: "The whole state of a battle after something changed in it.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        battle_data: {
          state: "enemy_turn",
          turn_count: 2,
          combatants: [{ id: "p", name: "勇者", type: "player", hp: 6, max_hp: 10, mp: 4, max_mp: 5 }],
        },
      },
    ],
    invalid: [
      { path: "battle_data.state", payload: { battle_data: { state: "enemyTurn", turn_count: 2, combatants: [] } } },
    ],
  },
});

export const battleEvents = [battleStart, battleUpdate] as const;
