// Written by `gestaloka-events generate` from the contract beside it. Do not edit: change the contract.
import type { CommandAnswer } from "../compiled/index.js";

/** Part of GameStartedPayload. */
export interface GameStartedInitialState {
  /** Where the game begins */
  currentScene?: string | null | undefined;
  /** How the player is */
  playerStatus?: { [key: string]: unknown } | null | undefined;
  /** How the world is */
  worldState?: { [key: string]: unknown } | null | undefined;
  [key: string]: unknown;
}

/** A game session began. */
export interface GameStartedPayload {
  type: "game_started";
  /** The game session */
  game_session_id: string;
  initial_state: GameStartedInitialState;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Part of GameStartedInput. */
export interface GameStartedInitialStateInput {
  /** Where the game begins */
  currentScene?: string | undefined;
  /** How the player is */
  playerStatus?: object | undefined;
  /** How the world is */
  worldState?: object | undefined;
}

/** A game session began. As a writer gives it. */
export interface GameStartedInput {
  /** Where left out: "game_started". */
  type?: "game_started" | undefined;
  /** The game session */
  game_session_id: string;
  initial_state: GameStartedInitialStateInput | (GameStartedInitialStateInput & { readonly [key: string]: unknown });
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** The story goes on. */
export interface NarrativeUpdatePayload {
  type: "narrative_update";
  /** What kind of narrative it is; known values: general, introduction */
  narrative_type: string;
  /** The story, as the player reads it */
  narrative: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The story goes on. As a writer gives it. */
export interface NarrativeUpdateInput {
  /** Where left out: "narrative_update". */
  type?: "narrative_update" | undefined;
  /** What kind of narrative it is; known values: general, introduction */
  narrative_type: string;
  /** The story, as the player reads it */
  narrative: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** What came of a player's action. */
export interface ActionResultPayload {
  type: "action_result";
  /** The user who acted */
  user_id: string;
  /** What was done */
  action: string;
  /** What came of it */
  result: { [key: string]: unknown };
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** What came of a player's action. As a writer gives it. */
export interface ActionResultInput {
  /** Where left out: "action_result". */
  type?: "action_result" | undefined;
  /** The user who acted */
  user_id: string;
  /** What was done */
  action: string;
  /** What came of it */
  result: object;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Part of the game's state changed. */
export interface StateUpdatePayload {
  type: "state_update";
  /** The part of the game's state that changed; merged into it, one level deep */
  update: { [key: string]: unknown };
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Part of the game's state changed. As a writer gives it. */
export interface StateUpdateInput {
  /** Where left out: "state_update". */
  type?: "state_update" | undefined;
  /** The part of the game's state that changed; merged into it, one level deep */
  update: object;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** A player's status changed. */
export interface PlayerStatusUpdatePayload {
  type: "player_status_update";
  /** The user whose status it is */
  user_id: string;
  /** The whole status */
  status: { [key: string]: unknown };
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** A player's status changed. As a writer gives it. */
export interface PlayerStatusUpdateInput {
  /** Where left out: "player_status_update". */
  type?: "player_status_update" | undefined;
  /** The user whose status it is */
  user_id: string;
  /** The whole status */
  status: object;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** A game session ended. */
export interface GameEndedPayload {
  type: "game_ended";
  /** Why it ended */
  reason: string;
  /** The game's last state */
  final_state?: { [key: string]: unknown } | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** A game session ended. As a writer gives it. */
export interface GameEndedInput {
  /** Where left out: "game_ended". */
  type?: "game_ended" | undefined;
  /** Why it ended */
  reason: string;
  /** The game's last state */
  final_state?: object | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Something went wrong in a game session. */
export interface GameErrorPayload {
  type: "game_error";
  /** A code for what went wrong */
  error_type: string;
  /** Text for the player */
  message: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Something went wrong in a game session. As a writer gives it. */
export interface GameErrorInput {
  /** Where left out: "game_error". */
  type?: "game_error" | undefined;
  /** A code for what went wrong */
  error_type: string;
  /** Text for the player */
  message: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Echoes another event in its older form. */
export interface GameUpdatePayload {
  /** The name of the event that it echoes; any text */
  type: string;
  /** What was done */
  action?: string | null | undefined;
  /** What came of it */
  result?: { [key: string]: unknown } | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Echoes another event in its older form. As a writer gives it. */
export interface GameUpdateInput {
  /** The name of the event that it echoes; any text */
  type: string;
  /** What was done */
  action?: string | undefined;
  /** What came of it */
  result?: object | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** How far the game master's work has come. */
export interface GameProgressPayload {
  type: "ai_processing_progress";
  /** How far the work has come, in percent */
  percentage: number;
  /** Text for the player */
  message: string;
  /** What is being done */
  current_task?: string | null | undefined;
  /** How long it may still take, in seconds */
  estimated_time_remaining?: number | null | undefined;
  /** Further facts about the work */
  details: { [key: string]: unknown };
  /** How long it has taken, in seconds */
  elapsed_time: number;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** How far the game master's work has come. As a writer gives it. */
export interface GameProgressInput {
  /** Where left out: "ai_processing_progress". */
  type?: "ai_processing_progress" | undefined;
  /** How far the work has come, in percent */
  percentage: number;
  /** Text for the player */
  message: string;
  /** What is being done */
  current_task?: string | undefined;
  /** How long it may still take, in seconds */
  estimated_time_remaining?: number | undefined;
  /** Further facts about the work */
  details: object;
  /** How long it has taken, in seconds */
  elapsed_time: number;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** The game master began to work on an action. */
export interface ProcessingStartedPayload {
  type: "processing_started";
  /** The action that is being worked on */
  action: string;
  /** What is being done, as the player reads it */
  status: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The game master began to work on an action. As a writer gives it. */
export interface ProcessingStartedInput {
  /** Where left out: "processing_started". */
  type?: "processing_started" | undefined;
  /** The action that is being worked on */
  action: string;
  /** What is being done, as the player reads it */
  status: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** The game master finished its work on an action. */
export interface ProcessingCompletedPayload {
  type: "processing_completed";
  /** What was done, as the player reads it */
  status: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The game master finished its work on an action. As a writer gives it. */
export interface ProcessingCompletedInput {
  /** Where left out: "processing_completed". */
  type?: "processing_completed" | undefined;
  /** What was done, as the player reads it */
  status: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** What a message of the game's record tells */
export type MessageType = "player_action" | "gm_narrative" | "system_event";

/** Who wrote a message */
export type SenderType = "player" | "gm" | "system";

/** The message */
export interface MessageAddedMessage {
  /** The message */
  id: string;
  /** Its text */
  content: string;
  /** What a message of the game's record tells */
  message_type: MessageType | (string & {});
  /** Who wrote a message */
  sender_type: SenderType | (string & {});
  /** The turn in which it was written */
  turn_number: number;
  /** Further facts about it */
  metadata?: { [key: string]: unknown } | null | undefined;
  /** When it was written: ISO 8601; without a zone it means UTC */
  created_at: string;
}

/** Part of MessageAddedPayload. */
export interface MessageAddedChoice {
  /** The choice, as an action names it */
  id: string;
  /** What the player reads */
  text: string;
  /** What the choice leads to */
  description?: string | null | undefined;
}

/** A message was added to the game's record. */
export interface MessageAddedPayload {
  type: "message_added";
  /** The message */
  message: MessageAddedMessage;
  /** What the player may do next */
  choices?: MessageAddedChoice[] | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The message */
export interface MessageAddedMessageInput {
  /** The message */
  id: string;
  /** Its text */
  content: string;
  /** What a message of the game's record tells */
  message_type: MessageType;
  /** Who wrote a message */
  sender_type: SenderType;
  /** The turn in which it was written */
  turn_number: number;
  /** Further facts about it */
  metadata?: object | undefined;
  /** When it was written: ISO 8601; without a zone it means UTC */
  created_at: string;
}

/** Part of MessageAddedInput. */
export interface MessageAddedChoiceInput {
  /** The choice, as an action names it */
  id: string;
  /** What the player reads */
  text: string;
  /** What the choice leads to */
  description?: string | undefined;
}

/** A message was added to the game's record. As a writer gives it. */
export interface MessageAddedInput {
  /** Where left out: "message_added". */
  type?: "message_added" | undefined;
  /** The message */
  message: MessageAddedMessageInput;
  /** What the player may do next */
  choices?: readonly MessageAddedChoiceInput[] | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Part of ChoicesUpdatePayload. */
export interface ChoicesUpdateChoice {
  /** The choice, as an action names it */
  id: string;
  /** What the player reads */
  text: string;
  /** What the choice leads to */
  description?: string | null | undefined;
}

/** The players have other choices. */
export interface ChoicesUpdatePayload {
  type?: "choices_update" | null | undefined;
  /** What the player may do next */
  choices: ChoicesUpdateChoice[];
  /** The turn to which the choices belong */
  turn_number?: number | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Part of ChoicesUpdateInput. */
export interface ChoicesUpdateChoiceInput {
  /** The choice, as an action names it */
  id: string;
  /** What the player reads */
  text: string;
  /** What the choice leads to */
  description?: string | undefined;
}

/** The players have other choices. As a writer gives it. */
export interface ChoicesUpdateInput {
  /** Where left out: "choices_update". */
  type?: "choices_update" | undefined;
  /** What the player may do next */
  choices: readonly ChoicesUpdateChoiceInput[];
  /** The turn to which the choices belong */
  turn_number?: number | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** A player said something. */
export interface ChatMessagePayload {
  /** The user who spoke */
  user_id: string;
  /** What was said */
  message: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** A player said something. As a writer gives it. */
export interface ChatMessageInput {
  /** The user who spoke */
  user_id: string;
  /** What was said */
  message: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Where an NPC comes from and how long it stays */
export type NpcType = "LOG_NPC" | "PERMANENT_NPC" | "TEMPORARY_NPC";

/** Who is met */
export interface NpcEncounterNpc {
  /** The NPC */
  npc_id: string;
  /** Its name */
  name: string;
  /** Its title */
  title?: string | null | undefined;
  /** Where an NPC comes from and how long it stays */
  npc_type: NpcType | (string & {});
  /** Its traits */
  personality_traits: string[];
  /** What it tends to do */
  behavior_patterns: string[];
  /** What it can do */
  skills: string[];
  /** What it looks like */
  appearance?: string | null | undefined;
  /** Where it comes from */
  backstory?: string | null | undefined;
  /** The user whose log it was made of */
  original_player?: string | null | undefined;
  /** The log it was made of */
  log_source?: string | null | undefined;
  /** How far its log is contaminated */
  contamination_level: number;
  /** How strongly it persists */
  persistence_level: number;
  /** Where it is */
  current_location?: string | null | undefined;
  /** Whether it acts */
  is_active: boolean;
}

/** How hard a choice is */
export type ChoiceDifficulty = "easy" | "medium" | "hard";

/** Part of NpcEncounterPayload. */
export interface NpcEncounterChoice {
  /** The choice, as an action names it */
  id: string;
  /** What the player reads */
  text: string;
  /** How hard a choice is */
  difficulty?: ChoiceDifficulty | (string & {}) | null | undefined;
  /** What the player needs for it */
  requirements?: { [key: string]: unknown } | null | undefined;
}

/** The players of a game meet an NPC. */
export interface NpcEncounterPayload {
  type: "npc_encounter";
  /** How it came about; known values: log_npc, log_npc_multiple, dispatch_log_encounter */
  encounter_type: string;
  /** Who is met */
  npc: NpcEncounterNpc;
  /** What the player may do */
  choices?: NpcEncounterChoice[] | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Who is met */
export interface NpcEncounterNpcInput {
  /** The NPC */
  npc_id: string;
  /** Its name */
  name: string;
  /** Its title */
  title?: string | undefined;
  /** Where an NPC comes from and how long it stays */
  npc_type: NpcType;
  /** Its traits */
  personality_traits: readonly string[];
  /** What it tends to do */
  behavior_patterns: readonly string[];
  /** What it can do */
  skills: readonly string[];
  /** What it looks like */
  appearance?: string | undefined;
  /** Where it comes from */
  backstory?: string | undefined;
  /** The user whose log it was made of */
  original_player?: string | undefined;
  /** The log it was made of */
  log_source?: string | undefined;
  /** How far its log is contaminated */
  contamination_level: number;
  /** How strongly it persists */
  persistence_level: number;
  /** Where it is */
  current_location?: string | undefined;
  /** Whether it acts */
  is_active: boolean;
}

/** Part of NpcEncounterInput. */
export interface NpcEncounterChoiceInput {
  /** The choice, as an action names it */
  id: string;
  /** What the player reads */
  text: string;
  /** How hard a choice is */
  difficulty?: ChoiceDifficulty | undefined;
  /** What the player needs for it */
  requirements?: object | undefined;
}

/** The players of a game meet an NPC. As a writer gives it. */
export interface NpcEncounterInput {
  /** Where left out: "npc_encounter". */
  type?: "npc_encounter" | undefined;
  /** How it came about; known values: log_npc, log_npc_multiple, dispatch_log_encounter */
  encounter_type: string;
  /** Who is met */
  npc: NpcEncounterNpcInput;
  /** What the player may do */
  choices?: readonly NpcEncounterChoiceInput[] | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Part of NpcActionResultPayload. */
export interface NpcActionResultReward {
  /** What kind of reward it is */
  type: string;
  /** How much of it */
  amount: number;
  /** The item itself, as the game keeps it */
  item?: unknown | null;
}

/** What came of an action towards an NPC. */
export interface NpcActionResultPayload {
  type: "npc_action_result";
  /** The NPC */
  npc_id: string;
  /** What was done */
  action: string;
  /** What came of it */
  result: string;
  /** What changed in the game's state */
  state_changes?: { [key: string]: unknown } | null | undefined;
  /** What the players gained */
  rewards?: NpcActionResultReward[] | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Part of NpcActionResultInput. */
export interface NpcActionResultRewardInput {
  /** What kind of reward it is */
  type: string;
  /** How much of it */
  amount: number;
  /** The item itself, as the game keeps it */
  item?: unknown;
}

/** What came of an action towards an NPC. As a writer gives it. */
export interface NpcActionResultInput {
  /** Where left out: "npc_action_result". */
  type?: "npc_action_result" | undefined;
  /** The NPC */
  npc_id: string;
  /** What was done */
  action: string;
  /** What came of it */
  result: string;
  /** What changed in the game's state */
  state_changes?: object | undefined;
  /** What the players gained */
  rewards?: readonly NpcActionResultRewardInput[] | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** The phase that a battle is in */
export type BattleState = "none" | "starting" | "in_progress" | "player_turn" | "enemy_turn" | "ending" | "finished";

/** What fights */
export type CombatantType = "player" | "npc" | "monster" | "boss";

/** Part of BattleStartBattleData. */
export interface BattleStartBattleDataCombatant {
  /** The combatant */
  id: string;
  /** Its name */
  name: string;
  /** What fights */
  type: CombatantType | (string & {});
  /** Hit points left */
  hp: number;
  /** Hit points when unhurt */
  max_hp: number;
  /** Magic points left */
  mp?: number | null | undefined;
  /** Magic points when rested */
  max_mp?: number | null | undefined;
  /** Attack strength */
  attack?: number | null | undefined;
  /** Defence strength */
  defense?: number | null | undefined;
  /** Who is faster acts first */
  speed?: number | null | undefined;
  /** What it suffers or enjoys, such as poison */
  status_effects?: string[] | null | undefined;
  /** Further facts about it */
  metadata?: { [key: string]: unknown } | null | undefined;
}

/** Part of BattleStartPayload. */
export interface BattleStartBattleData {
  /** The phase that a battle is in */
  state: BattleState | (string & {});
  /** Turns so far */
  turn_count: number;
  /** Who fights */
  combatants: BattleStartBattleDataCombatant[];
  [key: string]: unknown;
}

/** A battle begins. */
export interface BattleStartPayload {
  type: "battle_start";
  battle_data: BattleStartBattleData;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Part of BattleStartBattleDataInput. */
export interface BattleStartBattleDataCombatantInput {
  /** The combatant */
  id: string;
  /** Its name */
  name: string;
  /** What fights */
  type: CombatantType;
  /** Hit points left */
  hp: number;
  /** Hit points when unhurt */
  max_hp: number;
  /** Magic points left */
  mp?: number | undefined;
  /** Magic points when rested */
  max_mp?: number | undefined;
  /** Attack strength */
  attack?: number | undefined;
  /** Defence strength */
  defense?: number | undefined;
  /** Who is faster acts first */
  speed?: number | undefined;
  /** What it suffers or enjoys, such as poison */
  status_effects?: readonly string[] | undefined;
  /** Further facts about it */
  metadata?: object | undefined;
}

/** Part of BattleStartInput. */
export interface BattleStartBattleDataInput {
  /** The phase that a battle is in */
  state: BattleState;
  /** Turns so far */
  turn_count: number;
  /** Who fights */
  combatants: readonly BattleStartBattleDataCombatantInput[];
}

/** A battle begins. As a writer gives it. */
export interface BattleStartInput {
  /** Where left out: "battle_start". */
  type?: "battle_start" | undefined;
  battle_data: BattleStartBattleDataInput | (BattleStartBattleDataInput & { readonly [key: string]: unknown });
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Part of BattleUpdateBattleData. */
export interface BattleUpdateBattleDataCombatant {
  /** The combatant */
  id: string;
  /** Its name */
  name: string;
  /** What fights */
  type: CombatantType | (string & {});
  /** Hit points left */
  hp: number;
  /** Hit points when unhurt */
  max_hp: number;
  /** Magic points left */
  mp?: number | null | undefined;
  /** Magic points when rested */
  max_mp?: number | null | undefined;
  /** Attack strength */
  attack?: number | null | undefined;
  /** Defence strength */
  defense?: number | null | undefined;
  /** Who is faster acts first */
  speed?: number | null | undefined;
  /** What it suffers or enjoys, such as poison */
  status_effects?: string[] | null | undefined;
  /** Further facts about it */
  metadata?: { [key: string]: unknown } | null | undefined;
}

/** Part of BattleUpdatePayload. */
export interface BattleUpdateBattleData {
  /** The phase that a battle is in */
  state: BattleState | (string & {});
  /** Turns so far */
  turn_count: number;
  /** Who fights */
  combatants: BattleUpdateBattleDataCombatant[];
  [key: string]: unknown;
}

/** The whole state of a battle after something changed in it. */
export interface BattleUpdatePayload {
  type: "battle_update";
  battle_data: BattleUpdateBattleData;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Part of BattleUpdateBattleDataInput. */
export interface BattleUpdateBattleDataCombatantInput {
  /** The combatant */
  id: string;
  /** Its name */
  name: string;
  /** What fights */
  type: CombatantType;
  /** Hit points left */
  hp: number;
  /** Hit points when unhurt */
  max_hp: number;
  /** Magic points left */
  mp?: number | undefined;
  /** Magic points when rested */
  max_mp?: number | undefined;
  /** Attack strength */
  attack?: number | undefined;
  /** Defence strength */
  defense?: number | undefined;
  /** Who is faster acts first */
  speed?: number | undefined;
  /** What it suffers or enjoys, such as poison */
  status_effects?: readonly string[] | undefined;
  /** Further facts about it */
  metadata?: object | undefined;
}

/** Part of BattleUpdateInput. */
export interface BattleUpdateBattleDataInput {
  /** The phase that a battle is in */
  state: BattleState;
  /** Turns so far */
  turn_count: number;
  /** Who fights */
  combatants: readonly BattleUpdateBattleDataCombatantInput[];
}

/** The whole state of a battle after something changed in it. As a writer gives it. */
export interface BattleUpdateInput {
  /** Where left out: "battle_update". */
  type?: "battle_update" | undefined;
  battle_data: BattleUpdateBattleDataInput | (BattleUpdateBattleDataInput & { readonly [key: string]: unknown });
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Why SP were gained or spent */
export type TransactionType =
  | "daily_recovery"
  | "purchase"
  | "achievement"
  | "event_reward"
  | "log_result"
  | "login_bonus"
  | "refund"
  | "free_action"
  | "log_dispatch"
  | "log_enhancement"
  | "memory_inheritance"
  | "system_function"
  | "movement"
  | "exploration"
  | "adjustment"
  | "migration"
  | "admin_grant"
  | "admin_deduct";

/** A user's SP balance changed. */
export interface SpUpdatePayload {
  type: "sp_update";
  /** The balance now, in SP */
  current_sp: number;
  /** SP gained; negative for SP spent */
  amount_changed: number;
  /** Why SP were gained or spent */
  transaction_type: TransactionType | (string & {});
  /** The reason, as the player reads it */
  description: string;
  /** The balance before the change, in SP */
  balance_before: number;
  /** The balance after the change, in SP; the same as current_sp */
  balance_after: number;
  /** Further facts of the transaction */
  metadata?: { [key: string]: unknown } | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** A user's SP balance changed. As a writer gives it. */
export interface SpUpdateInput {
  /** Where left out: "sp_update". */
  type?: "sp_update" | undefined;
  /** The balance now, in SP */
  current_sp: number;
  /** SP gained; negative for SP spent */
  amount_changed: number;
  /** Why SP were gained or spent */
  transaction_type: TransactionType;
  /** The reason, as the player reads it */
  description: string;
  /**
   * The balance before the change, in SP
   *
   * Where left out: current_sp - amount_changed.
   */
  balance_before?: number | undefined;
  /**
   * The balance after the change, in SP; the same as current_sp
   *
   * Where left out: the same as current_sp.
   */
  balance_after?: number | undefined;
  /** Further facts of the transaction */
  metadata?: object | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** A user has too few SP for what they asked. */
export interface SpInsufficientPayload {
  type: "sp_insufficient";
  /** What the action costs, in SP */
  required_amount: number;
  /** The balance, in SP */
  current_sp: number;
  /** What could not be done */
  action: string;
  /** Text for the player */
  message: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** A user has too few SP for what they asked. As a writer gives it. */
export interface SpInsufficientInput {
  /** Where left out: "sp_insufficient". */
  type?: "sp_insufficient" | undefined;
  /** What the action costs, in SP */
  required_amount: number;
  /** The balance, in SP */
  current_sp: number;
  /** What could not be done */
  action: string;
  /**
   * Text for the player
   *
   * Where left out: "SP残高が不足しています。必要: {required_amount}, 現在: {current_sp}".
   */
  message?: string | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** A user received the SP of the day. */
export interface SpDailyRecoveryPayload {
  type: "sp_daily_recovery";
  /** Whether the recovery was booked */
  success: boolean;
  /** The daily recovery itself, in SP */
  recovered_amount: number;
  /** The bonus of a subscription, in SP */
  subscription_bonus: number;
  /** The bonus for logging in on consecutive days, in SP */
  login_bonus: number;
  /** Days in a row on which the user logged in */
  consecutive_days: number;
  /** The sum of recovery and bonuses, in SP */
  total_amount: number;
  /** The balance after it, in SP */
  balance_after: number;
  /** Text for the player */
  message: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** A user received the SP of the day. As a writer gives it. */
export interface SpDailyRecoveryInput {
  /** Where left out: "sp_daily_recovery". */
  type?: "sp_daily_recovery" | undefined;
  /** Whether the recovery was booked */
  success: boolean;
  /** The daily recovery itself, in SP */
  recovered_amount: number;
  /** The bonus of a subscription, in SP */
  subscription_bonus: number;
  /** The bonus for logging in on consecutive days, in SP */
  login_bonus: number;
  /** Days in a row on which the user logged in */
  consecutive_days: number;
  /**
   * The sum of recovery and bonuses, in SP
   *
   * Where left out: the sum of recovered_amount, subscription_bonus, login_bonus.
   */
  total_amount?: number | undefined;
  /** The balance after it, in SP */
  balance_after: number;
  /**
   * Text for the player
   *
   * Where left out: "SP +{total_amount} を獲得しました！".
   */
  message?: string | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** How far a purchase of SP has come */
export type PurchaseStatus = "pending" | "processing" | "completed" | "failed" | "cancelled" | "refunded";

/** A purchase of SP went through. */
export interface PurchaseCompletedPayload {
  type: "purchase_completed";
  /** The purchase */
  purchase_id: string;
  /** How far a purchase of SP has come */
  status: PurchaseStatus | (string & {});
  /** What was bought, in SP */
  sp_amount: number;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** A purchase of SP went through. As a writer gives it. */
export interface PurchaseCompletedInput {
  /** Where left out: "purchase_completed". */
  type?: "purchase_completed" | undefined;
  /** The purchase */
  purchase_id: string;
  /** How far a purchase of SP has come */
  status: PurchaseStatus;
  /** What was bought, in SP */
  sp_amount: number;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** A purchase of SP did not go through. */
export interface PurchaseFailedPayload {
  type: "purchase_failed";
  /** The purchase */
  purchase_id: string;
  /** How far a purchase of SP has come */
  status: PurchaseStatus | (string & {});
  /** What was to be bought, in SP */
  sp_amount: number;
  /** The payment provider's code for what went wrong */
  error?: string | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** A purchase of SP did not go through. As a writer gives it. */
export interface PurchaseFailedInput {
  /** Where left out: "purchase_failed". */
  type?: "purchase_failed" | undefined;
  /** The purchase */
  purchase_id: string;
  /** How far a purchase of SP has come */
  status: PurchaseStatus;
  /** What was to be bought, in SP */
  sp_amount: number;
  /** The payment provider's code for what went wrong */
  error?: string | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** The connection is authenticated and in its user's room. */
export interface ConnectedPayload {
  /** Text for the player */
  message: string;
  /** The connection, as the server names it */
  sid: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The connection is authenticated and in its user's room. As a writer gives it. */
export interface ConnectedInput {
  /**
   * Text for the player
   *
   * Where left out: "正常に接続されました".
   */
  message?: string | undefined;
  /** The connection, as the server names it */
  sid: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** How a notification is to be shown */
export type NotificationType = "info" | "success" | "warning" | "error";

/** Part of NotificationPayload. */
export interface NotificationSystemNotificationPayload {
  type: "system_notification";
  /** How a notification is to be shown */
  notification_type: NotificationType | (string & {});
  /** The headline */
  title: string;
  /** Text for the player */
  message: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** What was achieved */
export interface NotificationAchievementAchievement {
  /** The achievement */
  id?: string | null | undefined;
  /** Its name */
  name: string;
  /** What it was given for */
  description: string;
}

/** Part of NotificationPayload. */
export interface NotificationAchievementPayload {
  type: "achievement";
  /** What was achieved */
  achievement: NotificationAchievementAchievement;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Who asks */
export interface NotificationFriendRequestFromUser {
  /** The user */
  id?: string | null | undefined;
  /** The user's name */
  name: string;
}

/** Part of NotificationPayload. */
export interface NotificationFriendRequestPayload {
  type: "friend_request";
  /** Who asks */
  from_user: NotificationFriendRequestFromUser;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Something that a user should notice: by its type from the system, an achievement, or a friend request. */
export type NotificationPayload =
  | NotificationSystemNotificationPayload
  | NotificationAchievementPayload
  | NotificationFriendRequestPayload;

/** Part of NotificationInput. */
export interface NotificationSystemNotificationInput {
  type: "system_notification";
  /** How a notification is to be shown */
  notification_type: NotificationType;
  /** The headline */
  title: string;
  /** Text for the player */
  message: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** What was achieved */
export interface NotificationAchievementAchievementInput {
  /** The achievement */
  id?: string | undefined;
  /** Its name */
  name: string;
  /** What it was given for */
  description: string;
}

/** Part of NotificationInput. */
export interface NotificationAchievementInput {
  type: "achievement";
  /** What was achieved */
  achievement: NotificationAchievementAchievementInput;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Who asks */
export interface NotificationFriendRequestFromUserInput {
  /** The user */
  id?: string | undefined;
  /** The user's name */
  name: string;
}

/** Part of NotificationInput. */
export interface NotificationFriendRequestInput {
  type: "friend_request";
  /** Who asks */
  from_user: NotificationFriendRequestFromUserInput;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/**
 * Something that a user should notice: by its type from the system, an achievement, or a friend request. As a
 * writer gives it.
 */
export type NotificationInput =
  | NotificationSystemNotificationInput
  | NotificationAchievementInput
  | NotificationFriendRequestInput;

/** The system tells the players of a game something. */
export interface SystemMessagePayload {
  /** Text for the player */
  message: string;
  type?: "system_message" | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The system tells the players of a game something. As a writer gives it. */
export interface SystemMessageInput {
  /** Text for the player */
  message: string;
  /** Where left out: "system_message". */
  type?: "system_message" | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** The connection entered a game session. */
export interface JoinedGamePayload {
  /** Text for the player */
  message: string;
  /** The game session */
  game_session_id: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The connection entered a game session. As a writer gives it. */
export interface JoinedGameInput {
  /**
   * Text for the player
   *
   * Where left out: "ゲームセッションに参加しました".
   */
  message?: string | undefined;
  /** The game session */
  game_session_id: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** The connection left a game session. */
export interface LeftGamePayload {
  /** Text for the player */
  message: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The connection left a game session. As a writer gives it. */
export interface LeftGameInput {
  /**
   * Text for the player
   *
   * Where left out: "ゲームセッションから退出しました".
   */
  message?: string | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Another player entered the game session. */
export interface PlayerJoinedPayload {
  /** The user who came */
  user_id: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Another player entered the game session. As a writer gives it. */
export interface PlayerJoinedInput {
  /** The user who came */
  user_id: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Another player left the game session. */
export interface PlayerLeftPayload {
  /** The user who went */
  user_id: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** Another player left the game session. As a writer gives it. */
export interface PlayerLeftInput {
  /** The user who went */
  user_id: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** The server took an action on. */
export interface ActionReceivedPayload {
  /** Text for the player */
  message: string;
  /** The action that was received */
  action: string;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp: string;
}

/** The server took an action on. As a writer gives it. */
export interface ActionReceivedInput {
  /**
   * Text for the player
   *
   * Where left out: "アクションを受信しました".
   */
  message?: string | undefined;
  /** The action that was received */
  action: string;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Something that this connection asked could not be done. */
export interface ErrorPayload {
  /** Text for the player */
  message: string;
  /** A code for what went wrong; never the text of an exception */
  error?: string | null | undefined;
  /** When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC */
  timestamp?: string | null | undefined;
}

/** Something that this connection asked could not be done. As a writer gives it. */
export interface ErrorInput {
  /** Text for the player */
  message: string;
  /** A code for what went wrong; never the text of an exception */
  error?: string | undefined;
  /**
   * When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC
   *
   * Where left out: the moment of the emit.
   */
  timestamp?: string | undefined;
}

/** Answers a ping. */
export interface PongPayload {
  /** The ping's own timestamp */
  timestamp: string;
}

/** Answers a ping. As a writer gives it. */
export type PongInput = PongPayload;

/** Enters a game session: its events arrive until it is left. */
export interface JoinGameCommand {
  /** The game session, 1 to 128 code points */
  game_session_id: string;
  /** The sender, as older clients say it: another user than the credential's is refused */
  user_id?: string | undefined;
}

/** What `join_game` is answered where it was applied. */
export interface JoinGameAck {
  /** The game session */
  game_session_id: string;
  /** The users who are in it */
  members: string[];
}

/** What `join_game` is answered where it was applied. As its writer gives it. */
export interface JoinGameAckInput {
  /** The game session */
  game_session_id: string;
  /** The users who are in it */
  members: readonly string[];
}

/** Leaves a game session. */
export interface LeaveGameCommand {
  /** The game session, 1 to 128 code points */
  game_session_id: string;
  /** The sender, as older clients say it: another user than the credential's is refused */
  user_id?: string | undefined;
}

/** What `leave_game` is answered where it was applied. */
export type LeaveGameAck = { [key: string]: never };

/** Acts in a game session. */
export interface GameActionCommand {
  /** The game session, 1 to 128 code points */
  game_session_id: string;
  /** What the player does, 1 to 2,000 code points */
  action: string;
  /** The sender, as older clients say it: another user than the credential's is refused */
  user_id?: string | undefined;
}

/** What `game_action` is answered where it was applied. */
export type GameActionAck = { [key: string]: never };

/** Says something to everybody in a game session. */
export interface ChatMessageCommand {
  /** The game session, 1 to 128 code points */
  game_session_id: string;
  /** What the player says, 1 to 2,000 code points */
  message: string;
  /** The sender, as older clients say it: another user than the credential's is refused */
  user_id?: string | undefined;
}

/** What `chat_message` is answered where it was applied. */
export type ChatMessageAck = { [key: string]: never };

/** Acts towards an NPC of a game session. */
export interface NpcActionCommand {
  /** The game session, 1 to 128 code points */
  game_session_id: string;
  /** The NPC, 1 to 128 code points */
  npc_id: string;
  /** What the player does towards the NPC, 1 to 2,000 code points */
  action: string;
  /** The sender, as older clients say it: another user than the credential's is refused */
  user_id?: string | undefined;
}

/** What `npc_action` is answered where it was applied. */
export type NpcActionAck = { [key: string]: never };

/** Measures the round trip to the server. */
export interface PingCommand {
  /** The client's clock: ISO 8601; without a zone it means UTC */
  timestamp: string;
}

/** What `ping` is answered where it was applied. */
export interface PingAck {
  /** The server's clock: ISO 8601; without a zone it means UTC */
  server_time: string;
}

/** Socket.IO's map of what a server sends. */
export interface ServerToClientEvents {
  /** A game session began. */
  game_started: (payload: GameStartedPayload) => void;
  /** The story goes on. */
  narrative_update: (payload: NarrativeUpdatePayload) => void;
  /** What came of a player's action. */
  action_result: (payload: ActionResultPayload) => void;
  /** Part of the game's state changed. */
  state_update: (payload: StateUpdatePayload) => void;
  /** A player's status changed. */
  player_status_update: (payload: PlayerStatusUpdatePayload) => void;
  /** A game session ended. */
  game_ended: (payload: GameEndedPayload) => void;
  /** Something went wrong in a game session. */
  game_error: (payload: GameErrorPayload) => void;
  /** Echoes another event in its older form. */
  game_update: (payload: GameUpdatePayload) => void;
  /** How far the game master's work has come. */
  game_progress: (payload: GameProgressPayload) => void;
  /** The game master began to work on an action. */
  processing_started: (payload: ProcessingStartedPayload) => void;
  /** The game master finished its work on an action. */
  processing_completed: (payload: ProcessingCompletedPayload) => void;
  /** A message was added to the game's record. */
  message_added: (payload: MessageAddedPayload) => void;
  /** The players have other choices. */
  choices_update: (payload: ChoicesUpdatePayload) => void;
  /** A player said something. */
  chat_message: (payload: ChatMessagePayload) => void;
  /** The players of a game meet an NPC. */
  npc_encounter: (payload: NpcEncounterPayload) => void;
  /** What came of an action towards an NPC. */
  npc_action_result: (payload: NpcActionResultPayload) => void;
  /** A battle begins. */
  battle_start: (payload: BattleStartPayload) => void;
  /** The whole state of a battle after something changed in it. */
  battle_update: (payload: BattleUpdatePayload) => void;
  /** A user's SP balance changed. */
  sp_update: (payload: SpUpdatePayload) => void;
  /** A user has too few SP for what they asked. */
  sp_insufficient: (payload: SpInsufficientPayload) => void;
  /** A user received the SP of the day. */
  sp_daily_recovery: (payload: SpDailyRecoveryPayload) => void;
  /** A purchase of SP went through. */
  purchase_completed: (payload: PurchaseCompletedPayload) => void;
  /** A purchase of SP did not go through. */
  purchase_failed: (payload: PurchaseFailedPayload) => void;
  /** The connection is authenticated and in its user's room. */
  connected: (payload: ConnectedPayload) => void;
  /** Something that a user should notice: by its type from the system, an achievement, or a friend request. */
  notification: (payload: NotificationPayload) => void;
  /** The system tells the players of a game something. */
  system_message: (payload: SystemMessagePayload) => void;
  /** The connection entered a game session. */
  joined_game: (payload: JoinedGamePayload) => void;
  /** The connection left a game session. */
  left_game: (payload: LeftGamePayload) => void;
  /** Another player entered the game session. */
  player_joined: (payload: PlayerJoinedPayload) => void;
  /** Another player left the game session. */
  player_left: (payload: PlayerLeftPayload) => void;
  /** The server took an action on. */
  action_received: (payload: ActionReceivedPayload) => void;
  /** Something that this connection asked could not be done. */
  error: (payload: ErrorPayload) => void;
  /** Answers a ping. */
  pong: (payload: PongPayload) => void;
}

/** Socket.IO's map of what a client sends, and what it is answered. */
export interface ClientToServerEvents {
  /** Enters a game session: its events arrive until it is left. */
  join_game: (payload: JoinGameCommand, ack: (answer: CommandAnswer<JoinGameAck>) => void) => void;
  /** Leaves a game session. */
  leave_game: (payload: LeaveGameCommand, ack: (answer: CommandAnswer<LeaveGameAck>) => void) => void;
  /** Acts in a game session. */
  game_action: (payload: GameActionCommand, ack: (answer: CommandAnswer<GameActionAck>) => void) => void;
  /** Says something to everybody in a game session. */
  chat_message: (payload: ChatMessageCommand, ack: (answer: CommandAnswer<ChatMessageAck>) => void) => void;
  /** Acts towards an NPC of a game session. */
  npc_action: (payload: NpcActionCommand, ack: (answer: CommandAnswer<NpcActionAck>) => void) => void;
  /** Measures the round trip to the server. */
  ping: (payload: PingCommand, ack: (answer: CommandAnswer<PingAck>) => void) => void;
}

/** What a client's code listens to, by its own name. */
export interface AppEvents {
  /** A game session began. */
  "game:started": GameStartedPayload;
  /** The story goes on. */
  "game:narrative_update": NarrativeUpdatePayload;
  /** What came of a player's action. */
  "game:action_result": ActionResultPayload;
  /** Part of the game's state changed. */
  "game:state_update": StateUpdatePayload;
  /** A player's status changed. */
  "game:player_status_update": PlayerStatusUpdatePayload;
  /** A game session ended. */
  "game:ended": GameEndedPayload;
  /** Something went wrong in a game session. */
  "game:error": GameErrorPayload;
  /** Echoes another event in its older form. */
  "game:update": GameUpdatePayload;
  /** How far the game master's work has come. */
  "game:progress": GameProgressPayload;
  /** The game master began to work on an action. */
  "game:processing_started": ProcessingStartedPayload;
  /** The game master finished its work on an action. */
  "game:processing_completed": ProcessingCompletedPayload;
  /** A message was added to the game's record. */
  "game:message_added": MessageAddedPayload;
  /** The players have other choices. */
  "game:choices_update": ChoicesUpdatePayload;
  /** A player said something. */
  "chat:message": ChatMessagePayload;
  /** The players of a game meet an NPC. */
  "game:npc_encounter": NpcEncounterPayload;
  /** What came of an action towards an NPC. */
  "game:npc_action_result": NpcActionResultPayload;
  /** A battle begins. */
  "game:battle_start": BattleStartPayload;
  /** The whole state of a battle after something changed in it. */
  "game:battle_update": BattleUpdatePayload;
  /** A user's SP balance changed. */
  "sp:update": SpUpdatePayload;
  /** A user has too few SP for what they asked. */
  "sp:insufficient": SpInsufficientPayload;
  /** A user received the SP of the day. */
  "sp:daily_recovery": SpDailyRecoveryPayload;
  /** A purchase of SP went through. */
  "sp:purchase_completed": PurchaseCompletedPayload;
  /** A purchase of SP did not go through. */
  "sp:purchase_failed": PurchaseFailedPayload;
  /** The connection is authenticated and in its user's room. */
  "server:connected": ConnectedPayload;
  /** Something that a user should notice: by its type from the system, an achievement, or a friend request. */
  "notification:received": NotificationPayload;
  /** The system tells the players of a game something. */
  "game:system_message": SystemMessagePayload;
  /** The connection entered a game session. */
  "game:joined": JoinedGamePayload;
  /** The connection left a game session. */
  "game:left": LeftGamePayload;
  /** Another player entered the game session. */
  "game:player_joined": PlayerJoinedPayload;
  /** Another player left the game session. */
  "game:player_left": PlayerLeftPayload;
  /** The server took an action on. */
  "game:action_received": ActionReceivedPayload;
  /** Something that this connection asked could not be done. */
  "server:error": ErrorPayload;
  /** Answers a ping. */
  "server:pong": PongPayload;
}

/** The name of a room. */
export type Room = `user_${string}` | `game_${string}`;

/** All types of the contract gestaloka, by their use. */
export interface GestalokaTypes {
  readonly appEvents: AppEvents;
  readonly events: {
    readonly game_started: GameStartedPayload;
    readonly narrative_update: NarrativeUpdatePayload;
    readonly action_result: ActionResultPayload;
    readonly state_update: StateUpdatePayload;
    readonly player_status_update: PlayerStatusUpdatePayload;
    readonly game_ended: GameEndedPayload;
    readonly game_error: GameErrorPayload;
    readonly game_update: GameUpdatePayload;
    readonly game_progress: GameProgressPayload;
    readonly processing_started: ProcessingStartedPayload;
    readonly processing_completed: ProcessingCompletedPayload;
    readonly message_added: MessageAddedPayload;
    readonly choices_update: ChoicesUpdatePayload;
    readonly chat_message: ChatMessagePayload;
    readonly npc_encounter: NpcEncounterPayload;
    readonly npc_action_result: NpcActionResultPayload;
    readonly battle_start: BattleStartPayload;
    readonly battle_update: BattleUpdatePayload;
    readonly sp_update: SpUpdatePayload;
    readonly sp_insufficient: SpInsufficientPayload;
    readonly sp_daily_recovery: SpDailyRecoveryPayload;
    readonly purchase_completed: PurchaseCompletedPayload;
    readonly purchase_failed: PurchaseFailedPayload;
    readonly connected: ConnectedPayload;
    readonly notification: NotificationPayload;
    readonly system_message: SystemMessagePayload;
    readonly joined_game: JoinedGamePayload;
    readonly left_game: LeftGamePayload;
    readonly player_joined: PlayerJoinedPayload;
    readonly player_left: PlayerLeftPayload;
    readonly action_received: ActionReceivedPayload;
    readonly error: ErrorPayload;
    readonly pong: PongPayload;
  };
  readonly inputs: {
    readonly game_started: GameStartedInput;
    readonly narrative_update: NarrativeUpdateInput;
    readonly action_result: ActionResultInput;
    readonly state_update: StateUpdateInput;
    readonly player_status_update: PlayerStatusUpdateInput;
    readonly game_ended: GameEndedInput;
    readonly game_error: GameErrorInput;
    readonly game_update: GameUpdateInput;
    readonly game_progress: GameProgressInput;
    readonly processing_started: ProcessingStartedInput;
    readonly processing_completed: ProcessingCompletedInput;
    readonly message_added: MessageAddedInput;
    readonly choices_update: ChoicesUpdateInput;
    readonly chat_message: ChatMessageInput;
    readonly npc_encounter: NpcEncounterInput;
    readonly npc_action_result: NpcActionResultInput;
    readonly battle_start: BattleStartInput;
    readonly battle_update: BattleUpdateInput;
    readonly sp_update: SpUpdateInput;
    readonly sp_insufficient: SpInsufficientInput;
    readonly sp_daily_recovery: SpDailyRecoveryInput;
    readonly purchase_completed: PurchaseCompletedInput;
    readonly purchase_failed: PurchaseFailedInput;
    readonly connected: ConnectedInput;
    readonly notification: NotificationInput;
    readonly system_message: SystemMessageInput;
    readonly joined_game: JoinedGameInput;
    readonly left_game: LeftGameInput;
    readonly player_joined: PlayerJoinedInput;
    readonly player_left: PlayerLeftInput;
    readonly action_received: ActionReceivedInput;
    readonly error: ErrorInput;
    readonly pong: PongInput;
  };
  readonly audiences: {
    readonly game:
      | "game_started"
      | "narrative_update"
      | "action_result"
      | "state_update"
      | "player_status_update"
      | "game_ended"
      | "game_error"
      | "game_update"
      | "game_progress"
      | "processing_started"
      | "processing_completed"
      | "message_added"
      | "choices_update"
      | "chat_message"
      | "npc_encounter"
      | "npc_action_result"
      | "battle_start"
      | "battle_update"
      | "system_message"
      | "player_joined"
      | "player_left";
    readonly user:
      | "sp_update"
      | "sp_insufficient"
      | "sp_daily_recovery"
      | "purchase_completed"
      | "purchase_failed"
      | "notification";
    readonly socket: "connected" | "joined_game" | "left_game" | "action_received" | "error" | "pong";
  };
  readonly commands: {
    readonly join_game: JoinGameCommand;
    readonly leave_game: LeaveGameCommand;
    readonly game_action: GameActionCommand;
    readonly chat_message: ChatMessageCommand;
    readonly npc_action: NpcActionCommand;
    readonly ping: PingCommand;
  };
  readonly commandInputs: {
    readonly join_game: JoinGameCommand;
    readonly leave_game: LeaveGameCommand;
    readonly game_action: GameActionCommand;
    readonly chat_message: ChatMessageCommand;
    readonly npc_action: NpcActionCommand;
    readonly ping: PingCommand;
  };
  readonly acks: {
    readonly join_game: JoinGameAck;
    readonly leave_game: LeaveGameAck;
    readonly game_action: GameActionAck;
    readonly chat_message: ChatMessageAck;
    readonly npc_action: NpcActionAck;
    readonly ping: PingAck;
  };
  readonly ackInputs: {
    readonly join_game: JoinGameAckInput;
    readonly leave_game: LeaveGameAck;
    readonly game_action: GameActionAck;
    readonly chat_message: ChatMessageAck;
    readonly npc_action: NpcActionAck;
    readonly ping: PingAck;
  };
  readonly refusals: {
    readonly join_game: never;
    readonly leave_game: never;
    readonly game_action: "sp_insufficient";
    readonly chat_message: never;
    readonly npc_action: "sp_insufficient";
    readonly ping: never;
  };
  readonly rooms: {
    readonly user: `user_${string}`;
    readonly game: `game_${string}`;
  };
  readonly joins: {
    readonly game: "join_game";
  };
  readonly unrecovered:
    | "game_progress"
    | "connected"
    | "joined_game"
    | "left_game"
    | "player_joined"
    | "player_left"
    | "action_received"
    | "error"
    | "pong";
  readonly membership: "join_game" | "leave_game";
}
