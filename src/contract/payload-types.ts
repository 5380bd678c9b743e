import type { At, TypesOf } from "./contract-types.js";

/** What a reader gets with an event of a contract. */
export type PayloadOfContract<TName extends string, TContract> = At<TypesOf<TContract>["events"], TName>;
/** What a writer gives for an event of a contract. */
export type InputOfContract<TName extends string, TContract> = At<TypesOf<TContract>["inputs"], TName>;
/** What a handler gets with a command of a contract. */
export type CommandOfContract<TName extends string, TContract> = At<TypesOf<TContract>["commands"], TName>;
/** The data of a command's positive acknowledgement. */
export type AckOfContract<TName extends string, TContract> = At<TypesOf<TContract>["acks"], TName>;
