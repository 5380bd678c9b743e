/**
 * The contract: how events are said and checked.
 *
 * @module
 */
export { type CheckOptions, type CheckResult, checkAck, checkCommand, checkEvent } from "../contract/check.js";
export { type CommandDefinition, defineCommand, type OfflinePolicy } from "../contract/command.js";
export type {
  CommandEntry,
  Contract,
  EventEntry,
  ParsedRoom,
  PayloadChecker,
  Roles,
  RoomEntry,
} from "../contract/contract.js";
export type { ContractTypes, TypesOf } from "../contract/contract-types.js";
export { type ContractDefinition, defineContract, type SourceContract } from "../contract/define-contract.js";
export { type Derivation, derive } from "../contract/derive.js";
export { type ErrorCode, errorCodes } from "../contract/error-codes.js";
export { CommandError, CommandRefusal, ContractError, type Direction, type Issue } from "../contract/errors.js";
export { type Coalesce, defineEvent, type EventDefinition, type Examples, type Lane } from "../contract/event.js";
export type { Role } from "../contract/expectation.js";
export { type RoomDefinition, type RoomOptions, room } from "../contract/room.js";
export { jsonObject, jsonValue, openEnum } from "../contract/schema.js";
export { textPattern } from "../contract/text.js";
export { parseTimestamp, timestampPattern } from "../contract/timestamp.js";
