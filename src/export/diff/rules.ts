/**
 * What a finding means for peers that are already out: `breaking`, `unjudged` (cannot be told, so never taken for
 * safe), `dangerous` (the wire holds, a program may not), `safe`.
 */
export type Level = "breaking" | "unjudged" | "dangerous" | "safe";

/** The part of a semantic version that a change asks for. */
export type Bump = "major" | "minor" | "patch" | "none";

interface Rule {
  readonly level: Level;
  readonly bump: Bump;
  readonly about: string;
}

const breaking = (about: string): Rule => ({ level: "breaking", bump: "major", about });
const unjudged = (about: string): Rule => ({ level: "unjudged", bump: "major", about });
const dangerous = (about: string, bump: Bump = "minor"): Rule => ({ level: "dangerous", bump, about });
const safe = (about: string, bump: Bump = "minor"): Rule => ({ level: "safe", bump, about });

/** Every rule that `diff` judges by, each with its level. */
export const rules = {
  CONTRACT_NAME_SAME: breaking("Ends of different contracts refuse each other."),
  CONTRACT_MAJOR_SAME: breaking("Ends of different majors refuse each other."),
  KEYWORD_KNOWN: unjudged("A keyword that this version does not know cannot be judged."),
  ROLE_SAME: dangerous("The library sends and answers other events by itself."),

  ROOM_NO_DELETE: breaking("A kind of room is gone."),
  ROOM_NAME_SAME: breaking("The names of a kind of room are formed otherwise."),
  ROOM_ENTRY_SAME: breaking("A kind of room is entered or left otherwise."),
  ROOM_NOTICES_SAME: dangerous("Other events tell that a connection or a user came into a kind of room, or left it."),
  ROOM_ADDED: safe("A kind of room is new."),

  EVENT_NO_DELETE: breaking("An event is gone, and a client that lingers waits for it."),
  EVENT_ADDED: safe("An event is new; an old client drops it."),
  EVENT_DIRECTION_SAME: breaking("A name travels the other way."),
  EVENT_AUDIENCE_SAME: breaking("An event goes to other connections."),
  EVENT_APP_NAME_SAME: dangerous("Programs listen to the app-side name.", "major"),
  EVENT_EMITTER_SAME: dangerous("Servers call the emitter by its name.", "major"),
  EVENT_LANE_SAME: dangerous("An event is delivered with another urgency."),
  EVENT_RECOVER_SAME: dangerous("What happens to an event while a line is down changed."),
  EVENT_COALESCE_SAME: dangerous("Which events may replace each other changed."),
  EVENT_DERIVATION_SAME: dangerous("A writer fills or compares a field otherwise."),

  COMMAND_NO_DELETE: breaking("A command is gone, and a client that lingers sends it."),
  COMMAND_ADDED: safe("A command is new; the server ships first."),
  COMMAND_ADDED_BOTH_WAYS: breaking("A new client sends a command that the old server does not know."),
  COMMAND_ROOM_SAME: breaking("A command belongs to another kind of room."),
  COMMAND_OFFLINE_SAME: dangerous("What becomes of a command while offline changed."),
  COMMAND_SENDER_SAME: breaking("A field of a command is its sender's id now; another's is refused."),
  COMMAND_SERIAL_SAME: dangerous("The order in which commands are handled changed."),
  COMMAND_REFUSAL_NO_ADD: dangerous("A command may be refused with a code that an old client does not know."),
  COMMAND_REFUSAL_REMOVED: dangerous("A command is no longer refused with a code that a program may have a case for."),

  FIELD_NO_DELETE: breaking("A field that the old reader requires is gone."),
  FIELD_NO_OPTIONAL: breaking("A field that the old reader requires may now be left out."),
  FIELD_NO_REQUIRE: breaking("The new reader requires a field that the old writer may leave out."),
  FIELD_SAME_TYPE: breaking("The reader does not take the kind of value that the writer sends."),
  FIELD_ADDED: safe("A field is new."),
  FIELD_REMOVED: dangerous("A field is gone that a program may have used."),
  NULL_NO_ADD: breaking("The writer sends null where the reader takes none."),
  OPEN_KEY_NO_CLAIM: breaking(
    "A key that an open object left to the application has a declared meaning at the reader.",
  ),
  JSON_DEPTH_FITS: breaking("The writer nests deeper than the reader's open object takes."),

  ENUM_VALUE_NO_ADD: breaking("The new writer sends a member that the old reader refuses."),
  ENUM_VALUE_NO_DELETE: breaking("The new reader refuses a member that the old writer sends."),
  ENUM_VALUE_ADDED: dangerous("An open enum has a new member, which an old program has no case for."),
  LITERAL_SAME: breaking("The writer sends another constant than the reader takes."),
  OPTION_NO_ADD: breaking("The new writer sends a variant that the old reader does not know."),
  OPTION_NO_DELETE: breaking("The new reader does not know a variant that the old writer sends."),

  RANGE_NO_WIDEN: breaking("The new writer sends numbers that the old reader refuses."),
  RANGE_NO_NARROW: breaking("The new reader refuses numbers that the old writer sends."),
  LENGTH_NO_WIDEN: breaking("The new writer sends lengths that the old reader refuses."),
  LENGTH_NO_NARROW: breaking("The new reader refuses lengths that the old writer sends."),
  LENGTH_JUDGEABLE: unjudged("The lengths that a pattern allows cannot be compared with bounds."),
  PATTERN_NO_ADD: breaking("The reader wants a pattern or format that the writer does not keep."),
  PATTERN_JUDGEABLE: unjudged("Two different patterns cannot be compared."),

  PAYLOAD_CHANGED: safe("The payload is said otherwise, and every peer takes it."),
  WORDS_CHANGED: safe("Words changed: summaries, descriptions, log fields.", "patch"),
} as const satisfies Readonly<Record<string, Rule>>;

/** The name of a rule. */
export type RuleName = keyof typeof rules;
