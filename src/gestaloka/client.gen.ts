// Written by `gestaloka-events generate` from the contract beside it. Do not edit: change the contract.
import {
  type ClientParts,
  type Contract,
  choice,
  clientContract,
  closed,
  exact,
  finite,
  fits,
  flag,
  integer,
  json,
  list,
  literal,
  maybe,
  open,
  optional,
  type ParsedRoom,
  points,
  text,
  timestamp,
  whole,
  word,
} from "../shapes/index.js";
import type { GestalokaTypes } from "./types.gen.js";

/** The version of the contract; ends of different majors refuse each other. */
export const CONTRACT_VERSION = "1.0.0";

const parts = (): ClientParts => {
  const battleStartBattleData = open({
    state: word,
    turn_count: whole,
    combatants: list(
      closed({
        id: text,
        name: text,
        type: word,
        hp: finite,
        max_hp: finite,
        mp: maybe(finite),
        max_mp: maybe(finite),
        attack: maybe(finite),
        defense: maybe(finite),
        speed: maybe(finite),
        status_effects: maybe(list(text)),
        metadata: maybe(open()),
      }),
    ),
  });
  const playerJoined = closed({ user_id: text, timestamp });
  const joinGameCommand = exact({ game_session_id: points(1, 128), user_id: optional(points(1, 128)) });
  return {
    events: [
      [
        "game_started",
        "game:started",
        "game",
        "critical",
        true,
        (name) =>
          closed({
            type: name,
            game_session_id: text,
            initial_state: open({ currentScene: maybe(text), playerStatus: maybe(open()), worldState: maybe(open()) }),
            timestamp,
          }),
      ],
      [
        "narrative_update",
        "game:*",
        "game",
        "critical",
        true,
        (name) => closed({ type: name, narrative_type: text, narrative: text, timestamp }),
      ],
      [
        "action_result",
        "game:*",
        "game",
        "critical",
        true,
        (name) => closed({ type: name, user_id: text, action: text, result: open(), timestamp }),
      ],
      ["state_update", "game:*", "game", "normal", true, (name) => closed({ type: name, update: open(), timestamp })],
      [
        "player_status_update",
        "game:*",
        "game",
        "normal",
        true,
        (name) => closed({ type: name, user_id: text, status: open(), timestamp }),
      ],
      [
        "game_ended",
        "game:ended",
        "game",
        "critical",
        true,
        (name) => closed({ type: name, reason: text, final_state: maybe(open()), timestamp }),
      ],
      [
        "game_error",
        "game:error",
        "game",
        "critical",
        true,
        (name) => closed({ type: name, error_type: text, message: text, timestamp }),
      ],
      [
        "game_update",
        "game:update",
        "game",
        "normal",
        true,
        () => closed({ type: text, action: maybe(text), result: maybe(open()), timestamp }),
      ],
      [
        "game_progress",
        "game:progress",
        "game",
        "low",
        false,
        () =>
          closed({
            type: literal("ai_processing_progress"),
            percentage: fits(
              (v: number) => Number.isFinite(v) && v >= 0 && v <= 100,
              "finite number, at least 0, at most 100",
            ),
            message: text,
            current_task: maybe(text),
            estimated_time_remaining: maybe(
              fits((v: number) => Number.isFinite(v) && v >= 0, "finite number, at least 0"),
            ),
            details: open(),
            elapsed_time: fits((v: number) => Number.isFinite(v) && v >= 0, "finite number, at least 0"),
            timestamp,
          }),
      ],
      [
        "processing_started",
        "game:*",
        "game",
        "normal",
        true,
        (name) => closed({ type: name, action: text, status: text, timestamp }),
      ],
      [
        "processing_completed",
        "game:*",
        "game",
        "normal",
        true,
        (name) => closed({ type: name, status: text, timestamp }),
      ],
      [
        "message_added",
        "game:*",
        "game",
        "critical",
        true,
        (name) =>
          closed({
            type: name,
            message: closed({
              id: text,
              content: text,
              message_type: word,
              sender_type: word,
              turn_number: whole,
              metadata: maybe(open()),
              created_at: timestamp,
            }),
            choices: maybe(list(closed({ id: text, text, description: maybe(text) }))),
            timestamp,
          }),
      ],
      [
        "choices_update",
        "game:*",
        "game",
        "critical",
        true,
        (name) =>
          closed({
            type: maybe(name),
            choices: list(closed({ id: text, text, description: maybe(text) })),
            turn_number: maybe(whole),
            timestamp,
          }),
      ],
      [
        "chat_message",
        "chat:message",
        "game",
        "critical",
        true,
        () => closed({ user_id: text, message: text, timestamp }),
      ],
      [
        "npc_encounter",
        "game:*",
        "game",
        "critical",
        true,
        (name) =>
          closed({
            type: name,
            encounter_type: text,
            npc: closed({
              npc_id: text,
              name: text,
              title: maybe(text),
              npc_type: word,
              personality_traits: list(text),
              behavior_patterns: list(text),
              skills: list(text),
              appearance: maybe(text),
              backstory: maybe(text),
              original_player: maybe(text),
              log_source: maybe(text),
              contamination_level: finite,
              persistence_level: finite,
              current_location: maybe(text),
              is_active: flag,
            }),
            choices: maybe(list(closed({ id: text, text, difficulty: maybe(word), requirements: maybe(open()) }))),
            timestamp,
          }),
      ],
      [
        "npc_action_result",
        "game:*",
        "game",
        "critical",
        true,
        (name) =>
          closed({
            type: name,
            npc_id: text,
            action: text,
            result: text,
            state_changes: maybe(open()),
            rewards: maybe(list(closed({ type: text, amount: finite, item: maybe(json) }))),
            timestamp,
          }),
      ],
      [
        "battle_start",
        "game:*",
        "game",
        "critical",
        true,
        (name) => closed({ type: name, battle_data: battleStartBattleData, timestamp }),
      ],
      [
        "battle_update",
        "game:*",
        "game",
        "normal",
        true,
        (name) => closed({ type: name, battle_data: battleStartBattleData, timestamp }),
      ],
      [
        "sp_update",
        "sp:update",
        "user",
        "critical",
        true,
        (name) =>
          closed({
            type: name,
            current_sp: whole,
            amount_changed: integer,
            transaction_type: word,
            description: text,
            balance_before: whole,
            balance_after: whole,
            metadata: maybe(open()),
            timestamp,
          }),
      ],
      [
        "sp_insufficient",
        "sp:insufficient",
        "user",
        "critical",
        true,
        (name) =>
          closed({ type: name, required_amount: whole, current_sp: whole, action: text, message: text, timestamp }),
      ],
      [
        "sp_daily_recovery",
        "sp:daily_recovery",
        "user",
        "critical",
        true,
        (name) =>
          closed({
            type: name,
            success: flag,
            recovered_amount: whole,
            subscription_bonus: whole,
            login_bonus: whole,
            consecutive_days: whole,
            total_amount: whole,
            balance_after: whole,
            message: text,
            timestamp,
          }),
      ],
      [
        "purchase_completed",
        "sp:*",
        "user",
        "critical",
        true,
        (name) => closed({ type: name, purchase_id: text, status: word, sp_amount: whole, timestamp }),
      ],
      [
        "purchase_failed",
        "sp:*",
        "user",
        "critical",
        true,
        (name) =>
          closed({ type: name, purchase_id: text, status: word, sp_amount: whole, error: maybe(text), timestamp }),
      ],
      ["connected", "server:*", "socket", "normal", false, () => closed({ message: text, sid: text, timestamp })],
      [
        "notification",
        "*:received",
        "user",
        "critical",
        true,
        () =>
          choice("type", {
            system_notification: closed({
              type: literal("system_notification"),
              notification_type: word,
              title: text,
              message: text,
              timestamp,
            }),
            achievement: closed({
              type: literal("achievement"),
              achievement: closed({ id: maybe(text), name: text, description: text }),
              timestamp,
            }),
            friend_request: closed({
              type: literal("friend_request"),
              from_user: closed({ id: maybe(text), name: text }),
              timestamp,
            }),
          }),
        { discriminator: "type" },
      ],
      [
        "system_message",
        "game:*",
        "game",
        "critical",
        true,
        (name) => closed({ message: text, type: maybe(name), timestamp }),
      ],
      [
        "joined_game",
        "game:joined",
        "socket",
        "normal",
        false,
        () => closed({ message: text, game_session_id: text, timestamp }),
      ],
      ["left_game", "game:left", "socket", "normal", false, () => closed({ message: text, timestamp })],
      ["player_joined", "game:*", "game", "normal", false, () => playerJoined],
      ["player_left", "game:*", "game", "normal", false, () => playerJoined],
      [
        "action_received",
        "game:*",
        "socket",
        "normal",
        false,
        () => closed({ message: text, action: text, timestamp }),
      ],
      [
        "error",
        "server:*",
        "socket",
        "normal",
        false,
        () => closed({ message: text, error: maybe(text), timestamp: maybe(timestamp) }),
      ],
      ["pong", "server:*", "socket", "normal", false, () => closed({ timestamp })],
    ],
    commands: [
      ["join_game", "game", "drop", true, joinGameCommand, closed({ game_session_id: text, members: list(text) })],
      ["leave_game", "game", "drop", true, joinGameCommand, closed({})],
      [
        "game_action",
        "game",
        "queue",
        true,
        exact({ game_session_id: points(1, 128), action: points(1, 2000), user_id: optional(points(1, 128)) }),
        closed({}),
        { serial: "room", refusals: ["sp_insufficient"] },
      ],
      [
        "chat_message",
        "game",
        "queue",
        true,
        exact({ game_session_id: points(1, 128), message: points(1, 2000), user_id: optional(points(1, 128)) }),
        closed({}),
      ],
      [
        "npc_action",
        "game",
        "queue",
        true,
        exact({
          game_session_id: points(1, 128),
          npc_id: points(1, 128),
          action: points(1, 2000),
          user_id: optional(points(1, 128)),
        }),
        closed({}),
        { serial: "room", refusals: ["sp_insufficient"] },
      ],
      ["ping", undefined, "drop", false, exact({ timestamp }), closed({ server_time: timestamp })],
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
      },
    ],
  };
};

/** What a client needs of the contract gestaloka: names, rooms, and shapes that judge what it reads and sends. */
export const contract: Contract<GestalokaTypes> = /* @__PURE__ */ clientContract("gestaloka", CONTRACT_VERSION, parts);

/** The names of rooms: `rooms.<kind>(id)`. Throws `room_invalid` for an id that cannot stand in one. */
export const rooms: Contract<GestalokaTypes>["rooms"] = {
  user: (id) => contract.rooms.user(id),
  game: (id) => contract.rooms.game(id),
};

/** Takes a room's name apart; `undefined` for a text that names no room of this contract. */
export function parseRoom(text: string): ParsedRoom | undefined {
  return contract.parseRoom(text);
}
