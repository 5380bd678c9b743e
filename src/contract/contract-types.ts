/**
 * The types of a contract, one column a use. `generate` writes them as plain interfaces, so that a program that uses a
 * compiled contract pays for no inference; a contract that was never compiled infers them from its schemas.
 */
export interface ContractTypes {
  /** Event → what a reader gets. */
  readonly events: object;
  /** Event → what a writer gives; derived fields are optional. */
  readonly inputs: object;
  /** App-side name → what a reader gets. */
  readonly appEvents: object;
  /** Room kind, or `socket` → the names of the events that may go there. */
  readonly audiences: object;
  /** The names of the events that are not recovered. */
  readonly unrecovered: string;
  /** Command → what a handler gets. */
  readonly commands: object;
  /** Command → what a client gives. */
  readonly commandInputs: object;
  /** Command → the data of a positive acknowledgement, as a client gets it. */
  readonly acks: object;
  /** Command → the data of a positive acknowledgement, as a handler gives it. */
  readonly ackInputs: object;
  /** Command → the refusal codes that a handler may throw. */
  readonly refusals: object;
  /** Room kind → its names, as `game_${string}`. */
  readonly rooms: object;
  /** Joinable room kind → the command that joins it. */
  readonly joins: object;
  /** The names of the commands that join and leave rooms; `send` refuses them. */
  readonly membership: string;
}

/** The types of a contract value. */
export type TypesOf<TContract> = TContract extends { readonly "~types"?: infer TTypes }
  ? Extract<TTypes, ContractTypes>
  : never;

/** A name out of a column. */
export type NameOf<TColumn> = keyof TColumn & string;

/** What stands in a column under a name. No condition: a function that is generic over names could not see through one. */
export type At<TColumn, TName> = TColumn[TName & keyof TColumn];

/** The name of any room of the contract. */
export type RoomOf<TTypes extends ContractTypes> = TTypes["rooms"][keyof TTypes["rooms"]] & string;

/** The data that joining a room answers with. */
export type JoinAckOf<TTypes extends ContractTypes, TRoom extends string> = {
  [TKind in keyof TTypes["joins"]]: TRoom extends At<TTypes["rooms"], TKind>
    ? At<TTypes["acks"], TTypes["joins"][TKind]>
    : never;
}[keyof TTypes["joins"]];
