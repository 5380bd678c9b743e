// Written by `gestaloka-events generate` from the contract beside it. Do not edit: change the contract.
// @ts-nocheck
import {
  agrees,
  array,
  type Checker,
  type Contract,
  compiledContract,
  type Fill,
  finite,
  flag,
  further,
  given,
  integer,
  isoTime,
  json,
  keys,
  literal,
  maybeText,
  object,
  open,
  openMember,
  type ParsedRoom,
  points,
  reckoned,
  standardText,
  text,
  texts,
  timestamp,
  whole,
} from "../compiled/index.js";
import type { GestalokaTypes } from "./types.gen.js";

const gameStartedInitialStateKeys = ["currentScene", "playerStatus", "worldState"];

const gameStartedInitialState: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  maybeText(v.currentScene, strict) ||
  (given(v.playerStatus, strict) && open(v.playerStatus)) ||
  (given(v.worldState, strict) && open(v.worldState)) ||
  further(v, gameStartedInitialStateKeys);

const gameStartedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "game_started") ||
  text(v.game_session_id) ||
  gameStartedInitialState(v.initial_state, strict) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 4);

const narrativeUpdatePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "narrative_update") ||
  text(v.narrative_type) ||
  text(v.narrative) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 4);

const actionResultPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "action_result") ||
  text(v.user_id) ||
  text(v.action) ||
  open(v.result) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 5);

const stateUpdatePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "state_update") ||
  open(v.update) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const playerStatusUpdatePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "player_status_update") ||
  text(v.user_id) ||
  open(v.status) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 4);

const gameEndedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "game_ended") ||
  text(v.reason) ||
  (given(v.final_state, strict) && open(v.final_state)) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3 + ("final_state" in v));

const gameErrorPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "game_error") ||
  text(v.error_type) ||
  text(v.message) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 4);

const gameUpdatePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.type) ||
  maybeText(v.action, strict) ||
  (given(v.result, strict) && open(v.result)) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 2 + ("action" in v) + ("result" in v));

const gameProgressPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "ai_processing_progress") ||
  finite(v.percentage, 0, 100) ||
  text(v.message) ||
  maybeText(v.current_task, strict) ||
  (given(v.estimated_time_remaining, strict) && finite(v.estimated_time_remaining, 0)) ||
  open(v.details) ||
  finite(v.elapsed_time, 0) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 6 + ("current_task" in v) + ("estimated_time_remaining" in v));

const processingStartedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "processing_started") ||
  text(v.action) ||
  text(v.status) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 4);

const processingCompletedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "processing_completed") ||
  text(v.status) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const messageType = new Set(["player_action", "gm_narrative", "system_event"]);

const senderType = new Set(["player", "gm", "system"]);

const messageAddedMessage: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.id) ||
  text(v.content) ||
  openMember(v.message_type, messageType, strict) ||
  openMember(v.sender_type, senderType, strict) ||
  whole(v.turn_number) ||
  (given(v.metadata, strict) && open(v.metadata)) ||
  timestamp(v.created_at) ||
  keys(v, strict, 6 + ("metadata" in v));

const messageAddedChoice: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.id) ||
  text(v.text) ||
  maybeText(v.description, strict) ||
  keys(v, strict, 2 + ("description" in v));

const messageAddedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "message_added") ||
  messageAddedMessage(v.message, strict) ||
  (given(v.choices, strict) && array(v.choices, messageAddedChoice, strict)) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3 + ("choices" in v));

const choicesUpdatePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  (given(v.type, strict) && literal(v.type, "choices_update")) ||
  array(v.choices, messageAddedChoice, strict) ||
  (given(v.turn_number, strict) && whole(v.turn_number)) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 2 + ("type" in v) + ("turn_number" in v));

const chatMessagePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.user_id) ||
  text(v.message) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const npcType = new Set(["LOG_NPC", "PERMANENT_NPC", "TEMPORARY_NPC"]);

