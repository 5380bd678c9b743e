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

  const checkFields = (
    wrong: (sentence: string) => Error,
    whose: string,
    payload: PayloadShape,
    given: Given,
    derived?: readonly string[],
  ) => {
    for (const { name, optional, shape } of objectsOf(payload).flatMap((option) => option.fields)) {
      const kind = given.get(name);
      if (!kind && !optional && !derived?.includes(name))
        throw wrong(
          `nothing gives ${whose}${name}; make it optional${derived ? ", derive it" : ""} or use ${[...given.keys()].join(", ")}`,
        );
      const own = shape.kind === "nullable" ? shape.inner : shape;
      if (kind && (own.kind !== kind || (own.kind === "array" && own.items.kind !== "string")))
        throw wrong(
          `${whose}${name} must be ${kind === "array" ? "a list of texts" : kind === "string" ? "a text" : `a ${kind}`}`,
        );
    }
  };
  const event = (role: string, name: string | undefined, given: Given, audience = "socket", otherwise = "") => {
    if (name === undefined) return;
    const wrong = (sentence: string) => refuse(`roles.${role}: ${sentence}${otherwise}`);
    const found = events.find((candidate) => candidate.name === name);
    if (!found) throw wrong(`there is no event ${name}`);
    if (found.audience !== audience) throw wrong(`${name} must go to ${audience}`);
    if (audience !== "socket" && found.recover)
      throw wrong(`${name} must declare recover: false, since it leaves out its subject`);
    checkFields(wrong, `${name}.`, found[shapeKey], given, Object.keys(found.derive ?? {}));
  };
  const answer = (name: string | undefined, given: Given) => {
    const found = commands.find((candidate) => candidate.name === name);
    if (!found) return;
    checkFields(
      (sentence) => refuse(`${name}, which the library answers: ${sentence}`),
      "its acknowledgement's ",
      found[ackShapeKey],
      given,
    );
  };

  event("connected", roles.connected, known("sid", user));
  event("error", roles.error, known("message", "error"));
  const ping = commands.find((command) => command.name === roles.ping);
  if (roles.ping !== undefined && !ping) throw refuse(`roles.ping: there is no command ${roles.ping}`);
  if (roles.ping === undefined && roles.pong !== undefined) throw refuse("roles.pong answers roles.ping; name both");
  event(
    "pong",
    roles.pong,
    new Map(ping?.[shapeKey].fields?.flatMap(({ name, optional, shape }) => (optional ? [] : [[name, shape.kind]]))),
  );
  answer(roles.ping, known("server_time"));
  for (const room of rooms) {
    const given = known(room.parameter, user);
    for (const role of ["joined", "left", "memberJoined", "memberLeft"] as const) {
      const audience = role.startsWith("member") ? room.kind : "socket";
      // The event may be another kind's, whose peers know it as it is.
      event(role, room[role], given, audience, `; or say ${role}: false in rooms.${room.kind}`);
    }
    answer(room.join, new Map([...known(room.parameter), ["members", "array"]]));
    answer(room.leave, known(room.parameter));
  }
}
