import { ackShapeKey, type DefinedCommand } from "./command.js";
import type { Roles, RoomEntry } from "./contract.js";
import { type DefinedEvent, shapeKey } from "./event.js";
import type { PayloadShape } from "./shape.js";

/** The part of a contract's declaration that roles are checked against. */
export interface RoleFields {
  readonly events: readonly DefinedEvent[];
  readonly commands: readonly DefinedCommand[];
  readonly roles?: Roles;
}

/**
 * Checks that the library can fill every event and acknowledgement that it sends by itself: each required field is one
 * that it knows by name, or is derived.
 */
export function checkRoles(
  { events, commands, roles = {} }: RoleFields,
  rooms: readonly RoomEntry[],
  refuse: (sentence: string) => Error,
): void {
  const user = rooms.find((room) => room.authenticated)?.parameter;
  const known = (...fields: (string | undefined)[]) => new Set(fields.filter((field) => field !== undefined));

  const event = (role: string, name: string | undefined, given: ReadonlySet<string>, audience?: string) => {
    if (name === undefined) return;
    const found = events.find((candidate) => candidate.name === name);
    if (!found) throw refuse(`roles.${role}: there is no event ${name}`);
    if (audience !== undefined && found.audience !== audience)
      throw refuse(`roles.${role}: ${name} must go to ${audience}`);
    if (audience !== undefined && audience !== "socket" && found.recover)
      throw refuse(`roles.${role}: ${name} must declare recover: false, since it leaves out its own subject`);
    const missing = missingField(found[shapeKey], new Set([...given, ...Object.keys(found.derive ?? {})]));
    if (missing)
      throw refuse(
        `roles.${role}: nothing gives ${name}.${missing}; make it optional, derive it, or name it as one of ${[...given].join(", ")}`,
      );
  };
  const answer = (name: string | undefined, given: ReadonlySet<string>) => {
    const found = commands.find((candidate) => candidate.name === name);
    const missing = found && missingField(found[ackShapeKey], given);
    if (missing)
      throw refuse(
        `${name}: the library answers it, and nothing gives ${missing} of its acknowledgement; use ${[...given].join(", ") || "no required field"}`,
      );
  };

  event("connected", roles.connected, known("sid", user), "socket");
  event("error", roles.error, known("message", "error"), "socket");
  const ping = commands.find((command) => command.name === roles.ping);
  if (roles.ping !== undefined && !ping) throw refuse(`roles.ping: there is no command ${roles.ping}`);
  if (roles.ping === undefined && roles.pong !== undefined) throw refuse("roles.pong answers roles.ping; name both");
  event(
    "pong",
    roles.pong,
    known(...(ping?.[shapeKey].fields ?? []).filter((field) => !field.optional).map((field) => field.name)),
    "socket",
  );
  answer(roles.ping, known("server_time"));
  for (const room of rooms) {
    const given = known(room.parameter, user);
    event("joined", room.joined, given, "socket");
    event("left", room.left, given, "socket");
    event("memberJoined", room.memberJoined, given, room.kind);
    event("memberLeft", room.memberLeft, given, room.kind);
    answer(room.join, known(room.parameter, "members"));
    answer(room.leave, known(room.parameter));
  }
}

function missingField(shape: PayloadShape, given: ReadonlySet<string>): string | undefined {
  const options = shape.kind === "object" ? [shape] : shape.options;
  return options.flatMap((option) => option.fields).find((field) => !field.optional && !given.has(field.name))?.name;
}
