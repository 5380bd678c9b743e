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
  /** The name on the wire. */
  readonly name: string;
  /** The name that a client's code listens to. */
  readonly appName: string;
  /** The kind of room it goes to, or `socket`. */
  readonly audience: string;
  /** How soon it must go. */
  readonly lane: Lane;
  /** Whether it is numbered, logged and recovered. */
  readonly recover: boolean;
  /** What it may be replaced by while it waits. */
  readonly coalesce?: Coalesce;
  /** The payload's fields that a log may show. */
  readonly logFields: readonly string[];
  /** The field that tells the options of the payload apart, where it has options. */
  readonly discriminator?: string;
  /** Judges its payload. */
  readonly payload: PayloadChecker;
  /** A new payload with the derived fields that `input` leaves out; `now` is Unix ms. */
  fill(input: object, now: number): object;
}

/** A command as server and client use it. */
export interface CommandEntry {
  /** The name on the wire. */
  readonly name: string;
  /** The kind of room whose parameter it carries. */
  readonly room?: string | undefined;
  /** The codes of its own with which its handler may refuse it. */
  readonly refusals: readonly string[];
  /** What becomes of it while the client has no connection. */
  readonly offline: OfflinePolicy;
  /** `room`: those of one user in one room are carried out one after the other. */
  readonly serial?: "room";
  /** The payload's fields that a log may show. */
  readonly logFields: readonly string[];
  /** Judges its payload. */
  readonly payload: PayloadChecker;
  /** The accepted payload without the keys that the contract does not know. */
  known(payload: object): object;
  /** Judges the data of a positive answer. */
  readonly ack: PayloadChecker;
  /** Whether the payload has a field for the sender's identity (see {@link Contract.identity}). */
  readonly identity: boolean;
}

/** A kind of room, with the events of its roles resolved. */
export interface RoomEntry {
  /** What the contract calls it: `game`. */
  readonly kind: string;
  /** How its rooms' names begin: `game_`. */
  readonly prefix: string;
  /** The payloads' field that holds its identifier: `game_session_id`. */
  readonly parameter: string;
  /** Whether a user's connections are in it from the moment they are authenticated. */
  readonly authenticated: boolean;
  /** The command that enters it, … */
  readonly join?: string;
  /** … and the one that leaves it. */
  readonly leave?: string;
  /** The event that tells a connection that it entered, … */
  readonly joined?: string;
  /** … and that it left. */
  readonly left?: string;
  /** The event that tells the room that a user came, … */
  readonly memberJoined?: string;
  /** … and went. */
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
  /** What the contract calls its kind: `game`. */
  readonly kind: string;
  /** The identifier after the prefix. */
  readonly id: string;
}

/** What a contract is at run time, made by `defineContract` or written by `generate`. */
export interface Contract<TTypes extends ContractTypes = ContractTypes> {
  /** Whose contract it is; peers of another name refuse each other. */
  readonly name: string;
  /** `major.minor.patch`; peers of another major refuse each other. */
  readonly version: string;
  /** The events by their name on the wire. */
  readonly events: ReadonlyMap<string, EventEntry>;
  /** The events by the name that a client's code listens to. */
  readonly appEvents: ReadonlyMap<string, EventEntry>;
  /** The commands by their name on the wire. */
  readonly commands: ReadonlyMap<string, CommandEntry>;
  /** The kinds of rooms by name. */
  readonly roomKinds: ReadonlyMap<string, RoomEntry>;
  /** The events and the command that the library itself sends and answers. */
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
export function assembleContract<TTypes extends ContractTypes>({
  events,
  commands,
  rooms,
  ...named
}: ContractParts): Contract<TTypes> {
  const names = Object.fromEntries(rooms.map(({ kind, prefix }) => [kind, (id: string) => roomName(prefix, id)]));
  return {
    ...named,
    events: new Map(events.map((event) => [event.name, event])),
    appEvents: new Map(events.map((event) => [event.appName, event])),
    commands: new Map(commands.map((command) => [command.name, command])),
    roomKinds: new Map(rooms.map((room) => [room.kind, room])),
    identity: rooms.find((room) => room.authenticated)?.parameter,
    rooms: names as Contract<TTypes>["rooms"],
    parseRoom(text) {
      // No prefix begins another one, so at most one kind fits.
      const found = rooms.find(({ prefix }) => text.startsWith(prefix));
      const id = found ? text.slice(found.prefix.length) : "";
      return found && isRoomIdentifier(id) ? { kind: found.kind, id } : undefined;
    },
  };
}
