/**
 * The source of the contract: every schema, for servers, forms, REST and exports.
 *
 * @module
 */
export { contract } from "../gestaloka/contract.js";
// The schemas; this list is written by `generate`.
export {
  battleDataSchema,
  battleStartSchema,
  battleUpdateSchema,
  combatantSchema,
} from "../gestaloka/events/battle.js";
export {
  chatMessageAckSchema,
  chatMessageCommandSchema,
  gameActionAckSchema,
  gameActionCommandSchema,
  joinGameAckSchema,
  joinGameCommandSchema,
  leaveGameAckSchema,
  leaveGameCommandSchema,
  npcActionAckSchema,
  npcActionCommandSchema,
  pingAckSchema,
  pingCommandSchema,
} from "../gestaloka/events/commands.js";
export {
  battleStateSchema,
  choiceDifficultySchema,
  choiceSchema,
  combatantTypeSchema,
  commandIdSchema,
  commandTextSchema,
  gameSessionIdSchema,
  messageTextSchema,
  messageTypeSchema,
  notificationTypeSchema,
  npcTypeSchema,
  openObjectSchema,
  purchaseStatusSchema,
  senderTypeSchema,
  timestampSchema,
  transactionTypeSchema,
  userIdSchema,
} from "../gestaloka/events/fields.js";
export {
  actionResultSchema,
  chatMessageSchema,
  choicesUpdateSchema,
  gameEndedSchema,
  gameErrorSchema,
  gameMessageSchema,
  gameProgressSchema,
  gameStartedSchema,
  gameUpdateSchema,
  initialStateSchema,
  messageAddedSchema,
  narrativeUpdateSchema,
  playerStatusUpdateSchema,
  processingCompletedSchema,
  processingStartedSchema,
  stateUpdateSchema,
} from "../gestaloka/events/game.js";
export {
  npcActionResultSchema,
  npcChoiceSchema,
  npcEncounterSchema,
  npcSchema,
  rewardSchema,
} from "../gestaloka/events/npc.js";
export {
  purchaseCompletedSchema,
  purchaseFailedSchema,
  spDailyRecoverySchema,
  spInsufficientSchema,
  spUpdateSchema,
} from "../gestaloka/events/sp.js";
export {
  actionReceivedSchema,
  connectedSchema,
  errorSchema,
  joinedGameSchema,
  leftGameSchema,
  notificationSchema,
  playerJoinedSchema,
  playerLeftSchema,
  pongSchema,
  systemMessageSchema,
} from "../gestaloka/events/system.js";
// End of the written list.
