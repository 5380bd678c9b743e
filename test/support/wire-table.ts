/**
 * What travels, written down by hand from the wire and not from the contract: the catalogue's tests hold the contract
 * against this, so that a slip in either is seen.
 */
export type Kind =
  | {
      readonly is: "text" | "flag" | "stamp" | "open" | "json" | "number" | "seconds" | "percent" | "integer" | "count";
    }
  | { readonly is: "id" | "line" }
  | { readonly is: "literal"; readonly value: string }
  | { readonly is: "enum"; readonly name: string; readonly members: readonly string[] }
  | { readonly is: "list"; readonly of: Kind }
  | { readonly is: "fields"; readonly fields: Fields; readonly open: boolean }
  | { readonly is: "variants"; readonly by: string; readonly variants: Readonly<Record<string, Fields>> };

/** A name that ends in `?` is a field that may be absent. */
export type Fields = Readonly<Record<string, Kind>>;

const text: Kind = { is: "text" };
const flag: Kind = { is: "flag" };
const stamp: Kind = { is: "stamp" };
const object: Kind = { is: "open" };
const json: Kind = { is: "json" };
const number: Kind = { is: "number" };
const seconds: Kind = { is: "seconds" };
const percent: Kind = { is: "percent" };
const integer: Kind = { is: "integer" };
const count: Kind = { is: "count" };
const id: Kind = { is: "id" };
const line: Kind = { is: "line" };
const literal = (value: string): Kind => ({ is: "literal", value });
const list = (of: Kind): Kind => ({ is: "list", of });
const closed = (fields: Fields): Kind => ({ is: "fields", fields, open: false });
const open = (fields: Fields): Kind => ({ is: "fields", fields, open: true });
const oneOf = (name: string, members: string): Kind => ({ is: "enum", name, members: members.split(" ") });

const transactionType = oneOf(
  "TransactionType",
  "daily_recovery purchase achievement event_reward log_result login_bonus refund free_action log_dispatch log_enhancement memory_inheritance system_function movement exploration adjustment migration admin_grant admin_deduct",
);
const purchaseStatus = oneOf("PurchaseStatus", "pending processing completed failed cancelled refunded");
const choices = list(closed({ id: text, text, "description?": text }));
const battle = open({
  state: oneOf("BattleState", "none starting in_progress player_turn enemy_turn ending finished"),
  turn_count: count,
  combatants: list(
    closed({
      id: text,
      name: text,
      type: oneOf("CombatantType", "player npc monster boss"),
      hp: number,
      max_hp: number,
      "mp?": number,
      "max_mp?": number,
      "attack?": number,
      "defense?": number,
      "speed?": number,
      "status_effects?": list(text),
      "metadata?": object,
    }),
  ),
});

export type Emitter = "SPEventEmitter" | "GameEventEmitter" | "NotificationEmitter";

export interface EventRow {
  readonly app: string;
  readonly to: "user" | "game" | "socket";
  readonly lane: "critical" | "normal" | "low" | "socket";
  readonly recovered: boolean;
  readonly coalesce?: object;
  readonly emitter?: Emitter;
  /** Derived fields, and what they become for `input`. */
  readonly derived: readonly string[];
  readonly payload: Kind;
}

const game = { to: "game", lane: "critical", recovered: true, emitter: "GameEventEmitter" } as const;
const late = { ...game, lane: "normal" } as const;
const user = { to: "user", lane: "critical", recovered: true, emitter: "SPEventEmitter" } as const;
const socket = { to: "socket", lane: "socket", recovered: false } as const;
const typed = ["type", "timestamp"] as const;

const named = (name: string, fields: Fields): Kind => closed({ type: literal(name), ...fields, timestamp: stamp });
const bare = (fields: Fields): Kind => closed({ ...fields, timestamp: stamp });

