import type { OfflinePolicy } from "./command.js";
import type { ContractTypes } from "./contract-types.js";
import type { Issue } from "./errors.js";
import type { Coalesce, Lane } from "./event.js";
import type { Role } from "./expectation.js";
import { isRoomIdentifier, roomName } from "./room.js";

/** Judges one payload: zod and a walk over the shape, or generated code; both give the same verdicts and words. */
export interface PayloadChecker {
  /** The verdict alone: no copy, no allocation where it was generated. Throws only what reading the value throws. */
  accepts(value: unknown, role: Role): boolean;
  /** Why a value is refused; `undefined` if it is not. Slow. Throws only what reading the value throws. */
  explain(value: unknown, role: Role): Issue | undefined;
}

/** An event as server and client use it. */
export interface EventEntry {
  readonly name: string;
  readonly appName: string;
  readonly audience: string;
  readonly lane: Lane;
  readonly recover: boolean;
  readonly coalesce?: Coalesce;
  readonly logFields: readonly string[];
  /** The field that tells the options of the payload apart, where it has options. */
  readonly discriminator?: string;
  readonly payload: PayloadChecker;
  /** A new payload with the derived fields that `input` leaves out; `now` is Unix ms. */
  fill(input: object, now: number): object;
}

/** A command as server and client use it. */
export interface CommandEntry {
  readonly name: string;
  readonly room?: string;
  readonly refusals: readonly string[];
  readonly offline: OfflinePolicy;
  readonly serial?: "room";
  readonly logFields: readonly string[];
  readonly payload: PayloadChecker;
  /** The accepted payload without the keys that the contract does not know. */
  known(payload: object): object;
  readonly ack: PayloadChecker;
  /** Whether the payload has a field for the sender's identity (see {@link Contract.identity}). */
  readonly identity: boolean;
}

/** A kind of room, with the events of its roles resolved. */
export interface RoomEntry {
  readonly kind: string;
  readonly prefix: string;
  readonly parameter: string;
  readonly authenticated: boolean;
  readonly join?: string;
  readonly leave?: string;
  readonly joined?: string;
  readonly left?: string;
  readonly memberJoined?: string;
  readonly memberLeft?: string;
}

/** The events and the command that the library itself sends and answers. */
export interface Roles {
  /** The event that a connection is greeted with. */
  readonly connected?: string;
  /** The event that tells a plain peer of a refusal. */
  readonly error?: string;
  /** The command that the library answers with the time, … */
  readonly ping?: string;
  /** … and the event that goes with the answer. */
  readonly pong?: string;
  /** The events that tell a connection that it entered a room, … */
  readonly joined?: string;
  /** … and that it left. */
  readonly left?: string;
  /** The events that tell a room that a user came, … */
  readonly memberJoined?: string;
  /** … and went. */
  readonly memberLeft?: string;
}

/** A room name taken apart. */
export interface ParsedRoom {
  readonly kind: string;
  readonly id: string;
}

/** What a contract is at run time, made by `defineContract` or written by `generate`. */
export interface Contract<TTypes extends ContractTypes = ContractTypes> {
  readonly name: string;
  readonly version: string;
  readonly events: ReadonlyMap<string, EventEntry>;
  readonly appEvents: ReadonlyMap<string, EventEntry>;
  readonly commands: ReadonlyMap<string, CommandEntry>;
  readonly roomKinds: ReadonlyMap<string, RoomEntry>;
  readonly roles: Roles;
  /** The parameter of the room that is entered on authentication: a command's field of this name is the sender. */
  readonly identity: string | undefined;
  /** `rooms.game(id)`: the name of a room. Throws `room_invalid` for an identifier that cannot stand in one. */
  readonly rooms: { readonly [TKind in keyof TTypes["rooms"]]: (id: string) => TTypes["rooms"][TKind] };
  /** Takes a room's name apart; `undefined` for a text that names no room of this contract. */
  parseRoom(text: string): ParsedRoom | undefined;
  /** Types only; never set. */
  readonly "~types"?: TTypes;
}

/** What a contract is put together from. */
export interface ContractParts {
  readonly name: string;
  readonly version: string;
  readonly events: readonly EventEntry[];
  readonly commands: readonly CommandEntry[];
  readonly rooms: readonly RoomEntry[];
  readonly roles: Roles;
}

/** Puts a contract together; all lookups go through maps, so that no name from outside reaches a prototype. */
export function assembleContract<TTypes extends ContractTypes>(parts: ContractParts): Contract<TTypes> {
  const rooms = Object.fromEntries(parts.rooms.map(({ kind, prefix }) => [kind, (id: string) => roomName(prefix, id)]));
  return {
    name: parts.name,
    version: parts.version,
    events: new Map(parts.events.map((event) => [event.name, event])),
    appEvents: new Map(parts.events.map((event) => [event.appName, event])),
    commands: new Map(parts.commands.map((command) => [command.name, command])),
    roomKinds: new Map(parts.rooms.map((room) => [room.kind, room])),
    roles: parts.roles,
    identity: parts.rooms.find((room) => room.authenticated)?.parameter,
    rooms: rooms as Contract<TTypes>["rooms"],
    parseRoom(text) {
      // No prefix begins another one, so at most one kind fits.
      const found = parts.rooms.find(({ prefix }) => text.startsWith(prefix));
      const id = found ? text.slice(found.prefix.length) : "";
      return found && isRoomIdentifier(id) ? { kind: found.kind, id } : undefined;
    },
  };
}