const npcEncounterNpc: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.npc_id) ||
  text(v.name) ||
  maybeText(v.title, strict) ||
  openMember(v.npc_type, npcType, strict) ||
  texts(v.personality_traits) ||
  texts(v.behavior_patterns) ||
  texts(v.skills) ||
  maybeText(v.appearance, strict) ||
  maybeText(v.backstory, strict) ||
  maybeText(v.original_player, strict) ||
  maybeText(v.log_source, strict) ||
  finite(v.contamination_level) ||
  finite(v.persistence_level) ||
  maybeText(v.current_location, strict) ||
  flag(v.is_active) ||
  keys(
    v,
    strict,
    9 +
      ("title" in v) +
      ("appearance" in v) +
      ("backstory" in v) +
      ("original_player" in v) +
      ("log_source" in v) +
      ("current_location" in v),
  );

const choiceDifficulty = new Set(["easy", "medium", "hard"]);

const npcEncounterChoice: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.id) ||
  text(v.text) ||
  (given(v.difficulty, strict) && openMember(v.difficulty, choiceDifficulty, strict)) ||
  (given(v.requirements, strict) && open(v.requirements)) ||
  keys(v, strict, 2 + ("difficulty" in v) + ("requirements" in v));

const npcEncounterPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "npc_encounter") ||
  text(v.encounter_type) ||
  npcEncounterNpc(v.npc, strict) ||
  (given(v.choices, strict) && array(v.choices, npcEncounterChoice, strict)) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 4 + ("choices" in v));

const npcActionResultReward: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.type) ||
  finite(v.amount) ||
  (v.item === null ? strict && "plain JSON" : v.item !== undefined && json(v.item, 1)) ||
  keys(v, strict, 2 + ("item" in v));

const npcActionResultPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "npc_action_result") ||
  text(v.npc_id) ||
  text(v.action) ||
  text(v.result) ||
  (given(v.state_changes, strict) && open(v.state_changes)) ||
  (given(v.rewards, strict) && array(v.rewards, npcActionResultReward, strict)) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 5 + ("state_changes" in v) + ("rewards" in v));

const battleState = new Set(["none", "starting", "in_progress", "player_turn", "enemy_turn", "ending", "finished"]);

const combatantType = new Set(["player", "npc", "monster", "boss"]);

const battleStartBattleDataCombatant: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.id) ||
  text(v.name) ||
  openMember(v.type, combatantType, strict) ||
  finite(v.hp) ||
  finite(v.max_hp) ||
  (given(v.mp, strict) && finite(v.mp)) ||
  (given(v.max_mp, strict) && finite(v.max_mp)) ||
  (given(v.attack, strict) && finite(v.attack)) ||
  (given(v.defense, strict) && finite(v.defense)) ||
  (given(v.speed, strict) && finite(v.speed)) ||
  (given(v.status_effects, strict) && texts(v.status_effects)) ||
  (given(v.metadata, strict) && open(v.metadata)) ||
  keys(
    v,
    strict,
    5 +
      ("mp" in v) +
      ("max_mp" in v) +
      ("attack" in v) +
      ("defense" in v) +
      ("speed" in v) +
      ("status_effects" in v) +
      ("metadata" in v),
  );

const battleStartBattleDataKeys = ["state", "turn_count", "combatants"];

const battleStartBattleData: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  openMember(v.state, battleState, strict) ||
  whole(v.turn_count) ||
  array(v.combatants, battleStartBattleDataCombatant, strict) ||
  further(v, battleStartBattleDataKeys);

const battleStartPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "battle_start") ||
  battleStartBattleData(v.battle_data, strict) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const battleUpdatePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "battle_update") ||
  battleStartBattleData(v.battle_data, strict) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const transactionType = new Set([
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
]);

const spUpdatePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "sp_update") ||
  whole(v.current_sp) ||
  integer(v.amount_changed) ||
  openMember(v.transaction_type, transactionType, strict) ||
  text(v.description) ||
  whole(v.balance_before) ||
  whole(v.balance_after) ||
  (given(v.metadata, strict) && open(v.metadata)) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 8 + ("metadata" in v)) ||
  (strict &&
    (agrees(v.current_sp - v.amount_changed, v.balance_before, "current_sp - amount_changed") ||
      agrees(v.current_sp, v.balance_after, "the same as current_sp")));

const spInsufficientPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "sp_insufficient") ||
  whole(v.required_amount) ||
  whole(v.current_sp) ||
  text(v.action) ||
  text(v.message) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 6);

const spDailyRecoveryPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "sp_daily_recovery") ||
  flag(v.success) ||
  whole(v.recovered_amount) ||
  whole(v.subscription_bonus) ||
  whole(v.login_bonus) ||
  whole(v.consecutive_days) ||
  whole(v.total_amount) ||
  whole(v.balance_after) ||
  text(v.message) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 10) ||
  (strict &&
    agrees(
      v.recovered_amount + v.subscription_bonus + v.login_bonus,
      v.total_amount,
      "the sum of recovered_amount, subscription_bonus, login_bonus",
    ));

const purchaseStatus = new Set(["pending", "processing", "completed", "failed", "cancelled", "refunded"]);

const purchaseCompletedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "purchase_completed") ||
  text(v.purchase_id) ||
  openMember(v.status, purchaseStatus, strict) ||
  whole(v.sp_amount) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 5);

const purchaseFailedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "purchase_failed") ||
  text(v.purchase_id) ||
  openMember(v.status, purchaseStatus, strict) ||
  whole(v.sp_amount) ||
  maybeText(v.error, strict) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 5 + ("error" in v));

const connectedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.message) ||
  text(v.sid) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const notificationType = new Set(["info", "success", "warning", "error"]);

const notificationSystemNotification: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "system_notification") ||
  openMember(v.notification_type, notificationType, strict) ||
  text(v.title) ||
  text(v.message) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 5);

const notificationAchievementAchievement: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  maybeText(v.id, strict) ||
  text(v.name) ||
  text(v.description) ||
  keys(v, strict, 2 + ("id" in v));

const notificationAchievement: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "achievement") ||
  notificationAchievementAchievement(v.achievement, strict) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const notificationFriendRequestFromUser: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  maybeText(v.id, strict) ||
  text(v.name) ||
  keys(v, strict, 1 + ("id" in v));

const notificationFriendRequest: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  literal(v.type, "friend_request") ||
  notificationFriendRequestFromUser(v.from_user, strict) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const notificationPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  (v.type === "system_notification"
    ? notificationSystemNotification(v, strict)
    : v.type === "achievement"
      ? notificationAchievement(v, strict)
      : v.type === "friend_request"
        ? notificationFriendRequest(v, strict)
        : "one of system_notification, achievement, friend_request");

const systemMessagePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.message) ||
  (given(v.type, strict) && literal(v.type, "system_message")) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 2 + ("type" in v));

const joinedGamePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.message) ||
  text(v.game_session_id) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const leftGamePayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) || text(v.message) || timestamp(v.timestamp) || keys(v, strict, 2);

const playerJoinedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) || text(v.user_id) || timestamp(v.timestamp) || keys(v, strict, 2);

const playerLeftPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) || text(v.user_id) || timestamp(v.timestamp) || keys(v, strict, 2);

const actionReceivedPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.message) ||
  text(v.action) ||
  timestamp(v.timestamp) ||
  keys(v, strict, 3);

const errorPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  text(v.message) ||
  maybeText(v.error, strict) ||
  (given(v.timestamp, strict) && timestamp(v.timestamp)) ||
  keys(v, strict, 1 + ("error" in v) + ("timestamp" in v));

const pongPayload: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) || timestamp(v.timestamp) || keys(v, strict, 1);

const joinGameCommand: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  points(v.game_session_id, 1, 128) ||
  (v.user_id !== undefined && points(v.user_id, 1, 128)) ||
  keys(v, strict, 1 + ("user_id" in v));

const leaveGameCommand: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  points(v.game_session_id, 1, 128) ||
  (v.user_id !== undefined && points(v.user_id, 1, 128)) ||
  keys(v, strict, 1 + ("user_id" in v));

const gameActionCommand: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  points(v.game_session_id, 1, 128) ||
  points(v.action, 1, 2000) ||
  (v.user_id !== undefined && points(v.user_id, 1, 128)) ||
  keys(v, strict, 2 + ("user_id" in v));

const chatMessageCommand: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  points(v.game_session_id, 1, 128) ||
  points(v.message, 1, 2000) ||
  (v.user_id !== undefined && points(v.user_id, 1, 128)) ||
  keys(v, strict, 2 + ("user_id" in v));

