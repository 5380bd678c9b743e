import type { DefinedCommand } from "./command.js";
import { ackShapeKey } from "./command.js";
import {
  assembleContract,
  type CommandEntry,
  type Contract,
  type EventEntry,
  type Roles,
  type RoomEntry,
} from "./contract.js";
import { type ContractDefinition, checkContract, checkParts } from "./contract-definition.js";
import type { ContractTypes } from "./contract-types.js";
import { fill } from "./derive.js";
import { ContractError } from "./errors.js";
import { type DefinedEvent, shapeKey } from "./event.js";
import type { InferTypes } from "./infer-types.js";
import type { RoomDefinition, RoomOptions } from "./room.js";
import { schemaChecker } from "./schema-checker.js";
import type { PayloadShape } from "./shape.js";
import { strip } from "./strip.js";

/** A contract with its source: schemas, examples and words, which compiling, exporting and `diff` need. */
export interface SourceContract<TTypes extends ContractTypes = ContractTypes> extends Contract<TTypes> {
  /** As it was given to `defineContract`. */
  readonly definition: ContractDefinition;
}

/**
 * Puts events, commands, rooms and roles together and checks that they fit each other.
 *
 * @throws {ContractError} `contract_invalid`; the message says what to write instead.
 */
export function defineContract<
  const TEvents extends readonly DefinedEvent[],
  const TCommands extends readonly DefinedCommand[],
  const TRooms extends Readonly<Record<string, RoomDefinition<string, RoomOptions>>>,
>(definition: {
  readonly name: string;
  readonly version: string;
  readonly events: TEvents;
  readonly commands: TCommands;
  readonly rooms: TRooms;
  readonly roles?: Roles;
}): SourceContract<InferTypes<TEvents, TCommands, TRooms>> {
  checkParts(definition);
  const rooms = Object.entries(definition.rooms).map(([kind, room]) => roomEntry(kind, room, definition.roles ?? {}));
  checkContract(definition, rooms);
  const identity = rooms.find((room) => room.authenticated)?.parameter;
  const contract = assembleContract<InferTypes<TEvents, TCommands, TRooms>>({
    name: definition.name,
    version: definition.version,
    events: definition.events.map(eventEntry),
    commands: definition.commands.map((command) => commandEntry(command, identity)),
    rooms,
    roles: definition.roles ?? {},
  });
  return { ...contract, definition };
}

/** The definition of a contract. @throws {ContractError} `contract_invalid` for a compiled one, and for what is none. */
export function definitionOf(contract: SourceContract): ContractDefinition {
  const { definition } = (contract ?? {}) as Partial<SourceContract>;
  if (!definition)
    throw new ContractError("contract_invalid", "give what defineContract made: a compiled contract has no schemas");
  return definition;
}

/** The shape of an event's or a command's payload. */
export function shapeOf(definition: DefinedEvent | DefinedCommand): PayloadShape {
  return definition[shapeKey];
}

function eventEntry(event: DefinedEvent): EventEntry {
  const shape = shapeOf(event);
  const derivations = event.derive ?? {};
  return {
    name: event.name,
    appName: event.appName,
    audience: event.audience,
    lane: event.lane,
    recover: event.recover,
    logFields: event.logFields ?? [],
    ...said({
      coalesce: event.coalesce,
      discriminator: shape.kind === "choice" ? shape.discriminator : undefined,
    }),
    payload: schemaChecker(event.payload, shape, derivations, event.name),
    fill: (input, now) => fill(derivations, event.name, input, now),
  };
}

function commandEntry(command: DefinedCommand, identity: string | undefined): CommandEntry {
  const shape = command[shapeKey];
  return {
    name: command.name,
    refusals: command.refusals ?? [],
    offline: command.offline,
    logFields: command.logFields ?? [],
    ...said({ room: command.room, serial: command.serial }),
    payload: schemaChecker(command.payload, shape),
    known: (payload) => strip(shape, payload) as object,
    ack: schemaChecker(command.ack, command[ackShapeKey]),
    identity: shape.fields.some((field) => field.name === identity),
  };
}

function roomEntry(kind: string, { prefix, parameter, options }: RoomDefinition, roles: Roles): RoomEntry {
  const { enter, join, leave } = options;
  const usual: Roles = join === undefined ? {} : roles;
  return {
    kind,
    prefix,
    parameter,
    authenticated: enter === "authenticated",
    ...said({
      join,
      leave,
      joined: options.joined ?? usual.joined,
      left: options.left ?? usual.left,
      memberJoined: options.memberJoined ?? usual.memberJoined,
      memberLeft: options.memberLeft ?? usual.memberLeft,
    }),
  };
}

/** Without the fields of which nothing was said, or `false` for none. */
function said<TFields extends object>(
  fields: TFields,
): { [TName in keyof TFields]?: Exclude<TFields[TName], undefined | false> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== false);
  return Object.fromEntries(kept) as never;
}
