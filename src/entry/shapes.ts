/**
 * What a client's generated code imports: shapes that judge. Nothing here is for use by hand.
 *
 * @module
 */
export {
  type ClientParts,
  type Contract,
  choice,
  clientContract,
  closed,
  either,
  exact,
  finite,
  fits,
  flag,
  integer,
  json,
  list,
  literal,
  maybe,
  nullable,
  oneOf,
  open,
  optional,
  ownFields,
  type ParsedRoom,
  points,
  record,
  text,
  timestamp,
  whole,
  word,
} from "../shapes/index.js";