const npcActionCommand: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) ||
  points(v.game_session_id, 1, 128) ||
  points(v.npc_id, 1, 128) ||
  points(v.action, 1, 2000) ||
  (v.user_id !== undefined && points(v.user_id, 1, 128)) ||
  keys(v, strict, 3 + ("user_id" in v));

const pingCommand: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) || timestamp(v.timestamp) || keys(v, strict, 1);

const joinGameAck: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) || text(v.game_session_id) || texts(v.members) || keys(v, strict, 2);

const leaveGameAck: Checker = (v, strict) => (v?.__proto__ !== Object.prototype && object(v)) || keys(v, strict, 0);

const gameActionAck: Checker = (v, strict) => (v?.__proto__ !== Object.prototype && object(v)) || keys(v, strict, 0);

const chatMessageAck: Checker = (v, strict) => (v?.__proto__ !== Object.prototype && object(v)) || keys(v, strict, 0);

const npcActionAck: Checker = (v, strict) => (v?.__proto__ !== Object.prototype && object(v)) || keys(v, strict, 0);

const pingAck: Checker = (v, strict) =>
  (v?.__proto__ !== Object.prototype && object(v)) || timestamp(v.server_time) || keys(v, strict, 1);

const fillTypeTimestamp: Fill = (input, now, name) => ({ type: name, timestamp: isoTime(now), ...input });

const fillTimestamp: Fill = (input, now) => ({ timestamp: isoTime(now), ...input });

const fillTypeTimestamp2: Fill = (input, now) => ({
  type: "ai_processing_progress",
  timestamp: isoTime(now),
  ...input,
});

const fillTypeBalanceBeforeBalanceAfterTimestamp: Fill = (input, now, name) => ({
  type: name,
  balance_before: reckoned(input.current_sp - input.amount_changed),
  balance_after: input.current_sp,
  timestamp: isoTime(now),
  ...input,
});

const fillTypeMessageTimestamp: Fill = (input, now, name) => ({
  type: name,
  message: standardText`SP残高が不足しています。必要: ${input.required_amount}, 現在: ${input.current_sp}`,
  timestamp: isoTime(now),
  ...input,
});

const fillTypeTotalAmountMessageTimestamp: Fill = (input, now, name) => {
  const filled1 = {
    type: name,
    total_amount: reckoned(input.recovered_amount + input.subscription_bonus + input.login_bonus),
    timestamp: isoTime(now),
    ...input,
  };
  return { message: standardText`SP +${filled1.total_amount} を獲得しました！`, ...filled1 };
};

const fillMessageTimestamp: Fill = (input, now) => ({
  message: "正常に接続されました",
  timestamp: isoTime(now),
  ...input,
});

const fillMessageTimestamp2: Fill = (input, now) => ({
  message: "ゲームセッションに参加しました",
  timestamp: isoTime(now),
  ...input,
});

const fillMessageTimestamp3: Fill = (input, now) => ({
  message: "ゲームセッションから退出しました",
  timestamp: isoTime(now),
  ...input,
});

const fillMessageTimestamp4: Fill = (input, now) => ({
  message: "アクションを受信しました",
  timestamp: isoTime(now),
  ...input,
});

/** The version of the contract; ends of different majors refuse each other. */
export const CONTRACT_VERSION = "1.0.0";