export const eventTable: Readonly<Record<string, EventRow>> = {
  game_started: {
    ...game,
    app: "game:started",
    derived: typed,
    payload: named("game_started", {
      game_session_id: text,
      initial_state: open({ "currentScene?": text, "playerStatus?": object, "worldState?": object }),
    }),
  },
  narrative_update: {
    ...game,
    app: "game:narrative_update",
    derived: typed,
    payload: named("narrative_update", { narrative_type: text, narrative: text }),
  },
  action_result: {
    ...game,
    app: "game:action_result",
    derived: typed,
    payload: named("action_result", { user_id: text, action: text, result: object }),
  },
  state_update: {
    ...late,
    app: "game:state_update",
    coalesce: { merge: "update" },
    derived: typed,
    payload: named("state_update", { update: object }),
  },
  player_status_update: {
    ...late,
    app: "game:player_status_update",
    coalesce: { latest: true, key: "user_id" },
    derived: typed,
    payload: named("player_status_update", { user_id: text, status: object }),
  },
  game_ended: {
    ...game,
    app: "game:ended",
    derived: typed,
    payload: named("game_ended", { reason: text, "final_state?": object }),
  },
  game_error: {
    ...game,
    app: "game:error",
    derived: typed,
    payload: named("game_error", { error_type: text, message: text }),
  },
  game_update: {
    ...late,
    app: "game:update",
    derived: ["timestamp"],
    payload: bare({ type: text, "action?": text, "result?": object }),
  },
  game_progress: {
    ...game,
    app: "game:progress",
    lane: "low",
    recovered: false,
    coalesce: { latest: true },
    derived: typed,
    payload: named("ai_processing_progress", {
      percentage: percent,
      message: text,
      "current_task?": text,
      "estimated_time_remaining?": seconds,
      details: object,
      elapsed_time: seconds,
    }),
  },
  processing_started: {
    ...late,
    app: "game:processing_started",
    derived: typed,
    payload: named("processing_started", { action: text, status: text }),
  },
  processing_completed: {
    ...late,
    app: "game:processing_completed",
    derived: typed,
    payload: named("processing_completed", { status: text }),
  },
  message_added: {
    ...game,
    app: "game:message_added",
    derived: typed,
    payload: named("message_added", {
      message: closed({
        id: text,
        content: text,
        message_type: oneOf("MessageType", "player_action gm_narrative system_event"),
        sender_type: oneOf("SenderType", "player gm system"),
        turn_number: count,
        "metadata?": object,
        created_at: stamp,
      }),
      "choices?": choices,
    }),
  },
  choices_update: {
    ...game,
    app: "game:choices_update",
    derived: typed,
    payload: bare({ "type?": literal("choices_update"), choices, "turn_number?": count }),
  },
  npc_encounter: {
    ...game,
    app: "game:npc_encounter",
    derived: typed,
    payload: named("npc_encounter", {
      encounter_type: text,
      npc: closed({
        npc_id: text,
        name: text,
        "title?": text,
        npc_type: oneOf("NpcType", "LOG_NPC PERMANENT_NPC TEMPORARY_NPC"),
        personality_traits: list(text),
        behavior_patterns: list(text),
        skills: list(text),
        "appearance?": text,
        "backstory?": text,
        "original_player?": text,
        "log_source?": text,
        contamination_level: number,
        persistence_level: number,
        "current_location?": text,
        is_active: flag,
      }),
      "choices?": list(
        closed({
          id: text,
          text,
          "difficulty?": oneOf("ChoiceDifficulty", "easy medium hard"),
          "requirements?": object,
        }),
      ),
    }),
  },
  npc_action_result: {
    ...game,
    app: "game:npc_action_result",
    derived: typed,
    payload: named("npc_action_result", {
      npc_id: text,
      action: text,
      result: text,
      "state_changes?": object,
      "rewards?": list(closed({ type: text, amount: number, "item?": json })),
    }),
  },
  battle_start: {
    ...game,
    app: "game:battle_start",
    derived: typed,
    payload: named("battle_start", { battle_data: battle }),
  },
  battle_update: {
    ...late,
    app: "game:battle_update",
    coalesce: { latest: true },
    derived: typed,
    payload: named("battle_update", { battle_data: battle }),
  },
  system_message: {
    ...game,
    app: "game:system_message",
    derived: typed,
    payload: bare({ message: text, "type?": literal("system_message") }),
  },
  joined_game: {
    ...socket,
    app: "game:joined",
    derived: ["message", "timestamp"],
    payload: bare({ message: text, game_session_id: text }),
  },
  left_game: { ...socket, app: "game:left", derived: ["message", "timestamp"], payload: bare({ message: text }) },
  player_joined: {
    to: "game",
    lane: "normal",
    recovered: false,
    app: "game:player_joined",
    derived: ["timestamp"],
    payload: bare({ user_id: text }),
  },
  player_left: {
    to: "game",
    lane: "normal",
    recovered: false,
    app: "game:player_left",
    derived: ["timestamp"],
    payload: bare({ user_id: text }),
  },
  action_received: {
    ...socket,
    app: "game:action_received",
    derived: ["message", "timestamp"],
    payload: bare({ message: text, action: text }),
  },
  chat_message: {
    ...game,
    app: "chat:message",
    derived: ["timestamp"],
    payload: bare({ user_id: text, message: text }),
  },
  sp_update: {
    ...user,
    app: "sp:update",
    derived: ["type", "balance_before", "balance_after", "timestamp"],
    payload: named("sp_update", {
      current_sp: count,
      amount_changed: integer,
      transaction_type: transactionType,
      description: text,
      balance_before: count,
      balance_after: count,
      "metadata?": object,
    }),
  },
  sp_insufficient: {
    ...user,
    app: "sp:insufficient",
    derived: ["type", "message", "timestamp"],
    payload: named("sp_insufficient", { required_amount: count, current_sp: count, action: text, message: text }),
  },
  sp_daily_recovery: {
    ...user,
    app: "sp:daily_recovery",
    derived: ["type", "total_amount", "message", "timestamp"],
    payload: named("sp_daily_recovery", {
      success: flag,
      recovered_amount: count,
      subscription_bonus: count,
      login_bonus: count,
      consecutive_days: count,
      total_amount: count,
      balance_after: count,
      message: text,
    }),
  },
  purchase_completed: {
    ...user,
    app: "sp:purchase_completed",
    derived: typed,
    payload: named("purchase_completed", { purchase_id: text, status: purchaseStatus, sp_amount: count }),
  },
  purchase_failed: {
    ...user,
    app: "sp:purchase_failed",
    derived: typed,
    payload: named("purchase_failed", { purchase_id: text, status: purchaseStatus, sp_amount: count, "error?": text }),
  },
  connected: {
    ...socket,
    app: "server:connected",
    derived: ["message", "timestamp"],
    payload: bare({ message: text, sid: text }),
  },
  notification: {
    ...user,
    emitter: "NotificationEmitter",
    app: "notification:received",
    derived: ["timestamp"],
    payload: {
      is: "variants",
      by: "type",
      variants: {
        system_notification: {
          notification_type: oneOf("NotificationType", "info success warning error"),
          title: text,
          message: text,
          timestamp: stamp,
        },
        achievement: { achievement: closed({ "id?": text, name: text, description: text }), timestamp: stamp },
        friend_request: { from_user: closed({ "id?": text, name: text }), timestamp: stamp },
      },
    },
  },
  error: {
    ...socket,
    app: "server:error",
    derived: ["timestamp"],
    payload: closed({ message: text, "error?": text, "timestamp?": stamp }),
  },
  pong: { ...socket, app: "server:pong", derived: [], payload: bare({}) },
};

