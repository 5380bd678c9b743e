import * as z from "zod/v4";
import { derive } from "../../contract/derive.js";
import { defineEvent } from "../../contract/event.js";
import {
  gameSessionIdSchema,
  messageTextSchema,
  notificationTypeSchema,
  timestampSchema,
  userIdSchema,
} from "./fields.js";

export const connectedSchema = z.object({
  message: messageTextSchema,
  sid: z.string().describe("The connection, as the server names it"),
  timestamp: timestampSchema,
});

export const connected = defineEvent({
  name: "connected",
  appName: "server:connected",
  audience: "socket",
  payload: connectedSchema,
  derive: { message: derive.template("正常に接続されました"), timestamp: derive.now() },
  lane: "normal",
  recover: false,
  logFields: ["sid"],
  summary: "The connection is authenticated and in its user's room.",
  since: "1.0.0",
  examples: {
    valid: [{ sid: "xG0uLZaSCbSwGFcjAAAC" }],
    invalid: [{ path: "sid", payload: { socketId: "xG0uLZaSCbSwGFcjAAAC" } }],
  },
});

export const notificationSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("system_notification"),
    notification_type: notificationTypeSchema,
    title: z.string().describe("The headline"),
    message: messageTextSchema,
    timestamp: timestampSchema,
  }),
  z.object({
    type: z.literal("achievement"),
    achievement: z
      .object({
        id: z.string().nullish().describe("The achievement"),
        name: z.string().describe("Its name"),
        description: z.string().describe("What it was given for"),
      })
      .describe("What was achieved"),
    timestamp: timestampSchema,
  }),
  z.object({
    type: z.literal("friend_request"),
    from_user: z
      .object({
        id: z.string().nullish().describe("The user"),
        name: z.string().describe("The user's name"),
      })
      .describe("Who asks"),
    timestamp: timestampSchema,
  }),
]);

