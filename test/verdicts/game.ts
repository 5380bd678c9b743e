import {
  defineCommand,
  defineContract,
  defineEvent,
  jsonObject,
  openEnum,
  room,
  type SourceContract,
} from "@gestaloka/events";
import * as z from "zod/v4";

/** An event of the small game, as a change may edit it. Every sample is sent in the trial. */
export interface EventParts {
  audience: string;
  payload: z.ZodObject | z.ZodDiscriminatedUnion;
  samples: object[];
  recover: boolean;
  lane: "critical" | "normal" | "low";
  summary: string;
}

/** A command of the small game. */
export interface CommandParts {
  payload: z.ZodObject;
  samples: object[];
  ack: z.ZodObject;
  /** What the server answers. */
  answer: object;
  refusals: string[];
  offline: "queue" | "drop";
}

/** All of the small game that a change may edit. */
export interface Game {
  events: Record<string, EventParts>;
  commands: Record<string, CommandParts>;
  /** How a table's room is called. */
  tableRoom: "table_{table_id}" | "board_{table_id}";
}

/** What is deployed today. It says each thing that a contract here can say at least once. */
export function game(): Game {
  return {
    tableRoom: "table_{table_id}",
    events: {
      // Kept in a log: a new client may be given one of before the change.
      points_changed: {
        audience: "player",
        payload: z.object({
          id: z.string(),
          amount: z.int(),
          reason: openEnum(z.enum(["quest", "purchase"])),
          note: z.string().max(100).optional(),
        }),
        samples: [
          { id: "p1", amount: -3, reason: "quest", note: "a bridge" },
          { id: "p2", amount: 5, reason: "purchase" },
        ],
        recover: true,
        lane: "critical",
        summary: "A player's points changed.",
      },
      // Sent, and gone.
      story_told: {
        audience: "table",
        payload: z.object({
          id: z.string(),
          text: z.string().max(500),
          mood: z.enum(["calm", "tense"]),
          tension: z.int().min(0).max(10),
          pace: z.number(),
          scene: jsonObject(z.looseObject({ title: z.string().optional() })),
          hint: z.string().optional(),
        }),
        samples: [
          { id: "s1", text: "It rains.", mood: "calm", tension: 10, pace: 1.5, scene: { title: "Inn" }, hint: "wait" },
          { id: "s2", text: "A knock.", mood: "tense", tension: 0, pace: 2, scene: { lights: [1] } },
        ],
        recover: false,
        lane: "normal",
        summary: "The story goes on.",
      },
      letter_came: {
        audience: "player",
        payload: z.discriminatedUnion("kind", [
          z.object({ kind: z.literal("text"), id: z.string(), text: z.string() }),
          z.object({ kind: z.literal("parcel"), id: z.string(), weight: z.number() }),
        ]),
        samples: [
          { kind: "text", id: "l1", text: "Dear" },
          { kind: "parcel", id: "l2", weight: 2 },
        ],
        recover: false,
        lane: "normal",
        summary: "A letter came.",
      },
    },
    commands: {
      act: {
        payload: z.object({
          table_id: z.string(),
          action: z.string().max(200),
          style: z.enum(["bold", "careful"]),
          times: z.int().min(1).max(9),
          whisper: z.string().optional(),
        }),
        samples: [
          { table_id: "t", action: "Go! ".repeat(50), style: "bold", times: 9, whisper: "hm" },
          { table_id: "t", action: "look", style: "careful", times: 1 },
        ],
        ack: z.object({ turn: z.int(), left: z.int(), tip: z.string().optional() }),
        answer: { turn: 1, left: 2 },
        refusals: [],
        offline: "drop",
      },
      // Kept while there is no connection: a page that was loaded anew may send one to the server of before the change.
      buy: {
        payload: z.object({ item: z.string(), price: z.int().min(0), currency: z.enum(["sp", "coin"]) }),
        samples: [{ item: "rope", price: 3, currency: "sp" }],
        ack: z.object({ balance: z.int() }),
        answer: { balance: 7 },
        refusals: ["too_poor"],
        offline: "queue",
      },
    },
  };
}

const common = { since: "1.0.0", summary: "A part of the game." } as const;
const nothing = { path: "", payload: 1 as never };

/** Makes a contract of it. */
export function toContract({ events, commands, tableRoom }: Game, version: string): SourceContract {
  return defineContract({
    name: "table-game",
    version,
    events: Object.entries(events).map(([name, { samples, ...said }]) =>
      defineEvent({
        ...common,
        ...said,
        name,
        appName: name.replace("_", ":"),
        payload: said.payload as z.ZodObject,
        examples: { valid: samples as never, invalid: [nothing] },
      }),
    ),
    commands: [
      ...["sit_down", "stand_up"].map((name) =>
        defineCommand({
          ...common,
          name,
          room: "table",
          offline: "drop",
          payload: z.object({ table_id: z.string() }),
          ack: z.object({}),
          examples: { valid: [{ table_id: "t" }], invalid: [nothing] },
        }),
      ),
      ...Object.entries(commands).map(([name, { samples, answer: _, ...said }]) =>
        defineCommand({ ...common, ...said, name, examples: { valid: samples as never, invalid: [nothing] } }),
      ),
    ],
    rooms: {
      player: room("player_{player_id}", { enter: "authenticated" }),
      table: room(tableRoom, { join: "sit_down", leave: "stand_up" }),
    },
  }) as unknown as SourceContract;
}
