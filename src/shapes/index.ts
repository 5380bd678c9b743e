/**
 * What a client's generated code imports: shapes that judge, and the contract that they are put into.
 *
 * @module
 */
export type { Contract, ParsedRoom } from "../contract/contract.js";
export { type ClientParts, clientContract } from "./client-contract.js";
export { json, open } from "./json.js";
export { finite, fits, flag, integer, literal, oneOf, points, text, timestamp, whole, word } from "./scalars.js";
export { choice, closed, either, exact, list, maybe, nullable, optional, ownFields, record } from "./structures.js";
