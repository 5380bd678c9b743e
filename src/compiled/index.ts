/**
 * What generated code imports: the pieces of checkers, fills and contracts.
 *
 * @module
 */
export type { Contract, ParsedRoom } from "../contract/contract.js";
export type { CommandAnswer } from "./command-answer.js";
export { compiledContract, type Fill } from "./compiled-contract.js";
export { reckoned, standardText } from "./derived-values.js";
export { isoTime } from "./iso-time.js";
export { json, open } from "./json.js";
export { allKeys, byKind, byOption, eachItem, eachValue, type KeyFilter, knownKeys } from "./known-keys.js";
export type { Checker, Refusal } from "./refusal.js";
export {
  agrees,
  finite,
  fits,
  flag,
  integer,
  literal,
  member,
  openMember,
  points,
  text,
  timestamp,
  whole,
} from "./scalars.js";
export { array, further, given, keys, maybeText, object, own, record, texts } from "./structures.js";
