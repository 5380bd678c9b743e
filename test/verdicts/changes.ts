import { openEnum } from "@gestaloka/events";
import * as z from "zod/v4";
import type { CommandParts, EventParts, Game } from "./game.js";

/** One change that a developer may make to the game. */
export interface Change {
  readonly what: string;
  /** Makes it, in a game of its own. */
  readonly edit: (game: Game) => void;
  /** The same in protobuf: what is replaced by what; `undefined` where protobuf has no words for it. */
  readonly proto?: readonly (readonly [string, string])[];
}

const event = ({ events }: Game, name: string) => events[name] as EventParts;
const command = ({ commands }: Game, name: string) => commands[name] as CommandParts;

/** Edits an event's payload, and its samples with it. */
function events(name: string, fields: Record<string, z.ZodType | undefined>, sample: (old: object) => object = same) {
  return (game: Game) => {
    const parts = event(game, name);
    parts.payload = withFields(parts.payload as z.ZodObject, fields);
    parts.samples = parts.samples.map(sample);
  };
}

/** Edits a command's payload, and what new clients send. */
function commands(name: string, fields: Record<string, z.ZodType | undefined>, sample: (old: object) => object = same) {
  return (game: Game) => {
    const parts = command(game, name);
    parts.payload = withFields(parts.payload, fields);
    parts.samples = parts.samples.map(sample);
  };
}

function acks(name: string, fields: Record<string, z.ZodType | undefined>, answer: (old: object) => object) {
  return (game: Game) => {
    const parts = command(game, name);
    parts.ack = withFields(parts.ack, fields);
    parts.answer = answer(parts.answer);
  };
}

function withFields(schema: z.ZodObject, fields: Record<string, z.ZodType | undefined>): z.ZodObject {
  const all = Object.entries({ ...schema.shape, ...fields }).filter(
    (field): field is [string, z.ZodType] => !!field[1],
  );
  return z.object(Object.fromEntries(all));
}

const same = (sample: object) => sample;
const given = (fields: object) => (sample: object) => ({ ...sample, ...fields });
const lacking = (field: string) => (sample: object) =>
  Object.fromEntries(Object.entries(sample).filter(([name]) => name !== field));

