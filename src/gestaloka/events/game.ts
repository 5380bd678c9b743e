import * as z from "zod/v4";
import { derive } from "../../contract/derive.js";
import { defineEvent } from "../../contract/event.js";
import { jsonObject } from "../../contract/schema.js";
import {
  choiceSchema,
  gameSessionIdSchema,
  messageTextSchema,
  messageTypeSchema,
  openObjectSchema,
  senderTypeSchema,
  timestampSchema,
  userIdSchema,
} from "./fields.js";

export const initialStateSchema = jsonObject(
  z.looseObject({
    currentScene: z.string().nullish().describe("Where the game begins"),
    playerStatus: openObjectSchema.nullish().describe("How the player is"),
    worldState: openObjectSchema.nullish().describe("How the world is"),
  }),
);

export const gameStartedSchema = z.object({
  type: z.literal("game_started"),
  game_session_id: gameSessionIdSchema,
  initial_state: initialStateSchema,
  timestamp: timestampSchema,
});

export const gameStarted = defineEvent({
  name: "game_started",
  appName: "game:started",
  audience: "game",
  payload: gameStartedSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitGameStarted",
  logFields: ["game_session_id"],
  summary: "A game session began.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        game_session_id: "session-1",
        initial_state: {
          currentScene: "始まりの広場",
          playerStatus: { hp: 100, mp: 50 },
          worldState: { weather: "fog" },
          chapter: 1,
        },
      },
    ],
    invalid: [
      { path: "initial_state", payload: { game_session_id: "session-1", initial_state: [] } },
      {
        path: "initial_state.playerStatus.hp",
        payload: { game_session_id: "session-1", initial_state: { playerStatus: { hp: Number.NaN } } },
      },
    ],
  },
});

export const narrativeUpdateSchema = z.object({
  type: z.literal("narrative_update"),
  narrative_type: z.string().describe("What kind of narrative it is; known values: general, introduction"),
  narrative: z.string().describe("The story, as the player reads it"),
  timestamp: timestampSchema,
});

export const narrativeUpdate = defineEvent({
  name: "narrative_update",
  appName: "game:narrative_update",
  audience: "game",
  payload: narrativeUpdateSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitNarrativeUpdate",
  logFields: ["narrative_type"],
  summary: "The story goes on.",
  since: "1.0.0",
  examples: {
    valid: [{ narrative_type: "general", narrative: "霧の中から声がする。" }],
    invalid: [{ path: "narrative", payload: { narrative_type: "general" } }],
  },
});

export const actionResultSchema = z.object({
  type: z.literal("action_result"),
  user_id: userIdSchema.describe("The user who acted"),
  action: z.string().describe("What was done"),
  result: openObjectSchema.describe("What came of it"),
  timestamp: timestampSchema,
});

export const actionResult = defineEvent({
  name: "action_result",
  appName: "game:action_result",
  audience: "game",
  payload: actionResultSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitActionResult",
  logFields: ["user_id"],
  summary: "What came of a player's action.",
  since: "1.0.0",
  examples: {
    valid: [{ user_id: "user-1", action: "扉を開ける", result: { success: true, message: "開いた" } }],
    invalid: [{ path: "result", payload: { user_id: "user-1", action: "扉を開ける", result: "開いた" } }],
  },
});

export const stateUpdateSchema = z.object({
  type: z.literal("state_update"),
  update: openObjectSchema.describe("The part of the game's state that changed; merged into it, one level deep"),
  timestamp: timestampSchema,
});

export const stateUpdate = defineEvent({
  name: "state_update",
  appName: "game:state_update",
  audience: "game",
  payload: stateUpdateSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "normal",
  recover: true,
  coalesce: { merge: "update" },
  emitter: "GameEventEmitter.emitStateUpdate",
  summary: "Part of the game's state changed.",
  since: "1.0.0",
  examples: {
    valid: [{ update: { currentScene: "地下室" } }],
    invalid: [{ path: "update", payload: { update: null } }],
  },
});

export const playerStatusUpdateSchema = z.object({
  type: z.literal("player_status_update"),
  user_id: userIdSchema.describe("The user whose status it is"),
  status: openObjectSchema.describe("The whole status"),
  timestamp: timestampSchema,
});

