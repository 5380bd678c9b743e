import { ackShapeKey, type DefinedCommand, type OfflinePolicy } from "../contract/command.js";
import type { Roles } from "../contract/contract.js";
import { definitionOf, type SourceContract, shapeOf } from "../contract/define-contract.js";
import type { Derivations } from "../contract/derive.js";
import type { Coalesce, DefinedEvent, Lane } from "../contract/event.js";
import type { RoomOptions } from "../contract/room.js";
import type { ObjectShape, PayloadShape } from "../contract/shape.js";
import { fingerprint } from "./fingerprint.js";

/** The first field of a snapshot's file: what it is, whatever its name. */
export const SNAPSHOT_FORMAT = "gestaloka-events/contract";

/** The revision of the snapshot's own form; a reader refuses a later one. */
export const SNAPSHOT_REVISION = 1;

/** An event as a snapshot keeps it: each key is that of its definition, `payload` its shape without zod. */
export interface EventSnapshot {
  readonly name: string;
  readonly appName: string;
  readonly audience: string;
  readonly lane: Lane;
  readonly recover: boolean;
  readonly coalesce?: Coalesce;
  readonly emitter?: string;
  readonly logFields: readonly string[];
  readonly summary: string;
  readonly since: string;
  readonly deprecated?: string;
  readonly derive: Derivations;
  readonly payload: PayloadShape;
}

/** A command as a snapshot keeps it: each key is that of its definition, `payload` and `ack` their shapes without zod. */
export interface CommandSnapshot {
  readonly name: string;
  readonly room?: string;
  readonly offline: OfflinePolicy;
  readonly serial?: "room";
  readonly refusals: readonly string[];
  readonly logFields: readonly string[];
  readonly summary: string;
  readonly since: string;
  readonly deprecated?: string;
  readonly payload: PayloadShape;
  readonly ack: ObjectShape;
}

/** A kind of room as a snapshot keeps it: its name, and the keys of its definition. */
export interface RoomSnapshot {
  readonly kind: string;
  readonly prefix: string;
  readonly parameter: string;
  readonly options: RoomOptions;
}

/** A contract as plain JSON: all that exports and `diff` read, and nothing that runs. */
export interface ContractSnapshot {
  /** What the file is, whatever its name. */
  readonly format: typeof SNAPSHOT_FORMAT;
  /** The revision of this form. */
  readonly revision: typeof SNAPSHOT_REVISION;
  /** The contract's name. */
  readonly name: string;
  /** The contract's version. */
  readonly version: string;
  /** 16 hexadecimal digits over all the rest: equal contracts have equal ones. */
  readonly fingerprint: string;
  /** In their declared order. */
  readonly events: readonly EventSnapshot[];
  /** In their declared order. */
  readonly commands: readonly CommandSnapshot[];
  /** In their declared order. */
  readonly rooms: readonly RoomSnapshot[];
  /** The events and the command that the library itself sends and answers. */
  readonly roles: Roles;
}

/** Takes a contract's snapshot. Events and commands keep their declared order. */
export function toSnapshot(contract: SourceContract): ContractSnapshot {
  const definition = definitionOf(contract);
  const content = {
    name: definition.name,
    version: definition.version,
    events: definition.events.map(eventSnapshot),
    commands: definition.commands.map(commandSnapshot),
    rooms: Object.entries(definition.rooms).map(([kind, { prefix, parameter, options }]) => ({
      kind,
      prefix,
      parameter,
      options,
    })),
    roles: definition.roles ?? {},
  };
  const { name, version, ...declared } = content;
  return {
    format: SNAPSHOT_FORMAT,
    revision: SNAPSHOT_REVISION,
    name,
    version,
    fingerprint: fingerprint(content),
    ...declared,
  };
}

function eventSnapshot(event: DefinedEvent): EventSnapshot {
  return {
    name: event.name,
    appName: event.appName,
    audience: event.audience,
    lane: event.lane,
    recover: event.recover,
    ...(event.coalesce ? { coalesce: event.coalesce } : {}),
    ...(event.emitter === undefined ? {} : { emitter: event.emitter }),
    logFields: event.logFields ?? [],
    summary: event.summary,
    since: event.since,
    ...(event.deprecated === undefined ? {} : { deprecated: event.deprecated }),
    derive: event.derive ?? {},
    payload: shapeOf(event),
  };
}

function commandSnapshot(command: DefinedCommand): CommandSnapshot {
  return {
    name: command.name,
    ...(command.room === undefined ? {} : { room: command.room }),
    offline: command.offline,
    ...(command.serial === undefined ? {} : { serial: command.serial }),
    refusals: command.refusals ?? [],
    logFields: command.logFields ?? [],
    summary: command.summary,
    since: command.since,
    ...(command.deprecated === undefined ? {} : { deprecated: command.deprecated }),
    payload: shapeOf(command),
    ack: command[ackShapeKey],
  };
}
