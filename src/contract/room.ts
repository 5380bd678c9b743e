import { checkKeys } from "./check-declaration.js";
import { ContractError } from "./errors.js";

/** What a kind of room declares beside its name. */
export interface RoomOptions {
  /** `authenticated`: every connection of the user is in it, from the moment it is authenticated. */
  readonly enter?: "authenticated";
  /** The command that enters it, … */
  readonly join?: string;
  /** … and the one that leaves it. */
  readonly leave?: string;
  /** The event that tells a connection that it entered, where it is not that of the roles; `false` for none. */
  readonly joined?: string | false;
  /** As `joined`: that it left. */
  readonly left?: string | false;
  /** As `joined`: the event that tells the room that a user came. */
  readonly memberJoined?: string | false;
  /** As `joined`: the event that tells the room that a user went. */
  readonly memberLeft?: string | false;
}

const optionKeys: readonly (keyof RoomOptions)[] = [
  "enter",
  "join",
  "leave",
  "joined",
  "left",
  "memberJoined",
  "memberLeft",
];

/** A kind of room: its names are `prefix` and one identifier, whose field in payloads is `parameter`. */
export interface RoomDefinition<TPrefix extends string = string, TOptions extends RoomOptions = RoomOptions> {
  /** How its rooms' names begin: `game_`. */
  readonly prefix: TPrefix;
  /** The payloads' field that holds the identifier: `game_session_id`. */
  readonly parameter: string;
  /** How it is entered, and who is told. */
  readonly options: TOptions;
}

type PrefixOf<TTemplate extends string> = TTemplate extends `${infer TPrefix}{${string}}` ? TPrefix : never;

/**
 * Declares a kind of room by the form of its names: `room("game_{game_session_id}", { join, leave })`.
 *
 * @throws {ContractError} `contract_invalid` for a template that is not a prefix and one parameter.
 */
export function room<const TTemplate extends string, const TOptions extends RoomOptions>(
  template: TTemplate,
  options: TOptions,
): RoomDefinition<PrefixOf<TTemplate>, TOptions> {
  const refuse = (sentence: string) => new ContractError("contract_invalid", `room("${template}"): ${sentence}`);
  const match = /^([A-Za-z][\w:.-]*)\{([a-z][a-z0-9_]*)\}$/.exec(template);
  if (!match) throw refuse("write a prefix and one parameter, such as game_{game_id}");
  checkKeys(options, optionKeys, refuse);
  if (options.enter !== undefined && options.enter !== "authenticated")
    throw refuse('write enter: "authenticated", or leave it out');
  return { prefix: match[1] as PrefixOf<TTemplate>, parameter: match[2] as string, options };
}

const IDENTIFIER_LENGTH = 128;

/**
 * Says whether a text can stand in a room's name: 1 to 128 UTF-16 units, in Unicode's composed form (NFC), no control
 * or separator characters, no half of a surrogate pair. One identifier has one spelling.
 */
export function isRoomIdentifier(id: unknown): id is string {
  return (
    typeof id === "string" &&
    id.length > 0 &&
    id.length <= IDENTIFIER_LENGTH &&
    !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(id) &&
    id.normalize("NFC") === id
  );
}

/** The name of the room with this identifier. @throws {ContractError} `room_invalid` */
export function roomName(prefix: string, id: string): string {
  if (!isRoomIdentifier(id)) {
    throw new ContractError(
      "room_invalid",
      `${prefix}…: write a text of 1 to ${IDENTIFIER_LENGTH} characters, NFC, no control characters`,
    );
  }
  return prefix + id;
}