export const playerStatusUpdate = defineEvent({
  name: "player_status_update",
  appName: "game:player_status_update",
  audience: "game",
  payload: playerStatusUpdateSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "normal",
  recover: true,
  coalesce: { latest: true, key: "user_id" },
  emitter: "GameEventEmitter.emitPlayerStatusUpdate",
  logFields: ["user_id"],
  summary: "A player's status changed.",
  since: "1.0.0",
  examples: {
    valid: [{ user_id: "user-1", status: { hp: 90, condition: "poisoned" } }],
    invalid: [{ path: "user_id", payload: { status: { hp: 90 } } }],
  },
});

export const gameEndedSchema = z.object({
  type: z.literal("game_ended"),
  reason: z.string().describe("Why it ended"),
  final_state: openObjectSchema.nullish().describe("The game's last state"),
  timestamp: timestampSchema,
});

export const gameEnded = defineEvent({
  name: "game_ended",
  appName: "game:ended",
  audience: "game",
  payload: gameEndedSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitGameEnded",
  summary: "A game session ended.",
  since: "1.0.0",
  examples: {
    valid: [{ reason: "completed", final_state: { score: 10 } }, { reason: "abandoned" }],
    invalid: [{ path: "final_state", payload: { reason: "completed", final_state: null } }],
  },
});

export const gameErrorSchema = z.object({
  type: z.literal("game_error"),
  error_type: z.string().describe("A code for what went wrong"),
  message: messageTextSchema,
  timestamp: timestampSchema,
});

export const gameError = defineEvent({
  name: "game_error",
  appName: "game:error",
  audience: "game",
  payload: gameErrorSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitGameError",
  logFields: ["error_type"],
  summary: "Something went wrong in a game session.",
  since: "1.0.0",
  examples: {
    valid: [{ error_type: "ai_timeout", message: "GMが応答しません" }],
    invalid: [{ path: "error_type", payload: { error_type: 504, message: "GMが応答しません" } }],
  },
});

export const gameUpdateSchema = z.object({
  type: z.string().describe("The name of the event that it echoes; any text"),
  action: z.string().nullish().describe("What was done"),
  result: openObjectSchema.nullish().describe("What came of it"),
  timestamp: timestampSchema,
});

export const gameUpdate = defineEvent({
  name: "game_update",
  appName: "game:update",
  audience: "game",
  payload: gameUpdateSchema,
  derive: { timestamp: derive.now() },
  lane: "normal",
  recover: true,
  emitter: "GameEventEmitter.emitGameUpdate",
  logFields: ["type"],
  summary: "Echoes another event in its older form.",
  since: "1.0.0",
  examples: {
    valid: [{ type: "action_result", action: "見回す", result: { success: true } }],
    invalid: [{ path: "type", payload: { action: "見回す" } }],
  },
});

export const gameProgressSchema = z.object({
  type: z.literal("ai_processing_progress"),
  percentage: z.number().min(0).max(100).describe("How far the work has come, in percent"),
  message: messageTextSchema,
  current_task: z.string().nullish().describe("What is being done"),
  estimated_time_remaining: z.number().min(0).nullish().describe("How long it may still take, in seconds"),
  details: openObjectSchema.describe("Further facts about the work"),
  elapsed_time: z.number().min(0).describe("How long it has taken, in seconds"),
  timestamp: timestampSchema,
});

export const gameProgress = defineEvent({
  name: "game_progress",
  appName: "game:progress",
  audience: "game",
  payload: gameProgressSchema,
  derive: { type: derive.template("ai_processing_progress"), timestamp: derive.now() },
  lane: "low",
  recover: false,
  coalesce: { latest: true },
  emitter: "GameEventEmitter.emitGameProgress",
  summary: "How far the game master's work has come.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        percentage: 42.5,
        message: "物語を生成しています...",
        current_task: "narrative",
        estimated_time_remaining: 3.5,
        details: { agents: ["dramatist", "state_manager"] },
        elapsed_time: 2.5,
      },
    ],
    invalid: [
      { path: "percentage", payload: { percentage: 100.5, message: "", details: {}, elapsed_time: 2.5 } },
      { path: "elapsed_time", payload: { percentage: 10, message: "", details: {}, elapsed_time: -1 } },
    ],
  },
});

export const processingStartedSchema = z.object({
  type: z.literal("processing_started"),
  action: z.string().describe("The action that is being worked on"),
  status: z.string().describe("What is being done, as the player reads it"),
  timestamp: timestampSchema,
});

