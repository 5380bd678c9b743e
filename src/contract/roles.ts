import { ackShapeKey, type DefinedCommand } from "./command.js";
import type { Roles, RoomEntry } from "./contract.js";
import { type DefinedEvent, shapeKey } from "./event.js";
import { objectsOf, type PayloadShape, type Shape } from "./shape.js";

/** The part of a contract's declaration that roles are checked against. */
export interface RoleFields {
  readonly events: readonly DefinedEvent[];
  readonly commands: readonly DefinedCommand[];
  readonly roles?: Roles;
}

/** The fields that the library fills by name, with what it puts there. */
type Given = ReadonlyMap<string, Shape["kind"]>;

/**
 * Checks that the library can fill every event and acknowledgement that it sends by itself: each required field is one
 * that it knows by name, or is derived, and takes what the library has.
 */
export function checkRoles(
  { events, commands, roles = {} }: RoleFields,
  rooms: readonly RoomEntry[],
  refuse: (sentence: string) => Error,
): void {
  const user = rooms.find((room) => room.authenticated)?.parameter;
  const known = (...fields: (string | undefined)[]): Given =>
    new Map(fields.flatMap((field) => (field === undefined ? [] : [[field, "string"]])));

  const event = (role: string, name: string | undefined, given: Given, audience?: string) => {
    if (name === undefined) return;
    const found = events.find((candidate) => candidate.name === name);
    if (!found) throw refuse(`roles.${role}: there is no event ${name}`);
    if (audience !== undefined && found.audience !== audience)
      throw refuse(`roles.${role}: ${name} must go to ${audience}`);
    if (audience !== undefined && audience !== "socket" && found.recover)
      throw refuse(`roles.${role}: ${name} must declare recover: false, since it leaves out its subject`);
    const missing = missingField(found[shapeKey], [...given.keys(), ...Object.keys(found.derive ?? {})]);
    if (missing)
      throw refuse(
        `roles.${role}: nothing gives ${name}.${missing}; make it optional, derive it, or name it as one of ${[...given.keys()].join(", ")}`,
      );
    const unfit = unfitField(found[shapeKey], given);
    if (unfit) throw refuse(`roles.${role}: ${name}.${unfit[0]} must be ${unfit[1]}`);
  };
  const answer = (name: string | undefined, given: Given) => {
    const found = commands.find((candidate) => candidate.name === name);
    if (!found) return;
    const missing = missingField(found[ackShapeKey], [...given.keys()]);
    if (missing)
      throw refuse(
        `${name}: the library answers it, and nothing gives ${missing} of its acknowledgement; use ${[...given.keys()].join(", ")}`,
      );
    const unfit = unfitField(found[ackShapeKey], given);
    if (unfit) throw refuse(`${name}: ${unfit[0]} of its acknowledgement must be ${unfit[1]}`);
  };

  event("connected", roles.connected, known("sid", user), "socket");
  event("error", roles.error, known("message", "error"), "socket");
  const ping = commands.find((command) => command.name === roles.ping);
  if (roles.ping !== undefined && !ping) throw refuse(`roles.ping: there is no command ${roles.ping}`);
  if (roles.ping === undefined && roles.pong !== undefined) throw refuse("roles.pong answers roles.ping; name both");
  event(
    "pong",
    roles.pong,
    new Map(
      (ping?.[shapeKey].fields ?? []).flatMap(({ name, optional, shape }) => (optional ? [] : [[name, shape.kind]])),
    ),
    "socket",
  );
  answer(roles.ping, known("server_time"));
  for (const room of rooms) {
    const given = known(room.parameter, user);
    event("joined", room.joined, given, "socket");
    event("left", room.left, given, "socket");
    event("memberJoined", room.memberJoined, given, room.kind);
    event("memberLeft", room.memberLeft, given, room.kind);
    answer(room.join, new Map([...known(room.parameter), ["members", "array"]]));
    answer(room.leave, known(room.parameter));
  }
}

function fieldsOf(shape: PayloadShape) {
  return objectsOf(shape).flatMap((option) => option.fields);
}

function missingField(shape: PayloadShape, given: readonly string[]): string | undefined {
  return fieldsOf(shape).find((field) => !field.optional && !given.includes(field.name))?.name;
}

function unfitField(shape: PayloadShape, given: Given): readonly [name: string, wanted: string] | undefined {
  for (const field of fieldsOf(shape)) {
    const kind = given.get(field.name);
    const own = field.shape.kind === "nullable" ? field.shape.inner : field.shape;
    if (kind === "array" && !(own.kind === "array" && own.items.kind === "string"))
      return [field.name, "a list of texts"];
    if (kind !== undefined && own.kind !== kind) return [field.name, kind === "string" ? "a text" : `a ${kind}`];
  }
  return undefined;
}
