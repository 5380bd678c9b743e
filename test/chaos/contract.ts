import { defineCommand, defineContract, defineEvent, jsonObject, room } from "@gestaloka/events";
import * as z from "zod/v4";
import { keyCount, steadyCount } from "./layout.js";

const number = z.int().min(0);
const id = z.string().max(64);
const common = { since: "1.0.0" } as const;
/** Scenes say when it was emitted, `t`, and how large it is to be. */
const exact = z.object({ s: number, n: number, t: z.number().optional(), pad: z.string().max(32_768).optional() });
const example = { valid: [{ s: 0, n: 1 }], invalid: [{ path: "n", payload: { s: 0, n: -1 } }] };

/** Every event tells its stream, `s`, and its place there: `n` of what may not be missed, `l` of what may. */
const beat = defineEvent({
  ...common,
  name: "beat",
  appName: "chaos:beat",
  audience: "arena",
  payload: exact,
  lane: "critical",
  recover: true,
  summary: "May not be missed, leaves at once.",
  examples: example,
});
const step = defineEvent({
  ...common,
  name: "step",
  appName: "chaos:step",
  audience: "arena",
  payload: exact,
  lane: "normal",
  recover: true,
  summary: "May not be missed.",
  examples: example,
});
const note = defineEvent({
  ...common,
  name: "note",
  appName: "chaos:note",
  audience: "seat",
  payload: exact,
  lane: "critical",
  recover: true,
  summary: "For one user, may not be missed.",
  examples: example,
});
/** `n` is the last exact number at the time of the emit: whoever handles this has handled exactly that one last. */
const dial = defineEvent({
  ...common,
  name: "dial",
  appName: "chaos:dial",
  audience: "arena",
  payload: z.object({ s: number, n: number, key: number.max(keyCount - 1), v: number }),
  lane: "normal",
  recover: true,
  coalesce: { latest: true, key: "key" },
  summary: "The latest value of a key.",
  examples: {
    valid: [{ s: 0, n: 1, key: 0, v: 1 }],
    invalid: [{ path: "v", payload: { s: 0, n: 1, key: 0, v: "1" } }],
  },
});
const board = defineEvent({
  ...common,
  name: "board",
  appName: "chaos:board",
  audience: "arena",
  payload: z.object({ s: number, n: number, fields: jsonObject(z.looseObject({})) }),
  lane: "normal",
  recover: true,
  coalesce: { merge: "fields" },
  summary: "Values of keys that changed.",
  examples: {
    valid: [{ s: 0, n: 1, fields: { k0: 1 } }],
    invalid: [{ path: "fields", payload: { s: 0, n: 1, fields: 1 } }],
  },
});
const whisper = defineEvent({
  ...common,
  name: "whisper",
  appName: "chaos:whisper",
  audience: "arena",
  payload: z.object({ s: number, l: number }),
  lane: "low",
  recover: false,
  summary: "May be missed.",
  examples: { valid: [{ s: 0, l: 1 }], invalid: [{ path: "l", payload: { s: 0, l: -1 } }] },
});
const murmurs = Array.from({ length: steadyCount }, (_, index) =>
  defineEvent({
    ...common,
    name: `murmur_${index}` as "murmur_0",
    appName: `chaos:murmur_${index}` as "chaos:murmur_0",
    audience: "seat",
    payload: z.object({ l: number, pad: z.string().max(32_768) }),
    lane: "low",
    recover: false,
    summary: "A large one that may be dropped.",
    examples: { valid: [{ l: 1, pad: "" }], invalid: [{ path: "l", payload: { l: -1, pad: "" } }] },
  }),
);

const inArena = { ...common, room: "arena" } as const;
const entering = z.object({ arena_id: id });
const entries = { valid: [{ arena_id: "0" }], invalid: [{ path: "arena_id", payload: {} }] };
const acting = z.object({ arena_id: id, k: number });
const acts = { valid: [{ arena_id: "0", k: 1 }], invalid: [{ path: "k", payload: { arena_id: "0", k: -1 } }] };
const enterArena = defineCommand({
  ...inArena,
  name: "enter_arena",
  payload: entering,
  ack: z.object({}),
  offline: "drop",
  summary: "Enters an arena.",
  examples: entries,
});
const leaveArena = defineCommand({
  ...inArena,
  name: "leave_arena",
  payload: entering,
  ack: z.object({}),
  offline: "drop",
  summary: "Leaves an arena.",
  examples: entries,
});
const act = defineCommand({
  ...inArena,
  name: "act",
  payload: acting,
  ack: z.object({ k: number }),
  offline: "queue",
  summary: "Must be applied once.",
  examples: acts,
});
const actInTurn = defineCommand({
  ...inArena,
  name: "act_in_turn",
  payload: acting,
  ack: z.object({ k: number }),
  offline: "queue",
  serial: "room",
  summary: "Must be applied once, after the one before.",
  examples: acts,
});
const look = defineCommand({
  ...inArena,
  name: "look",
  payload: entering,
  ack: z.object({ dial: z.array(number).max(keyCount), board: z.array(number).max(keyCount) }),
  offline: "queue",
  summary: "Asks for the state, as a view does after a resync.",
  examples: entries,
});

/** What the chaos harness publishes and asks for; no word of an application is in it. */
export const contract = defineContract({
  name: "chaos",
  version: "1.0.0",
  events: [beat, step, note, dial, board, whisper, ...murmurs],
  commands: [enterArena, leaveArena, act, actInTurn, look],
  rooms: {
    seat: room("seat_{user_id}", { enter: "authenticated" }),
    arena: room("arena_{arena_id}", { join: "enter_arena", leave: "leave_arena" }),
  },
});
export default contract;