export interface CommandRow {
  readonly payload: Kind;
  readonly ack: Kind;
  readonly offline: "queue" | "drop" | "reject" | "state";
  readonly room?: "game";
  readonly serial?: "room";
  readonly refusals: readonly string[];
}

export const commandTable: Readonly<Record<string, CommandRow>> = {
  join_game: {
    payload: closed({ game_session_id: id, "user_id?": id }),
    ack: closed({ game_session_id: text, members: list(text) }),
    offline: "state",
    room: "game",
    refusals: [],
  },
  leave_game: {
    payload: closed({ game_session_id: id, "user_id?": id }),
    ack: closed({}),
    offline: "state",
    room: "game",
    refusals: [],
  },
  game_action: {
    payload: closed({ game_session_id: id, action: line, "user_id?": id }),
    ack: closed({}),
    offline: "queue",
    room: "game",
    serial: "room",
    refusals: ["sp_insufficient"],
  },
  chat_message: {
    payload: closed({ game_session_id: id, message: line, "user_id?": id }),
    ack: closed({}),
    offline: "queue",
    room: "game",
    refusals: [],
  },
  npc_action: {
    payload: closed({ game_session_id: id, npc_id: id, action: line, "user_id?": id }),
    ack: closed({}),
    offline: "queue",
    room: "game",
    serial: "room",
    refusals: ["sp_insufficient"],
  },
  ping: { payload: closed({ timestamp: stamp }), ack: closed({ server_time: stamp }), offline: "drop", refusals: [] },
};

/** The standard texts, filled for these inputs. */
export const standardTexts: readonly (readonly [event: string, input: object, message: string])[] = [
  ["connected", { sid: "x" }, "正常に接続されました"],
  ["joined_game", { game_session_id: "session-1" }, "ゲームセッションに参加しました"],
  ["left_game", {}, "ゲームセッションから退出しました"],
  ["action_received", { action: "見回す" }, "アクションを受信しました"],
  [
    "sp_insufficient",
    { required_amount: 500, current_sp: 120, action: "高額アクション" },
    "SP残高が不足しています。必要: 500, 現在: 120",
  ],
  [
    "sp_daily_recovery",
    {
      success: true,
      recovered_amount: 10,
      subscription_bonus: 20,
      login_bonus: 5,
      consecutive_days: 7,
      balance_after: 205,
    },
    "SP +35 を獲得しました！",
  ],
];