/** What may happen to a contract, one thing at a time. */
export const changes: readonly Change[] = [
  {
    what: "an event is new",
    edit({ events }) {
      events.door_opened = {
        ...event({ events } as Game, "letter_came"),
        payload: z.object({ id: z.string() }),
        samples: [{ id: "d" }],
      };
    },
    proto: [["    LetterCame letter_came = 3;\n", "    LetterCame letter_came = 3;\n    Text door_opened = 4;\n"]],
  },
  {
    what: "an event is gone",
    edit({ events }) {
      delete events.letter_came;
    },
    proto: [["    LetterCame letter_came = 3;\n", ""]],
  },
  {
    what: "an event has another name",
    edit({ events }) {
      events.letter_arrived = events.letter_came as EventParts;
      delete events.letter_came;
    },
    proto: [["LetterCame letter_came = 3", "LetterCame letter_arrived = 3"]],
  },
  {
    what: "an event goes to one player instead of the table",
    edit(game) {
      event(game, "story_told").audience = "player";
    },
  },
  {
    what: "the rooms of tables are called otherwise",
    edit(game) {
      game.tableRoom = "board_{table_id}";
    },
  },
  {
    what: "an event has a new optional field",
    edit: events("story_told", { music: z.string().optional() }, given({ music: "drums" })),
    proto: [["  optional string hint = 7;\n", "  optional string hint = 7;\n  optional string music = 8;\n"]],
  },
  {
    what: "an event that is not kept has a new required field",
    edit: events("story_told", { music: z.string() }, given({ music: "drums" })),
    proto: [["  optional string hint = 7;\n", "  optional string hint = 7;\n  string music = 8;\n"]],
  },
  {
    what: "an event that is kept in a log has a new required field",
    edit: events("points_changed", { balance: z.int() }, given({ balance: 12 })),
  },
  {
    what: "an optional field of an event is gone",
    edit: events("story_told", { hint: undefined }, lacking("hint")),
    proto: [["  optional string hint = 7;\n", ""]],
  },
  {
    what: "a required field of an event is gone",
    edit: events("story_told", { text: undefined }, lacking("text")),
    proto: [["  string text = 2;\n  Mood", "  Mood"]],
  },
  {
    what: "a required field of an event has another name",
    edit: events("story_told", { text: undefined, words: z.string() }, (old) =>
      given({ words: "x" })(lacking("text")(old)),
    ),
    proto: [["  string text = 2;\n  Mood", "  string words = 2;\n  Mood"]],
  },
  {
    what: "a required field of an event may be left out",
    edit: events("story_told", { text: z.string().max(500).optional() }, lacking("text")),
  },
  {
    what: "an optional field of an event is always sent",
    edit: events("story_told", { hint: z.string() }, given({ hint: "go" })),
  },
  {
    what: "an event's text becomes a number",
    edit: events("story_told", { text: z.int() }, given({ text: 7 })),
    proto: [["  string text = 2;\n  Mood", "  int32 text = 2;\n  Mood"]],
  },
  {
    what: "an event's integer becomes any number",
    edit: events("story_told", { tension: z.number().min(0).max(10) }, given({ tension: 0.5 })),
    proto: [["int32 tension", "double tension"]],
  },
  {
    what: "an event's number becomes an integer",
    edit: events("story_told", { pace: z.int() }, given({ pace: 3 })),
    proto: [["double pace", "int32 pace"]],
  },
  {
    what: "a closed enum of an event has a new member",
    edit: events("story_told", { mood: z.enum(["calm", "tense", "wild"]) }, given({ mood: "wild" })),
    proto: [["  MOOD_TENSE = 2;\n", "  MOOD_TENSE = 2;\n  MOOD_WILD = 3;\n"]],
  },
  {
    what: "a closed enum of an event has a member less",
    edit: events("story_told", { mood: z.enum(["calm"]) }, given({ mood: "calm" })),
    proto: [["  MOOD_TENSE = 2;\n", ""]],
  },
  {
    what: "an open enum of an event has a new member",
    edit: events(
      "points_changed",
      { reason: openEnum(z.enum(["quest", "purchase", "gift"])) },
      given({ reason: "gift" }),
    ),
    proto: [["  REASON_PURCHASE = 2;\n", "  REASON_PURCHASE = 2;\n  REASON_GIFT = 3;\n"]],
  },
  {
    what: "an event's text may be longer",
    edit: events("story_told", { text: z.string().max(900) }, given({ text: "x".repeat(900) })),
  },
  {
    what: "an event's number has a narrower range",
    edit: events("story_told", { tension: z.int().min(0).max(5) }, given({ tension: 5 })),
  },
  {
    what: "an event's field may be null",
    edit: events("story_told", { text: z.string().nullable() }, given({ text: null })),
  },
  {
    what: "an event has a new variant",
    edit(game) {
      const letter = event(game, "letter_came");
      const { options } = letter.payload as z.ZodDiscriminatedUnion;
      const song = z.object({ kind: z.literal("song"), id: z.string() });
      letter.payload = z.discriminatedUnion("kind", [...options, song] as never);
      letter.samples.push({ kind: "song", id: "l3" });
    },
    proto: [["    Parcel parcel = 3;\n", "    Parcel parcel = 3;\n    Text song = 4;\n"]],
  },
  {
    what: "the fields of an event stand in another order",
    edit(game) {
      const story = event(game, "story_told");
      story.payload = z.object(Object.fromEntries(Object.entries((story.payload as z.ZodObject).shape).reverse()));
    },
    proto: [["  string id = 1;\n  string text = 2;\n  Mood", "  string text = 2;\n  string id = 1;\n  Mood"]],
  },
  {
    what: "an event is more urgent",
    edit(game) {
      event(game, "story_told").lane = "critical";
    },
  },
  {
    what: "an event's summary is said better",
    edit(game) {
      event(game, "story_told").summary = "The narrator speaks.";
    },
    proto: [["message StoryTold", "// The narrator speaks.\nmessage StoryTold"]],
  },
  {
    what: "a command is new",
    edit({ commands }) {
      commands.rest = {
        ...(commands.act as CommandParts),
        payload: z.object({ hours: z.int() }),
        samples: [{ hours: 8 }],
      };
    },
    proto: [["  rpc Buy", "  rpc Rest(Text) returns (ActResponse);\n  rpc Buy"]],
  },
  {
    what: "a command is gone",
    edit({ commands }) {
      delete commands.act;
    },
    proto: [["  rpc Act(ActRequest) returns (ActResponse);\n", ""]],
  },
  {
    what: "a command has a new optional field",
    edit: commands("act", { target: z.string().optional() }, given({ target: "door" })),
    proto: [["  optional string whisper = 5;\n", "  optional string whisper = 5;\n  optional string target = 6;\n"]],
  },
  {
    what: "a command has a new required field",
    edit: commands("act", { target: z.string() }, given({ target: "door" })),
  },
  {
    what: "an optional field of a command is gone",
    edit: commands("act", { whisper: undefined }, lacking("whisper")),
    proto: [["  optional string whisper = 5;\n", ""]],
  },
  {
    what: "a required field of a command is gone",
    edit: commands("act", { times: undefined }, lacking("times")),
    proto: [["  int32 times = 4;\n", ""]],
  },
  {
    what: "a closed enum of a command has a member less",
    edit: commands("act", { style: z.enum(["bold"]) }, given({ style: "bold" })),
    proto: [["  STYLE_CAREFUL = 2;\n", ""]],
  },
  {
    what: "a closed enum of a command has a new member",
    edit: commands("act", { style: z.enum(["bold", "careful", "sly"]) }, given({ style: "sly" })),
    proto: [["  STYLE_CAREFUL = 2;\n", "  STYLE_CAREFUL = 2;\n  STYLE_SLY = 3;\n"]],
  },
  {
    what: "a closed enum of a command that is queued has a new member",
    edit: commands("buy", { currency: z.enum(["sp", "coin", "gem"]) }, given({ currency: "gem" })),
    proto: [["  CURRENCY_COIN = 2;\n", "  CURRENCY_COIN = 2;\n  CURRENCY_GEM = 3;\n"]],
  },
  {
    what: "a command's text has to be shorter",
    edit: commands("act", { action: z.string().max(100) }, given({ action: "look" })),
  },
  {
    what: "a command's number may be larger",
    edit: commands("act", { times: z.int().min(1).max(99) }, given({ times: 99 })),
  },
  {
    what: "a command's text has to keep to a pattern",
    edit: commands(
      "act",
      {
        action: z
          .string()
          .max(200)
          .regex(/^[a-z]+$/),
      },
      given({ action: "look" }),
    ),
  },
  {
    what: "an acknowledgement has a new field",
    edit: acks("act", { mood: z.string() }, given({ mood: "calm" })),
    proto: [["  optional string tip = 3;\n", "  optional string tip = 3;\n  string mood = 4;\n"]],
  },
  {
    what: "a required field of an acknowledgement is gone",
    edit: acks("act", { left: undefined }, lacking("left")),
    proto: [["  int32 left = 2;\n", ""]],
  },
  {
    what: "a command may be refused with a new code",
    edit(game) {
      command(game, "buy").refusals.push("sold_out");
    },
  },
];
