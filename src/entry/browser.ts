/**
 * What `.` is in a browser: the same names and types, with the half of the contract that a client needs.
 *
 * @module
 */
export { checkAck, checkCommand, checkEvent } from "../contract/check.js";
export { defineCommand } from "../contract/command.js";
export { defineContract } from "../contract/define-contract.js";
export { derive } from "../contract/derive.js";
export { errorCodes } from "../contract/error-codes.js";
export { CommandError, CommandRefusal, ContractError } from "../contract/errors.js";
export { defineEvent } from "../contract/event.js";
export { room } from "../contract/room.js";
export { jsonObject, jsonValue, openEnum } from "../contract/schema.js";
export { textPattern } from "../contract/text.js";
export { parseTimestamp, timestampPattern } from "../contract/timestamp.js";
export { CONTRACT_VERSION, contract, parseRoom, rooms } from "../gestaloka/client.gen.js";