/** The contract gestaloka at run time: names, rooms, lanes and checkers. */
export const contract: Contract<GestalokaTypes> = /* @__PURE__ */ compiledContract<GestalokaTypes>({
  name: "gestaloka",
  version: CONTRACT_VERSION,
  events: [
    {
      name: "game_started",
      appName: "game:started",
      audience: "game",
      lane: "critical",
      recover: true,
      logFields: ["game_session_id"],
      payload: gameStartedPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "narrative_update",
      appName: "game:narrative_update",
      audience: "game",
      lane: "critical",
      recover: true,
      logFields: ["narrative_type"],
      payload: narrativeUpdatePayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "action_result",
      appName: "game:action_result",
      audience: "game",
      lane: "critical",
      recover: true,
      logFields: ["user_id"],
      payload: actionResultPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "state_update",
      appName: "game:state_update",
      audience: "game",
      lane: "normal",
      recover: true,
      coalesce: { merge: "update" },
      payload: stateUpdatePayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "player_status_update",
      appName: "game:player_status_update",
      audience: "game",
      lane: "normal",
      recover: true,
      coalesce: { latest: true, key: "user_id" },
      logFields: ["user_id"],
      payload: playerStatusUpdatePayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "game_ended",
      appName: "game:ended",
      audience: "game",
      lane: "critical",
      recover: true,
      payload: gameEndedPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "game_error",
      appName: "game:error",
      audience: "game",
      lane: "critical",
      recover: true,
      logFields: ["error_type"],
      payload: gameErrorPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "game_update",
      appName: "game:update",
      audience: "game",
      lane: "normal",
      recover: true,
      logFields: ["type"],
      payload: gameUpdatePayload,
      fill: fillTimestamp,
    },
    {
      name: "game_progress",
      appName: "game:progress",
      audience: "game",
      lane: "low",
      coalesce: { latest: true },
      payload: gameProgressPayload,
      fill: fillTypeTimestamp2,
    },
    {
      name: "processing_started",
      appName: "game:processing_started",
      audience: "game",
      lane: "normal",
      recover: true,
      payload: processingStartedPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "processing_completed",
      appName: "game:processing_completed",
      audience: "game",
      lane: "normal",
      recover: true,
      payload: processingCompletedPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "message_added",
      appName: "game:message_added",
      audience: "game",
      lane: "critical",
      recover: true,
      payload: messageAddedPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "choices_update",
      appName: "game:choices_update",
      audience: "game",
      lane: "critical",
      recover: true,
      payload: choicesUpdatePayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "chat_message",
      appName: "chat:message",
      audience: "game",
      lane: "critical",
      recover: true,
      logFields: ["user_id"],
      payload: chatMessagePayload,
      fill: fillTimestamp,
    },
    {
      name: "npc_encounter",
      appName: "game:npc_encounter",
      audience: "game",
      lane: "critical",
      recover: true,
      logFields: ["encounter_type"],
      payload: npcEncounterPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "npc_action_result",
      appName: "game:npc_action_result",
      audience: "game",
      lane: "critical",
      recover: true,
      logFields: ["npc_id"],
      payload: npcActionResultPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "battle_start",
      appName: "game:battle_start",
      audience: "game",
      lane: "critical",
      recover: true,
      payload: battleStartPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "battle_update",
      appName: "game:battle_update",
      audience: "game",
      lane: "normal",
      recover: true,
      coalesce: { latest: true },
      payload: battleUpdatePayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "sp_update",
      appName: "sp:update",
      audience: "user",
      lane: "critical",
      recover: true,
      logFields: ["current_sp", "transaction_type", "amount_changed"],
      payload: spUpdatePayload,
      fill: fillTypeBalanceBeforeBalanceAfterTimestamp,
    },
    {
      name: "sp_insufficient",
      appName: "sp:insufficient",
      audience: "user",
      lane: "critical",
      recover: true,
      payload: spInsufficientPayload,
      fill: fillTypeMessageTimestamp,
    },
    {
      name: "sp_daily_recovery",
      appName: "sp:daily_recovery",
      audience: "user",
      lane: "critical",
      recover: true,
      payload: spDailyRecoveryPayload,
      fill: fillTypeTotalAmountMessageTimestamp,
    },
    {
      name: "purchase_completed",
      appName: "sp:purchase_completed",
      audience: "user",
      lane: "critical",
      recover: true,
      logFields: ["purchase_id"],
      payload: purchaseCompletedPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "purchase_failed",
      appName: "sp:purchase_failed",
      audience: "user",
      lane: "critical",
      recover: true,
      logFields: ["purchase_id"],
      payload: purchaseFailedPayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "connected",
      appName: "server:connected",
      audience: "socket",
      lane: "normal",
      logFields: ["sid"],
      payload: connectedPayload,
      fill: fillMessageTimestamp,
    },
    {
      name: "notification",
      appName: "notification:received",
      audience: "user",
      lane: "critical",
      recover: true,
      logFields: ["type", "notification_type"],
      discriminator: "type",
      payload: notificationPayload,
      fill: fillTimestamp,
    },
    {
      name: "system_message",
      appName: "game:system_message",
      audience: "game",
      lane: "critical",
      recover: true,
      payload: systemMessagePayload,
      fill: fillTypeTimestamp,
    },
    {
      name: "joined_game",
      appName: "game:joined",
      audience: "socket",
      lane: "normal",
      logFields: ["game_session_id"],
      payload: joinedGamePayload,
      fill: fillMessageTimestamp2,
    },
    {
      name: "left_game",
      appName: "game:left",
      audience: "socket",
      lane: "normal",
      payload: leftGamePayload,
      fill: fillMessageTimestamp3,
    },
    {
      name: "player_joined",
      appName: "game:player_joined",
      audience: "game",
      lane: "normal",
      logFields: ["user_id"],
      payload: playerJoinedPayload,
      fill: fillTimestamp,
    },
    {
      name: "player_left",
      appName: "game:player_left",
      audience: "game",
      lane: "normal",
      logFields: ["user_id"],
      payload: playerLeftPayload,
      fill: fillTimestamp,
    },
    {
      name: "action_received",
      appName: "game:action_received",
      audience: "socket",
      lane: "normal",
      payload: actionReceivedPayload,
      fill: fillMessageTimestamp4,
    },
    {
      name: "error",
      appName: "server:error",
      audience: "socket",
      lane: "normal",
      payload: errorPayload,
      fill: fillTimestamp,
    },
    {
      name: "pong",
      appName: "server:pong",
      audience: "socket",
      lane: "normal",
      payload: pongPayload,
    },
  ],
  commands: [
    {
      name: "join_game",
      room: "game",
      offline: "drop",
      logFields: ["game_session_id"],
      payload: joinGameCommand,
      known: ["game_session_id", "user_id"],
      ack: joinGameAck,
      identity: true,
    },
    {
      name: "leave_game",
      room: "game",
      offline: "drop",
      logFields: ["game_session_id"],
      payload: leaveGameCommand,
      known: ["game_session_id", "user_id"],
      ack: leaveGameAck,
      identity: true,
    },
    {
      name: "game_action",
      room: "game",
      refusals: ["sp_insufficient"],
      offline: "queue",
      serial: "room",
      logFields: ["game_session_id"],
      payload: gameActionCommand,
      known: ["game_session_id", "action", "user_id"],
      ack: gameActionAck,
      identity: true,
    },
    {
      name: "chat_message",
      room: "game",
      offline: "queue",
      logFields: ["game_session_id"],
      payload: chatMessageCommand,
      known: ["game_session_id", "message", "user_id"],
      ack: chatMessageAck,
      identity: true,
    },
    {
      name: "npc_action",
      room: "game",
      refusals: ["sp_insufficient"],
      offline: "queue",
      serial: "room",
      logFields: ["game_session_id", "npc_id"],
      payload: npcActionCommand,
      known: ["game_session_id", "npc_id", "action", "user_id"],
      ack: npcActionAck,
      identity: true,
    },
    {
      name: "ping",
      offline: "drop",
      payload: pingCommand,
      known: ["timestamp"],
      ack: pingAck,
    },
  ],
  rooms: [
    { kind: "user", prefix: "user_", parameter: "user_id", authenticated: true },
    {
      kind: "game",
      prefix: "game_",
      parameter: "game_session_id",
      authenticated: false,
      join: "join_game",
      leave: "leave_game",
      joined: "joined_game",
      left: "left_game",
      memberJoined: "player_joined",
      memberLeft: "player_left",
    },
  ],
  roles: {
    connected: "connected",
    error: "error",
    ping: "ping",
    pong: "pong",
    joined: "joined_game",
    left: "left_game",
    memberJoined: "player_joined",
    memberLeft: "player_left",
  },
});

/** The names of rooms: `rooms.<kind>(id)`. Throws `room_invalid` for an id that cannot stand in one. */
export const rooms: Contract<GestalokaTypes>["rooms"] = {
  user: (id) => contract.rooms.user(id),
  game: (id) => contract.rooms.game(id),
};

/** Takes a room's name apart; `undefined` for a text that names no room of this contract. */
export function parseRoom(text: string): ParsedRoom | undefined {
  return contract.parseRoom(text);
}
