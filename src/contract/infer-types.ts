import type { CommandDefinition, DefinedCommand } from "./command.js";
import type { DefinedEvent, EventDefinition } from "./event.js";
import type { RoomDefinition, RoomOptions } from "./room.js";
import type { InputOf, OutputOf } from "./schema.js";

// Not by Omit, which makes nothing but an index signature of an open object. One object, since that is what an editor shows.
type Writable<TInput, TDerived> = [TDerived & keyof TInput] extends [never]
  ? TInput
  : { [TKey in keyof TInput as Exclude<TKey, TDerived>]: TInput[TKey] } & {
        [TKey in TDerived & keyof TInput]?: TInput[TKey] | undefined;
      } extends infer TWhole
    ? { [TKey in keyof TWhole]: TWhole[TKey] }
    : never;

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

/** The types of a contract, inferred from its declarations: the columns of `ContractTypes`. */
export interface InferTypes<
  TEvents extends readonly DefinedEvent[],
  TCommands extends readonly DefinedCommand[],
  TRooms extends Readonly<Record<string, RoomDefinition<string, RoomOptions>>>,
> {
  /** Event → what a reader gets. */
  readonly events: { readonly [TEvent in TEvents[number] as TEvent["name"]]: OutputOf<TEvent["payload"]> };
  /** Event → what a writer gives; derived fields are optional. */
  readonly inputs: { readonly [TEvent in TEvents[number] as TEvent["name"]]: EventInputOf<TEvent> };
  /** App-side name → what a reader gets. */
  readonly appEvents: { readonly [TEvent in TEvents[number] as TEvent["appName"]]: OutputOf<TEvent["payload"]> };
  /** Room kind, or `socket` → the names of the events that may go there. */
  readonly audiences: {
    readonly [TEvent in TEvents[number] as TEvent["audience"]]: Extract<
      TEvents[number],
      { readonly audience: TEvent["audience"] }
    >["name"];
  };
  /** The names of the events that are not recovered. */
  readonly unrecovered: Extract<TEvents[number], { readonly recover: false }>["name"];
  /** Command → what a handler gets. */
  readonly commands: { readonly [TCommand in TCommands[number] as TCommand["name"]]: OutputOf<TCommand["payload"]> };
  /** Command → what a client gives. */
  readonly commandInputs: {
    readonly [TCommand in TCommands[number] as TCommand["name"]]: InputOf<TCommand["payload"]>;
  };
  /** Command → the data of a positive acknowledgement, as a client gets it. */
  readonly acks: { readonly [TCommand in TCommands[number] as TCommand["name"]]: OutputOf<TCommand["ack"]> };
  /** Command → the data of a positive acknowledgement, as a handler gives it. */
  readonly ackInputs: { readonly [TCommand in TCommands[number] as TCommand["name"]]: InputOf<TCommand["ack"]> };
  /** Command → the refusal codes that a handler may throw. */
  readonly refusals: { readonly [TCommand in TCommands[number] as TCommand["name"]]: RefusalOf<TCommand> };
  /** Room kind → its names, as `game_${string}`. */
  readonly rooms: { readonly [TKind in keyof TRooms]: `${TRooms[TKind]["prefix"]}${string}` };
  /** Joinable room kind → the command that joins it. */
  readonly joins: { readonly [TKind in KindsThat<TRooms, "join">]: OptionOf<TRooms[TKind], "join"> };
  /** The names of the commands that join and leave rooms; `send` refuses them. */
  readonly membership: {
    [TKind in keyof TRooms]: Extract<OptionOf<TRooms[TKind], "join" | "leave">, string>;
  }[keyof TRooms];
}
