import * as z from "zod/v4";
import { defineCommand } from "../../contract/command.js";
import { commandIdSchema, commandTextSchema, timestampSchema } from "./fields.js";

const gameSessionId = commandIdSchema.describe("The game session, 1 to 128 code points");

const userId = commandIdSchema
  .optional()
  .describe("The sender, as older clients say it: another user than the credential's is refused");

const action = commandTextSchema.describe("What the player does, 1 to 2,000 code points");

const serverTime = timestampSchema.describe("The server's clock: ISO 8601; without a zone it means UTC");

export const joinGameCommandSchema = z.object({ game_session_id: gameSessionId, user_id: userId });

export const joinGameAckSchema = z.object({
  game_session_id: z.string().describe("The game session"),
  members: z.array(z.string()).describe("The users who are in it"),
});

export const joinGame = defineCommand({
  name: "join_game",
  payload: joinGameCommandSchema,
  room: "game",
  ack: joinGameAckSchema,
  offline: "drop",
  logFields: ["game_session_id"],
  summary: "Enters a game session: its events arrive until it is left.",
  since: "1.0.0",
  examples: {
    valid: [{ game_session_id: "session-1" }, { game_session_id: "session-1", user_id: "user-1" }],
    invalid: [{ path: "game_session_id", payload: { user_id: "user-1" } }],
  },
});

export const leaveGameCommandSchema = z.object({ game_session_id: gameSessionId, user_id: userId });

export const leaveGameAckSchema = z.object({});

export const leaveGame = defineCommand({
  name: "leave_game",
  payload: leaveGameCommandSchema,
  room: "game",
  ack: leaveGameAckSchema,
  offline: "drop",
  logFields: ["game_session_id"],
  summary: "Leaves a game session.",
  since: "1.0.0",
  examples: {
    valid: [{ game_session_id: "session-1" }],
    invalid: [{ path: "game_session_id", payload: { game_session_id: "" } }],
  },
});

export const gameActionCommandSchema = z.object({ game_session_id: gameSessionId, action, user_id: userId });

export const gameActionAckSchema = z.object({});

export const gameAction = defineCommand({
  name: "game_action",
  payload: gameActionCommandSchema,
  room: "game",
  ack: gameActionAckSchema,
  refusals: ["sp_insufficient"],
  offline: "queue",
  serial: "room",
  logFields: ["game_session_id"],
  summary: "Acts in a game session.",
  since: "1.0.0",
  examples: {
    valid: [{ game_session_id: "session-1", action: "見回す" }],
    invalid: [{ path: "action", payload: { game_session_id: "session-1", user_id: "user-1" } }],
  },
});

export const chatMessageCommandSchema = z.object({
  game_session_id: gameSessionId,
  message: commandTextSchema.describe("What the player says, 1 to 2,000 code points"),
  user_id: userId,
});

export const chatMessageAckSchema = z.object({});

export const chatMessageCommand = defineCommand({
  name: "chat_message",
  payload: chatMessageCommandSchema,
  room: "game",
  ack: chatMessageAckSchema,
  offline: "queue",
  logFields: ["game_session_id"],
  summary: "Says something to everybody in a game session.",
  since: "1.0.0",
  examples: {
    valid: [{ game_session_id: "session-1", message: "こんにちは" }],
    invalid: [{ path: "message", payload: { game_session_id: "session-1", message: "" } }],
  },
});

export const npcActionCommandSchema = z.object({
  game_session_id: gameSessionId,
  npc_id: commandIdSchema.describe("The NPC, 1 to 128 code points"),
  action: commandTextSchema.describe("What the player does towards the NPC, 1 to 2,000 code points"),
  user_id: userId,
});

export const npcActionAckSchema = z.object({});

export const npcAction = defineCommand({
  name: "npc_action",
  payload: npcActionCommandSchema,
  room: "game",
  ack: npcActionAckSchema,
  refusals: ["sp_insufficient"],
  offline: "queue",
  serial: "room",
  logFields: ["game_session_id", "npc_id"],
  summary: "Acts towards an NPC of a game session.",
  since: "1.0.0",
  examples: {
    valid: [{ game_session_id: "session-1", npc_id: "n1", action: "話しかける" }],
    invalid: [{ path: "npc_id", payload: { game_session_id: "session-1", npc_id: 1, action: "話しかける" } }],
  },
});

export const pingCommandSchema = z.object({
  timestamp: timestampSchema.describe("The client's clock: ISO 8601; without a zone it means UTC"),
});

export const pingAckSchema = z.object({ server_time: serverTime });

export const ping = defineCommand({
  name: "ping",
  payload: pingCommandSchema,
  ack: pingAckSchema,
  offline: "drop",
  summary: "Measures the round trip to the server.",
  since: "1.0.0",
  examples: {
    valid: [{ timestamp: "2026-11-24T05:30:20.616Z" }],
    invalid: [{ path: "timestamp", payload: { timestamp: 1795498220616 } }],
  },
});

export const commands = [joinGame, leaveGame, gameAction, chatMessageCommand, npcAction, ping] as const;
