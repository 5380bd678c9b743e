import type { NameOf, TypesOf } from "../contract/contract-types.js";
import type {
  AckOfContract,
  CommandOfContract,
  InputOfContract,
  PayloadOfContract,
} from "../contract/payload-types.js";
import type { contract } from "./contract.gen.js";

/** What a reader gets with an event: `PayloadOf<"sp_update">`. Another contract goes in as the second argument. */
export type PayloadOf<
  TName extends NameOf<TypesOf<TContract>["events"]>,
  TContract = typeof contract,
> = PayloadOfContract<TName, TContract>;

/** What a writer gives for an event; derived fields may be left out. */
export type InputOf<TName extends NameOf<TypesOf<TContract>["inputs"]>, TContract = typeof contract> = InputOfContract<
  TName,
  TContract
>;

/** What a handler gets with a command. */
export type CommandOf<
  TName extends NameOf<TypesOf<TContract>["commands"]>,
  TContract = typeof contract,
> = CommandOfContract<TName, TContract>;

/** The data of a command's positive acknowledgement, as a client gets it. */
export type AckOf<TName extends NameOf<TypesOf<TContract>["acks"]>, TContract = typeof contract> = AckOfContract<
  TName,
  TContract
>;
