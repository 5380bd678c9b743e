import { checkKeys } from "./check-declaration.js";
import { ackShapeKey, type DefinedCommand } from "./command.js";
import type { Roles, RoomEntry } from "./contract.js";
import { ContractError } from "./errors.js";
import { type DefinedEvent, shapeKey } from "./event.js";
import { checkRoles, type RoleFields } from "./roles.js";
import type { RoomDefinition } from "./room.js";

/** What a contract declares. */
export interface ContractDefinition {
  /** Ends of contracts with different names refuse each other. */
  readonly name: string;
  /** Semantic version; ends of different majors refuse each other. */
  readonly version: string;
  /** What servers tell. */
  readonly events: readonly DefinedEvent[];
  /** What clients ask. */
  readonly commands: readonly DefinedCommand[];
  /** The kinds of rooms by name. */
  readonly rooms: Readonly<Record<string, RoomDefinition>>;
  /** The events and commands that the library fills and answers by itself. */
  readonly roles?: Roles;
}

const contractKeys: readonly (keyof ContractDefinition)[] = ["name", "version", "events", "commands", "rooms", "roles"];
const roleKeys: readonly (keyof Roles)[] = [
  "connected",
  "error",
  "ping",
  "pong",
  "joined",
  "left",
  "memberJoined",
  "memberLeft",
];

/**
 * Refuses what is no list of events, of commands, or of rooms: a contract in JavaScript, or one whose types nobody checked,
 * may leave out what the types ask for.
 */
export function checkParts(definition: Partial<ContractDefinition>): void {
  const refuse = (sentence: string) => new ContractError("contract_invalid", sentence);
  checkKeys(definition, contractKeys, refuse);
  const { roles = {} } = definition;
  checkKeys(roles, roleKeys, (sentence) => refuse(`roles: ${sentence}`));
  for (const part of ["events", "commands"] as const)
    if (!Array.isArray(definition[part])) throw refuse(`${part}: write a list, which may be empty`);
  for (const event of definition.events ?? [])
    if (!event?.[shapeKey]) throw refuse(`events: make ${event?.name ?? "each"} with defineEvent`);
  for (const command of definition.commands ?? [])
    if (!command?.[ackShapeKey]) throw refuse(`commands: make ${command?.name ?? "each"} with defineCommand`);
  if (typeof definition.rooms !== "object" || definition.rooms === null)
    throw refuse("rooms: write kinds of rooms by name, {} for none");
  for (const [kind, room] of Object.entries(definition.rooms))
    if (!room?.options) throw refuse(`rooms.${kind}: write room("${kind}_{${kind}_id}", {…})`);
}

/** Refuses parts that do not fit each other; `rooms` are those of the definition, with the events of their roles. */
export function checkContract(definition: ContractDefinition, rooms: readonly RoomEntry[]): void {
  const refuse = (sentence: string) => new ContractError("contract_invalid", sentence);
  if (typeof definition.name !== "string" || !/^[a-z][a-z0-9_.-]{0,63}$/.test(definition.name))
    throw refuse('name: write a lower-case word, such as "gestaloka"');
  if (!/^\d+\.\d+\.\d+$/.test(definition.version)) throw refuse('version: write a semantic version, such as "1.0.0"');
  unique(
    definition.events.map((event) => event.name),
    (name) => refuse(`two events are called ${name}; names are unique per direction`),
  );
  unique(
    definition.events.map((event) => event.appName),
    (name) => refuse(`two events have the app-side name ${name}`),
  );
  unique(
    definition.commands.map((command) => command.name),
    (name) => refuse(`two commands are called ${name}; names are unique per direction`),
  );
  unique(
    definition.events.flatMap((event) => event.emitter ?? []),
    (method) => refuse(`two events have the emitter ${method}`),
  );
  checkRooms(definition, rooms, refuse);
  checkIdentity(definition, rooms, refuse);
  checkRoles(definition as RoleFields, rooms, refuse);
}

function unique(names: readonly string[], twice: (name: string) => Error): void {
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw twice(repeated);
}

function checkRooms(
  definition: ContractDefinition,
  rooms: readonly RoomEntry[],
  refuse: (sentence: string) => Error,
): void {
  const kinds = new Map(rooms.map((room) => [room.kind, room]));
  if (kinds.has("socket")) throw refuse("rooms: no kind is called socket: that is the audience of one connection");
  if (rooms.filter((room) => room.authenticated).length > 1)
    throw refuse('rooms: one kind at most is { enter: "authenticated" }');
  for (const room of rooms) {
    if (!/^[a-z][A-Za-z0-9_]*$/.test(room.kind))
      throw refuse(`rooms: write the kind ${JSON.stringify(room.kind)} as a word, such as game`);
    const clash = rooms.find((other) => other !== room && other.prefix.startsWith(room.prefix));
    if (clash)
      throw refuse(
        `rooms: the names of ${clash.kind} begin like those of ${room.kind} (${room.prefix}); choose other prefixes`,
      );
    if (room.authenticated && room.join)
      throw refuse(`rooms.${room.kind}: it is entered on authentication, so it has no join command`);
    if ((room.join === undefined) !== (room.leave === undefined))
      throw refuse(`rooms.${room.kind}: name both join and leave, or neither`);
    if (room.join !== undefined && room.join === room.leave)
      throw refuse(`rooms.${room.kind}: ${room.join} cannot both join and leave; declare two commands`);
    for (const name of [room.join, room.leave]) {
      if (name === undefined) continue;
      const command = definition.commands.find((candidate) => candidate.name === name);
      if (!command) throw refuse(`rooms.${room.kind}: there is no command ${name}`);
      if (name === definition.roles?.ping)
        throw refuse(`rooms.${room.kind}: ${name} cannot be roles.ping; declare two commands`);
      if (command.room !== room.kind)
        throw refuse(`rooms.${room.kind}: the command ${name} must declare room: "${room.kind}"`);
    }
  }
  for (const event of definition.events) {
    if (event.audience !== "socket" && !kinds.has(event.audience))
      throw refuse(`${event.name}: there is no room kind ${event.audience}`);
  }
  for (const command of definition.commands) {
    if (command.room === undefined) continue;
    const room = kinds.get(command.room);
    if (!room) throw refuse(`${command.name}: there is no room kind ${command.room}`);
    const field = command[shapeKey].fields.find((candidate) => candidate.name === room.parameter);
    if (field?.shape.kind !== "string" || field.optional)
      throw refuse(`${command.name}: it declares room ${room.kind}, so its payload needs the text ${room.parameter}`);
  }
}

// The sender's field is filled by neither end's application: it is left out, or compared with the credential.
function checkIdentity(
  { commands }: ContractDefinition,
  rooms: readonly RoomEntry[],
  refuse: (sentence: string) => Error,
): void {
  const own = rooms.find((room) => room.authenticated);
  if (!own) return;
  for (const command of commands) {
    if (command.room === own.kind)
      throw refuse(`${command.name}: it goes to no room ${own.kind}, whose ${own.parameter} is the sender; drop room`);
    const field = command[shapeKey].fields.find((candidate) => candidate.name === own.parameter);
    if (!field) continue;
    if (rooms.some((room) => room.kind === command.room && room.parameter === own.parameter))
      throw refuse(
        `rooms: ${own.parameter} names both the sender and the room ${command.room}; choose another parameter for one`,
      );
    if (field.shape.kind !== "string" || !field.optional || field.nullish)
      throw refuse(`${command.name}: ${own.parameter} is the sender's identity; write a text with .optional()`);
  }
}