export const processingStarted = defineEvent({
  name: "processing_started",
  appName: "game:processing_started",
  audience: "game",
  payload: processingStartedSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "normal",
  recover: true,
  emitter: "GameEventEmitter.emitProcessingStarted",
  summary: "The game master began to work on an action.",
  since: "1.0.0",
  examples: {
    valid: [{ action: "扉を開ける", status: "AI処理を開始しています..." }],
    invalid: [{ path: "status", payload: { action: "扉を開ける", status: true } }],
  },
});

export const processingCompletedSchema = z.object({
  type: z.literal("processing_completed"),
  status: z.string().describe("What was done, as the player reads it"),
  timestamp: timestampSchema,
});

export const processingCompleted = defineEvent({
  name: "processing_completed",
  appName: "game:processing_completed",
  audience: "game",
  payload: processingCompletedSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "normal",
  recover: true,
  emitter: "GameEventEmitter.emitProcessingCompleted",
  summary: "The game master finished its work on an action.",
  since: "1.0.0",
  examples: {
    valid: [{ status: "AI処理が完了しました" }],
    invalid: [{ path: "type", payload: { type: "processing_complete", status: "AI処理が完了しました" } }],
  },
});

export const gameMessageSchema = z.object({
  id: z.string().describe("The message"),
  content: z.string().describe("Its text"),
  message_type: messageTypeSchema,
  sender_type: senderTypeSchema,
  turn_number: z.int().min(0).describe("The turn in which it was written"),
  metadata: openObjectSchema.nullish().describe("Further facts about it"),
  created_at: timestampSchema.describe("When it was written: ISO 8601; without a zone it means UTC"),
});

export const messageAddedSchema = z.object({
  type: z.literal("message_added"),
  message: gameMessageSchema.describe("The message"),
  choices: z.array(choiceSchema).nullish().describe("What the player may do next"),
  timestamp: timestampSchema,
});

export const messageAdded = defineEvent({
  name: "message_added",
  appName: "game:message_added",
  audience: "game",
  payload: messageAddedSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitMessageAdded",
  summary: "A message was added to the game's record.",
  since: "1.0.0",
  examples: {
    valid: [
      {
        message: {
          id: "m1",
          content: "本文",
          message_type: "gm_narrative",
          sender_type: "gm",
          turn_number: 2,
          metadata: { choices: [] },
          created_at: "2026-11-24T05:30:00.123456",
        },
        choices: [
          { id: "1", text: "進む" },
          { id: "2", text: "戻る", description: "安全" },
        ],
      },
    ],
    invalid: [
      {
        path: "message.created_at",
        payload: {
          message: {
            id: "m1",
            content: "本文",
            message_type: "gm_narrative",
            sender_type: "gm",
            turn_number: 2,
            created_at: "2026-11-24 05:30:00",
          },
        },
      },
    ],
  },
});

export const choicesUpdateSchema = z.object({
  type: z.literal("choices_update").nullish(),
  choices: z.array(choiceSchema).describe("What the player may do next"),
  turn_number: z.int().min(0).nullish().describe("The turn to which the choices belong"),
  timestamp: timestampSchema,
});

export const choicesUpdate = defineEvent({
  name: "choices_update",
  appName: "game:choices_update",
  audience: "game",
  payload: choicesUpdateSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitChoicesUpdate",
  summary: "The players have other choices.",
  since: "1.0.0",
  examples: {
    valid: [{ choices: [{ id: "1", text: "進む" }], turn_number: 1 }, { choices: [] }],
    invalid: [
      { path: "choices[0].text", payload: { choices: [{ id: "1" }] } },
      { path: "turn_number", payload: { choices: [], turn_number: 1.5 } },
    ],
  },
});

export const chatMessageSchema = z.object({
  user_id: userIdSchema.describe("The user who spoke"),
  message: z.string().describe("What was said"),
  timestamp: timestampSchema,
});

export const chatMessage = defineEvent({
  name: "chat_message",
  appName: "chat:message",
  audience: "game",
  payload: chatMessageSchema,
  derive: { timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitChatMessage",
  logFields: ["user_id"],
  summary: "A player said something.",
  since: "1.0.0",
  examples: {
    valid: [{ user_id: "user-1", message: "こんにちは" }],
    invalid: [{ path: "user_id", payload: { message: "こんにちは" } }],
  },
});

export const gameEvents = [
  gameStarted,
  narrativeUpdate,
  actionResult,
  stateUpdate,
  playerStatusUpdate,
  gameEnded,
  gameError,
  gameUpdate,
  gameProgress,
  processingStarted,
  processingCompleted,
  messageAdded,
  choicesUpdate,
  chatMessage,
] as const;
