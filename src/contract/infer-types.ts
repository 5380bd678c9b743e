import type { CommandDefinition, DefinedCommand } from "./command.js";
import type { DefinedEvent, EventDefinition } from "./event.js";
import type { RoomDefinition, RoomOptions } from "./room.js";
import type { InputOf, OutputOf } from "./schema.js";

type Writable<TInput, TDerived> = Omit<TInput, TDerived & keyof TInput> & {
  [TKey in TDerived & keyof TInput]?: TInput[TKey] | undefined;
};

/** What a writer gives for an event: derived fields may be left out. A choice of payloads stays one. */
export type EventInputOf<TEvent extends EventDefinition> =
  InputOf<TEvent["payload"]> extends infer TInput
    ? TInput extends unknown
      ? Writable<TInput, keyof TEvent["derive"]>
      : never
    : never;

type RefusalOf<TCommand extends CommandDefinition> = TCommand["refusals"] extends readonly (infer TCode)[]
  ? TCode
  : never;

type KindsThat<TRooms, TOption extends keyof RoomOptions> = {
  [TKind in keyof TRooms]: [OptionOf<TRooms[TKind], TOption>] extends [never] ? never : TKind;
}[keyof TRooms];

type OptionOf<TRoom, TOption extends keyof RoomOptions> =
  TRoom extends RoomDefinition<string, infer TOptions> ? TOptions[TOption & keyof TOptions] : never;

/** The types of a contract, inferred from its declarations; see `ContractTypes` for the columns. */
export interface InferTypes<
  TEvents extends readonly DefinedEvent[],
  TCommands extends readonly DefinedCommand[],
  TRooms extends Readonly<Record<string, RoomDefinition<string, RoomOptions>>>,
> {
  readonly events: { readonly [TEvent in TEvents[number] as TEvent["name"]]: OutputOf<TEvent["payload"]> };
  readonly inputs: { readonly [TEvent in TEvents[number] as TEvent["name"]]: EventInputOf<TEvent> };
  readonly appEvents: { readonly [TEvent in TEvents[number] as TEvent["appName"]]: OutputOf<TEvent["payload"]> };
  readonly audiences: {
    readonly [TEvent in TEvents[number] as TEvent["audience"]]: Extract<
      TEvents[number],
      { readonly audience: TEvent["audience"] }
    >["name"];
  };
  readonly unrecovered: Extract<TEvents[number], { readonly recover: false }>["name"];
  readonly commands: { readonly [TCommand in TCommands[number] as TCommand["name"]]: OutputOf<TCommand["payload"]> };
  readonly commandInputs: {
    readonly [TCommand in TCommands[number] as TCommand["name"]]: InputOf<TCommand["payload"]>;
  };
  readonly acks: { readonly [TCommand in TCommands[number] as TCommand["name"]]: OutputOf<TCommand["ack"]> };
  readonly ackInputs: { readonly [TCommand in TCommands[number] as TCommand["name"]]: InputOf<TCommand["ack"]> };
  readonly refusals: { readonly [TCommand in TCommands[number] as TCommand["name"]]: RefusalOf<TCommand> };
  readonly rooms: { readonly [TKind in keyof TRooms]: `${TRooms[TKind]["prefix"]}${string}` };
  readonly joins: { readonly [TKind in KindsThat<TRooms, "join">]: OptionOf<TRooms[TKind], "join"> };
  readonly membership: {
    [TKind in keyof TRooms]: Extract<OptionOf<TRooms[TKind], "join" | "leave">, string>;
  }[keyof TRooms];
}
