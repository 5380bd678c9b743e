// Written by `gestaloka-events generate` from the contract beside it. Do not edit: change the contract.
import type { EmitOptions, EmitResult, EmitTarget } from "../server/event-target.js";
import type {
  ActionResultInput,
  BattleStartInput,
  BattleUpdateInput,
  ChatMessageInput,
  ChoicesUpdateInput,
  GameEndedInput,
  GameErrorInput,
  GameProgressInput,
  GameStartedInput,
  GameUpdateInput,
  GestalokaTypes,
  MessageAddedInput,
  NarrativeUpdateInput,
  NotificationInput,
  NpcActionResultInput,
  NpcEncounterInput,
  PlayerStatusUpdateInput,
  ProcessingCompletedInput,
  ProcessingStartedInput,
  PurchaseCompletedInput,
  PurchaseFailedInput,
  SpDailyRecoveryInput,
  SpInsufficientInput,
  SpUpdateInput,
  StateUpdateInput,
  SystemMessageInput,
} from "./types.gen.js";

/**
 * Emits `game_started`, `narrative_update`, `action_result`, `state_update`, `player_status_update`,
 * `game_ended`, `game_error`, `game_update`, `game_progress`, `processing_started`, `processing_completed`,
 * `message_added`, `choices_update`, `chat_message`, `npc_encounter`, `npc_action_result`, `battle_start`,
 * `battle_update`, `system_message`.
 */
export class GameEventEmitter {
  readonly #target: EmitTarget<GestalokaTypes>;

  /** Takes a server with sockets, or a worker without. */
  constructor(target: EmitTarget<GestalokaTypes>) {
    this.#target = target;
  }

  /** A game session began. To everybody in the game room of `gameSessionId`. */
  emitGameStarted(gameSessionId: string, input: GameStartedInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("game_started", input, options);
  }

  /** The story goes on. To everybody in the game room of `gameSessionId`. */
  emitNarrativeUpdate(gameSessionId: string, input: NarrativeUpdateInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("narrative_update", input, options);
  }

  /** What came of a player's action. To everybody in the game room of `gameSessionId`. */
  emitActionResult(gameSessionId: string, input: ActionResultInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("action_result", input, options);
  }

  /** Part of the game's state changed. To everybody in the game room of `gameSessionId`. */
  emitStateUpdate(gameSessionId: string, input: StateUpdateInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("state_update", input, options);
  }

  /** A player's status changed. To everybody in the game room of `gameSessionId`. */
  emitPlayerStatusUpdate(
    gameSessionId: string,
    input: PlayerStatusUpdateInput,
    options?: EmitOptions,
  ): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("player_status_update", input, options);
  }

  /** A game session ended. To everybody in the game room of `gameSessionId`. */
  emitGameEnded(gameSessionId: string, input: GameEndedInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("game_ended", input, options);
  }

  /** Something went wrong in a game session. To everybody in the game room of `gameSessionId`. */
  emitGameError(gameSessionId: string, input: GameErrorInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("game_error", input, options);
  }

  /** Echoes another event in its older form. To everybody in the game room of `gameSessionId`. */
  emitGameUpdate(gameSessionId: string, input: GameUpdateInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("game_update", input, options);
  }

  /** How far the game master's work has come. To everybody in the game room of `gameSessionId`. */
  emitGameProgress(gameSessionId: string, input: GameProgressInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("game_progress", input, options);
  }

  /** The game master began to work on an action. To everybody in the game room of `gameSessionId`. */
  emitProcessingStarted(
    gameSessionId: string,
    input: ProcessingStartedInput,
    options?: EmitOptions,
  ): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("processing_started", input, options);
  }

  /** The game master finished its work on an action. To everybody in the game room of `gameSessionId`. */
  emitProcessingCompleted(
    gameSessionId: string,
    input: ProcessingCompletedInput,
    options?: EmitOptions,
  ): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("processing_completed", input, options);
  }

  /** A message was added to the game's record. To everybody in the game room of `gameSessionId`. */
  emitMessageAdded(gameSessionId: string, input: MessageAddedInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("message_added", input, options);
  }

  /** The players have other choices. To everybody in the game room of `gameSessionId`. */
  emitChoicesUpdate(gameSessionId: string, input: ChoicesUpdateInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("choices_update", input, options);
  }

  /** A player said something. To everybody in the game room of `gameSessionId`. */
  emitChatMessage(gameSessionId: string, input: ChatMessageInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("chat_message", input, options);
  }

  /** The players of a game meet an NPC. To everybody in the game room of `gameSessionId`. */
  emitNpcEncounter(gameSessionId: string, input: NpcEncounterInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("npc_encounter", input, options);
  }

  /** What came of an action towards an NPC. To everybody in the game room of `gameSessionId`. */
  emitNpcActionResult(gameSessionId: string, input: NpcActionResultInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("npc_action_result", input, options);
  }

  /** A battle begins. To everybody in the game room of `gameSessionId`. */
  emitBattleStart(gameSessionId: string, input: BattleStartInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("battle_start", input, options);
  }

  /** The whole state of a battle after something changed in it. To everybody in the game room of `gameSessionId`. */
  emitBattleUpdate(gameSessionId: string, input: BattleUpdateInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("battle_update", input, options);
  }

  /** The system tells the players of a game something. To everybody in the game room of `gameSessionId`. */
  emitSystemMessage(gameSessionId: string, input: SystemMessageInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.game(gameSessionId).emit("system_message", input, options);
  }
}

/** Emits `sp_update`, `sp_insufficient`, `sp_daily_recovery`, `purchase_completed`, `purchase_failed`. */
export class SPEventEmitter {
  readonly #target: EmitTarget<GestalokaTypes>;

  /** Takes a server with sockets, or a worker without. */
  constructor(target: EmitTarget<GestalokaTypes>) {
    this.#target = target;
  }

  /** A user's SP balance changed. To everybody in the user room of `userId`. */
  emitSpUpdate(userId: string, input: SpUpdateInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.user(userId).emit("sp_update", input, options);
  }

  /** A user has too few SP for what they asked. To everybody in the user room of `userId`. */
  emitSpInsufficient(userId: string, input: SpInsufficientInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.user(userId).emit("sp_insufficient", input, options);
  }

  /** A user received the SP of the day. To everybody in the user room of `userId`. */
  emitSpDailyRecovery(userId: string, input: SpDailyRecoveryInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.user(userId).emit("sp_daily_recovery", input, options);
  }

  /** A purchase of SP went through. To everybody in the user room of `userId`. */
  emitPurchaseCompleted(userId: string, input: PurchaseCompletedInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.user(userId).emit("purchase_completed", input, options);
  }

  /** A purchase of SP did not go through. To everybody in the user room of `userId`. */
  emitPurchaseFailed(userId: string, input: PurchaseFailedInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.user(userId).emit("purchase_failed", input, options);
  }
}

/** Emits `notification`. */
export class NotificationEmitter {
  readonly #target: EmitTarget<GestalokaTypes>;

  /** Takes a server with sockets, or a worker without. */
  constructor(target: EmitTarget<GestalokaTypes>) {
    this.#target = target;
  }

  /**
   * Something that a user should notice: by its type from the system, an achievement, or a friend request. To
   * everybody in the user room of `userId`.
   */
  emitNotification(userId: string, input: NotificationInput, options?: EmitOptions): Promise<EmitResult> {
    return this.#target.to.user(userId).emit("notification", input, options);
  }
}
