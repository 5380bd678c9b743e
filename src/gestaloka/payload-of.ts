import type { TypesOf } from "../contract/contract-types.js";
import type {
  AckOfContract,
  CommandOfContract,
  InputOfContract,
  PayloadOfContract,
} from "../contract/payload-types.js";
import type { contract } from "./contract.gen.js";

/** What a reader gets with an event: `PayloadOf<"sp_update">`. Another contract goes in as the second argument. */
export type PayloadOf<
  TName extends keyof TypesOf<TContract>["events"] & string,
  TContract = typeof contract,
> = PayloadOfContract<TName, TContract>;

/** What a writer gives for an event; derived fields may be left out. */
export type InputOf<
  TName extends keyof TypesOf<TContract>["inputs"] & string,
  TContract = typeof contract,
> = InputOfContract<TName, TContract>;

/** What a handler gets with a command. */
export type CommandOf<
  TName extends keyof TypesOf<TContract>["commands"] & string,
  TContract = typeof contract,
> = CommandOfContract<TName, TContract>;

/** The data of a command's positive acknowledgement, as a client gets it. */
export type AckOf<TName extends keyof TypesOf<TContract>["acks"] & string, TContract = typeof contract> = AckOfContract<
  TName,
  TContract
>;