export const notification = defineEvent({
  name: "notification",
  appName: "notification:received",
  audience: "user",
  payload: notificationSchema,
  derive: { timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "NotificationEmitter.emitNotification",
  logFields: ["type", "notification_type"],
  summary: "Something that a user should notice: by its type from the system, an achievement, or a friend request.",
  since: "1.0.0",
  examples: {
    valid: [
      { type: "system_notification", notification_type: "info", title: "お知らせ", message: "メンテナンス" },
      { type: "achievement", achievement: { id: "a1", name: "初勝利", description: "初めて勝った" } },
      { type: "friend_request", from_user: { id: "user-2", name: "ミナ" } },
    ],
    invalid: [
      { path: "type", payload: { notification_type: "info", title: "お知らせ", message: "メンテナンス" } },
      { path: "from_user.name", payload: { type: "friend_request", from_user: { id: "user-2" } } },
    ],
  },
});

export const systemMessageSchema = z.object({
  message: messageTextSchema,
  type: z.literal("system_message").nullish(),
  timestamp: timestampSchema,
});

export const systemMessage = defineEvent({
  name: "system_message",
  appName: "game:system_message",
  audience: "game",
  payload: systemMessageSchema,
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "critical",
  recover: true,
  emitter: "GameEventEmitter.emitSystemMessage",
  summary: "The system tells the players of a game something.",
  since: "1.0.0",
  examples: {
    valid: [{ message: "まもなくサーバーを再起動します。" }],
    invalid: [{ path: "type", payload: { message: "まもなくサーバーを再起動します。", type: "info" } }],
  },
});

export const joinedGameSchema = z.object({
  message: messageTextSchema,
  game_session_id: gameSessionIdSchema,
  timestamp: timestampSchema,
});

export const joinedGame = defineEvent({
  name: "joined_game",
  appName: "game:joined",
  audience: "socket",
  payload: joinedGameSchema,
  derive: { message: derive.template("ゲームセッションに参加しました"), timestamp: derive.now() },
  lane: "normal",
  recover: false,
  logFields: ["game_session_id"],
  summary: "The connection entered a game session.",
  since: "1.0.0",
  examples: {
    valid: [{ game_session_id: "session-1" }],
    invalid: [{ path: "game_session_id", payload: {} }],
  },
});

export const leftGameSchema = z.object({ message: messageTextSchema, timestamp: timestampSchema });

export const leftGame = defineEvent({
  name: "left_game",
  appName: "game:left",
  audience: "socket",
  payload: leftGameSchema,
  derive: { message: derive.template("ゲームセッションから退出しました"), timestamp: derive.now() },
  lane: "normal",
  recover: false,
  summary: "The connection left a game session.",
  since: "1.0.0",
  examples: {
    valid: [{}],
    invalid: [{ path: "message", payload: { message: null } }],
  },
});

export const playerJoinedSchema = z.object({
  user_id: userIdSchema.describe("The user who came"),
  timestamp: timestampSchema,
});

export const playerJoined = defineEvent({
  name: "player_joined",
  appName: "game:player_joined",
  audience: "game",
  payload: playerJoinedSchema,
  derive: { timestamp: derive.now() },
  lane: "normal",
  recover: false,
  logFields: ["user_id"],
  summary: "Another player entered the game session.",
  since: "1.0.0",
  examples: {
    valid: [{ user_id: "user-2" }],
    invalid: [{ path: "user_id", payload: { user_id: 2 } }],
  },
});

export const playerLeftSchema = z.object({
  user_id: userIdSchema.describe("The user who went"),
  timestamp: timestampSchema,
});

export const playerLeft = defineEvent({
  name: "player_left",
  appName: "game:player_left",
  audience: "game",
  payload: playerLeftSchema,
  derive: { timestamp: derive.now() },
  lane: "normal",
  recover: false,
  logFields: ["user_id"],
  summary: "Another player left the game session.",
  since: "1.0.0",
  examples: {
    valid: [{ user_id: "user-2" }],
    invalid: [{ path: "user_id", payload: {} }],
  },
});

export const actionReceivedSchema = z.object({
  message: messageTextSchema,
  action: z.string().describe("The action that was received"),
  timestamp: timestampSchema,
});

export const actionReceived = defineEvent({
  name: "action_received",
  appName: "game:action_received",
  audience: "socket",
  payload: actionReceivedSchema,
  derive: { message: derive.template("アクションを受信しました"), timestamp: derive.now() },
  lane: "normal",
  recover: false,
  summary: "The server took an action on.",
  since: "1.0.0",
  examples: {
    valid: [{ action: "見回す" }],
    invalid: [{ path: "action", payload: {} }],
  },
});

export const errorSchema = z.object({
  message: messageTextSchema,
  error: z.string().nullish().describe("A code for what went wrong; never the text of an exception"),
  timestamp: timestampSchema.nullish(),
});

export const errorEvent = defineEvent({
  name: "error",
  appName: "server:error",
  audience: "socket",
  payload: errorSchema,
  derive: { timestamp: derive.now() },
  lane: "normal",
  recover: false,
  summary: "Something that this connection asked could not be done.",
  since: "1.0.0",
  examples: {
    valid: [{ message: "必要なパラメータが不足しています", error: "payload_invalid" }, { message: "" }],
    invalid: [{ path: "message", payload: { error: "payload_invalid" } }],
  },
});

export const pongSchema = z.object({
  timestamp: timestampSchema.describe("The ping's own timestamp"),
});

export const pong = defineEvent({
  name: "pong",
  appName: "server:pong",
  audience: "socket",
  payload: pongSchema,
  lane: "normal",
  recover: false,
  summary: "Answers a ping.",
  since: "1.0.0",
  examples: {
    valid: [{ timestamp: "2026-11-24T05:30:20.616Z" }],
    invalid: [{ path: "timestamp", payload: {} }],
  },
});

export const systemEvents = [
  connected,
  notification,
  systemMessage,
  joinedGame,
  leftGame,
  playerJoined,
  playerLeft,
  actionReceived,
  errorEvent,
  pong,
] as const;
