import {
  defineCommand,
  defineContract,
  defineEvent,
  derive,
  type Roles,
  type RoomDefinition,
  room,
} from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import type { DefinedCommand } from "../../../src/contract/command.js";
import type { DefinedEvent } from "../../../src/contract/event.js";
import type { ObjectSchema } from "../../../src/contract/schema.js";
import { contract as harbour } from "../../fixtures/contract.js";
import { refusalOf } from "../../support/refusal.js";

const sample = (schema: z.ZodObject): object =>
  Object.fromEntries(
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const value = [["x"], "x", 1].find((each) => field.safeParse(each).success);
      return field.safeParse(undefined).success ? [] : [[name, value]];
    }),
  );
const examples = (payload: z.ZodObject) => ({
  valid: [sample(payload)],
  invalid: [{ path: "", payload: null }],
});
const text = { summary: "Something.", since: "1.0.0" };

function event(name: string, payload: z.ZodObject, changes: object = {}): DefinedEvent {
  return defineEvent({
    name,
    appName: `harbour:${name}`,
    audience: "quay",
    payload,
    lane: "normal",
    recover: false,
    ...text,
    examples: examples(payload),
    ...changes,
  });
}
function command(name: string, payload: z.ZodObject, changes: object = {}): DefinedCommand {
  return defineCommand({
    name,
    payload,
    room: "quay",
    ack: z.object({}) as ObjectSchema,
    offline: "drop",
    ...text,
    examples: examples(payload),
    ...changes,
  });
}

const quay = z.object({ quay_id: z.string() });
const sailor = z.object({ sailor_id: z.string() });
const guilds = z.object({ guild_id: z.string() });
const joins = [command("dock", quay), command("undock", quay)];
const rooms: Record<string, RoomDefinition> = {
  sailor: room("sailor_{sailor_id}", { enter: "authenticated" }),
  quay: room("quay_{quay_id}", { join: "dock", leave: "undock" }),
};

interface Parts {
  readonly name?: string;
  readonly version?: string;
  readonly events?: readonly DefinedEvent[];
  readonly commands?: readonly DefinedCommand[];
  readonly rooms?: Record<string, RoomDefinition>;
  readonly roles?: Roles;
}
const contract = (parts: Parts) =>
  defineContract({ name: "harbour", version: "1.0.0", events: [], commands: joins, rooms, ...parts });
const refused = (parts: Parts) => refusalOf(() => contract(parts));

it("says what to write for each part of a contract that is left out", () => {
  for (const [part, words] of [
    ["name", "name: write a lower-case word"],
    ["version", "version: write a semantic version"],
    ["events", "events: write a list, which may be empty"],
    ["commands", "commands: write a list, which may be empty"],
    ["rooms", "rooms: write kinds of rooms by name, {} for none"],
  ] as const)
    expect(refused({ [part]: undefined })).toContain(words);
});

it("refuses what is no object: the contract, its roles, the options of a room", () => {
  for (const none of [null, undefined, true])
    expect(refusalOf(() => defineContract(none as never))).toContain(
      `contract_invalid: there is no key ${none}; write name, `,
    );
  expect(refused({ roles: null as never })).toContain(
    "contract_invalid: roles: there is no key null; write connected, ",
  );
  expect(refusalOf(() => room("quay_{quay_id}", null as never))).toContain("there is no key null; write enter, join, ");
});

it("says with what to make a part that was written as plain data", () => {
  const plain = { name: "dock", payload: quay } as never;
  expect(refused({ events: [plain] })).toContain("contract_invalid: events: make dock with defineEvent");
  expect(refused({ commands: [plain] })).toContain("contract_invalid: commands: make dock with defineCommand");
  expect(refused({ events: [undefined as never] })).toContain("events: make each with defineEvent");
  for (const written of ["quay_{quay_id}", {}, null])
    expect(refused({ rooms: { quay: written as never } })).toContain(
      'contract_invalid: rooms.quay: write room("quay_{quay_id}", {…})',
    );
});

it("refuses a key that nothing reads, of the contract, its roles and its rooms: it is a misspelt one", () => {
  expect(refused({ role: {} } as never)).toContain("contract_invalid: there is no key role; write name, version, ");
  expect(refused({ roles: { conected: "docked" } as never })).toContain("roles: there is no key conected; write conn");
  expect(refusalOf(() => room("quay_{quay_id}", { memberJoind: false } as never))).toMatch(
    /^contract_invalid: room\("quay_{quay_id}"\): there is no key memberJoind; write enter, .*, memberJoined, /,
  );
});

describe("defineContract", () => {
  it("puts a sound contract together, the smallest one too", () => {
    expect(contract({}).roomKinds.get("quay")).toMatchObject({ join: "dock", leave: "undock", prefix: "quay_" });
    const empty = defineContract({ name: "empty", version: "0.0.1", events: [], commands: [], rooms: {} });
    expect([empty.events.size, empty.commands.size, empty.identity, empty.roles]).toEqual([0, 0, undefined, {}]);
  });

  it.each(["", "Harbour", "1harbour", "har bour", "harbour@1", "a".repeat(65)])("refuses the name %j", (name) => {
    expect(refused({ name })).toContain("contract_invalid: name: write a lower-case word");
  });

  it.each(["", "1", "1.0", "v1.0.0", "1.0.0-beta", "1.0.0\n"])("refuses the version %j", (version) => {
    expect(refused({ version })).toContain('version: write a semantic version, such as "1.0.0"');
  });

  it("refuses two events, or two commands, of one name, and takes one of each", () => {
    const [loaded, again] = [event("ship_loaded", quay), event("ship_loaded", quay, { appName: "ship:again" })];
    expect(refused({ events: [loaded, again] })).toContain(
      "two events are called ship_loaded; names are unique per direction",
    );
    expect(refused({ commands: [...joins, command("dock", quay)] })).toContain("two commands are called dock");
    expect(contract({ events: [event("dock", quay)] }).events.size).toBe(1);
  });

  it("refuses two events of one app-side name, or of one emitter", () => {
    const other = event("ship_left", quay, { appName: "harbour:ship_loaded" });
    expect(refused({ events: [event("ship_loaded", quay), other] })).toContain(
      "two events have the app-side name harbour:ship_loaded",
    );
    const emitter = { emitter: "HarbourEmitter.emitShip" };
    expect(refused({ events: [event("ship_loaded", quay, emitter), event("ship_left", quay, emitter)] })).toContain(
      "two events have the emitter HarbourEmitter.emitShip",
    );
  });

  it("refuses an event or a command of a room kind that is none", () => {
    expect(refused({ events: [event("ship_loaded", quay, { audience: "sea" })] })).toContain(
      "ship_loaded: there is no room kind sea",
    );
    expect(refused({ commands: [...joins, command("load", quay, { room: "sea" })] })).toContain(
      "load: there is no room kind sea",
    );
    expect(contract({ events: [event("welcomed", quay, { audience: "socket" })] }).events.size).toBe(1);
  });

  it("refuses a command that does not carry its room's parameter as a text", () => {
    const without = (payload: z.ZodObject) => refused({ commands: [...joins, command("load", payload)] });
    const words = "load: it declares room quay, so its payload needs the text quay_id";
    expect(without(z.object({ ship_id: z.string() }))).toContain(words);
    expect(without(z.object({ quay_id: z.string().optional() }))).toContain(words);
    expect(without(z.object({ quay_id: z.int() }))).toContain(words);
  });

  it("takes the sender's field as an optional text only, and never as a room", () => {
    const carrying = (field: z.ZodType) =>
      contract({ commands: [...joins, command("load", z.object({ quay_id: z.string(), sailor_id: field }))] });
    expect(carrying(z.string().optional()).commands.get("load")?.identity).toBe(true);
    // Whichever kind stands first.
    const { sailor: own, ...others } = rooms;
    const last = contract({ rooms: { ...others, sailor: own as RoomDefinition } });
    expect(last.commands.get("dock")?.identity).toBe(false);
    for (const field of [z.string(), z.int().optional(), z.string().nullish()])
      expect(refusalOf(() => carrying(field))).toContain(
        "load: sailor_id is the sender's identity; write a text with .optional()",
      );
    expect(refused({ commands: [...joins, command("load", sailor, { room: "sailor" })] })).toContain(
      "load: it goes to no room sailor, whose sailor_id is the sender",
    );
    const shared = {
      sailor: room("sailor_{quay_id}", { enter: "authenticated" }),
      quay: room("quay_{quay_id}", { join: "dock", leave: "undock" }),
    };
    expect(refused({ rooms: shared })).toContain("quay_id names both the sender and the room quay");
  });
});

describe("rooms of a contract", () => {
  const withRooms = (kinds: Record<string, RoomDefinition>) => refused({ rooms: kinds });

  it("are called neither socket nor anything that is no word", () => {
    expect(withRooms({ ...rooms, socket: room("socket_{id}", {}) })).toContain("no kind is called socket");
    for (const kind of ["", "Quay", "the quay", "__proto__x", "1"])
      expect(withRooms({ ...rooms, [kind]: room("other_{id}", {}) })).toContain(
        `write the kind ${JSON.stringify(kind)} as a word`,
      );
  });

  it("are entered on authentication by one kind at most, which nobody joins", () => {
    expect(withRooms({ ...rooms, captain: room("captain_{captain_id}", { enter: "authenticated" }) })).toContain(
      "one kind at most",
    );
    expect(
      withRooms({ quay: room("quay_{quay_id}", { enter: "authenticated", join: "dock", leave: "undock" }) }),
    ).toContain("rooms.quay: it is entered on authentication, so it has no join command");
  });

  it("have names of which none begins like another's", () => {
    expect(withRooms({ ...rooms, berth: room("quay_berth_{berth_id}", {}) })).toContain(
      "the names of berth begin like those of quay (quay_)",
    );
    expect(withRooms({ ...rooms, berth: room("quay_{berth_id}", {}) })).toContain("choose other prefixes");
  });

  it("are joined and left by two commands of their own", () => {
    const kind = (options: object) => withRooms({ quay: room("quay_{quay_id}", options) });
    expect(kind({ join: "dock" })).toContain("rooms.quay: name both join and leave, or neither");
    expect(kind({ leave: "undock" })).toContain("rooms.quay: name both join and leave, or neither");
    expect(kind({ join: "dock", leave: "dock" })).toContain("dock cannot both join and leave");
    expect(kind({ join: "dock", leave: "sail" })).toContain("rooms.quay: there is no command sail");
    const elsewhere = { ...rooms, berth: room("berth_{berth_id}", { join: "dock", leave: "undock" }) };
    expect(withRooms(elsewhere)).toContain('rooms.berth: the command dock must declare room: "berth"');
  });

  it.each([
    "quay",
    "quay_{Quay}",
    "{quay_id}",
    "quay_{quay_id}_x",
    "quay_{a}_{b}",
    "1_{quay_id}",
    "quay {quay_id}",
    "",
  ])("are not said as %j", (template) => {
    expect(refusalOf(() => room(template, {}))).toContain("write a prefix and one parameter, such as game_{game_id}");
  });

  it("are entered on authentication or not at all by themselves", () => {
    expect(refusalOf(() => room("sailor_{sailor_id}", { enter: "always" as "authenticated" }))).toContain(
      'write enter: "authenticated", or leave it out',
    );
  });
});

describe("roles of a contract", () => {
  const socket = { audience: "socket" };
  const role = (name: keyof Roles, payload: z.ZodObject, changes: object = socket) => {
    const pings = [...joins, command("sound", z.object({ sent: z.string(), count: z.int() }), { room: undefined })];
    return {
      events: [event("told", payload, changes)],
      commands: pings,
      roles: { ...(name === "pong" ? { ping: "sound" } : {}), [name]: "told" },
    };
  };

  it("are filled by name: the harbour's are sound, and each kind of room knows its own", () => {
    expect(harbour.roomKinds.get("quay")).toMatchObject({
      joined: "docked",
      left: "cast_off",
      memberJoined: "sailor_came",
      memberLeft: "sailor_went",
    });
    expect(harbour.roomKinds.get("sailor")).not.toHaveProperty("joined");
  });

  it("may be another event for one kind of room, or none", () => {
    const options = { join: "dock", leave: "undock", joined: "moored", left: false } as const;
    const events = [event("docked", quay, socket), event("moored", quay, socket)];
    const kinds = { quay: room("quay_{quay_id}", options) };
    const entry = contract({ events, rooms: kinds, roles: { joined: "docked", left: "docked" } }).roomKinds.get("quay");
    expect(entry?.joined).toBe("moored");
    expect(entry).not.toHaveProperty("left");
    for (const notice of ["joined", "left", "memberJoined", "memberLeft"])
      expect(
        refused({ events, rooms: { quay: room("quay_{quay_id}", { ...options, [notice]: true } as never) } }),
      ).toContain(`roles.${notice}: there is no event true`);
  });

  it("of one kind of room leave a second kind alone that names others, or none", () => {
    const guild = z.object({ guild_id: z.string() });
    const two = (notices: object) => ({
      events: [event("docked", quay, socket), event("came", quay), event("guild_came", guild, { audience: "guild" })],
      commands: [...joins, command("enlist", guild, { room: "guild" }), command("resign", guild, { room: "guild" })],
      rooms: { ...rooms, guild: room("guild_{guild_id}", { join: "enlist", leave: "resign", ...notices }) },
      roles: { joined: "docked", memberJoined: "came" },
    });
    expect(refused(two({}))).toContain("roles.joined: nothing gives docked.quay_id");
    expect(refused(two({ joined: false }))).toContain("roles.memberJoined: came must go to guild");
    const kinds = contract(two({ joined: false, memberJoined: "guild_came" })).roomKinds;
    expect(kinds.get("guild")).toMatchObject({ memberJoined: "guild_came" });
    expect(kinds.get("quay")).toMatchObject({ joined: "docked", memberJoined: "came" });
  });

  it.each(["connected", "error", "joined", "left", "memberJoined", "memberLeft"] as const)(
    "name an event that is there: %s",
    (name) => {
      expect(refused({ roles: { [name]: "told" } })).toContain(
        `contract_invalid: roles.${name}: there is no event told`,
      );
    },
  );

  it("name a ping that is there and no room's command, and a pong only with it", () => {
    expect(refused({ roles: { ping: "sound" } })).toContain("roles.ping: there is no command sound");
    for (const ping of ["dock", "undock"])
      expect(refused({ roles: { ping } })).toContain(`rooms.quay: ${ping} cannot be roles.ping; declare two commands`);
    expect(refused({ events: [event("told", quay, socket)], roles: { pong: "told" } })).toContain(
      "roles.pong answers roles.ping; name both",
    );
    expect(refused({ ...role("pong", quay), roles: { ping: "sound", pong: "nothing" } })).toContain(
      "roles.pong: there is no event nothing",
    );
  });

  it.each([
    ["connected", "socket"],
    ["error", "socket"],
    ["pong", "socket"],
    ["joined", "socket"],
    ["left", "socket"],
    ["memberJoined", "quay"],
    ["memberLeft", "quay"],
  ] as const)("go where they must: %s to %s", (name, audience) => {
    const wrong = audience === "socket" ? {} : socket;
    expect(refused(role(name, z.object({}), wrong))).toContain(`roles.${name}: told must go to ${audience}`);
  });

  it("leave out their own subject, so presence is not recovered", () => {
    expect(refused(role("memberJoined", sailor, { recover: true }))).toContain(
      "roles.memberJoined: told must declare recover: false",
    );
    expect(refused(role("memberLeft", sailor, { recover: true }))).toContain(
      "roles.memberLeft: told must declare recover: false",
    );
  });

  it.each([
    ["connected", "sid, sailor_id"],
    ["error", "message, error"],
    ["pong", "sent, count"],
    ["joined", "quay_id, sailor_id"],
    ["left", "quay_id, sailor_id"],
    ["memberJoined", "quay_id, sailor_id"],
    ["memberLeft", "quay_id, sailor_id"],
  ] as const)("have no required field that nothing gives: %s knows %s", (name, given) => {
    const changes = name.startsWith("member") ? {} : socket;
    const otherwise = given.startsWith("quay") ? `; or say ${name}: false in rooms.quay` : "";
    expect(refused(role(name, z.object({ berth: z.string() }), changes))).toBe(
      `contract_invalid: roles.${name}: nothing gives told.berth; make it optional, derive it or use ${given}${otherwise}`,
    );
    expect(contract(role(name, z.object({ berth: z.string().optional() }), changes)).events.size).toBe(1);
    const derived = { ...changes, derive: { berth: derive.template("east") } };
    expect(contract(role(name, z.object({ berth: z.string() }), derived)).events.size).toBe(1);
  });

  it.each(["joined", "left", "memberJoined", "memberLeft"] as const)(
    "are refused for a second kind of room with what that kind may say instead: %s",
    (name) => {
      const two = (guild: object) => ({
        events: [event("told", quay, name.startsWith("member") ? {} : socket)],
        commands: [
          ...joins,
          command("enlist", guilds, { room: "guild" }),
          command("resign", guilds, { room: "guild" }),
        ],
        rooms: { ...rooms, guild: room("guild_{guild_id}", { join: "enlist", leave: "resign", ...guild } as never) },
        roles: { [name]: "told" },
      });
      expect(refused(two({}))).toMatch(
        new RegExp(`^contract_invalid: roles.${name}: .*; or say ${name}: false in rooms.guild$`),
      );
      expect(contract(two({ [name]: false })).roomKinds.get("guild")).not.toHaveProperty(name);
    },
  );

  it("have fields that take what the library puts there", () => {
    expect(refused(role("connected", z.object({ sid: z.int() })))).toContain(
      "roles.connected: told.sid must be a text",
    );
    expect(refused(role("error", z.object({ message: z.string(), error: z.int().optional() })))).toContain(
      "roles.error: told.error must be a text",
    );
    expect(refused(role("joined", z.object({ quay_id: z.int() })))).toContain(
      "roles.joined: told.quay_id must be a text",
    );
    expect(refused(role("pong", z.object({ count: z.string() })))).toContain("roles.pong: told.count must be a number");
    expect(contract(role("pong", z.object({ count: z.int(), sent: z.string() }))).events.size).toBe(1);
  });

  it("have acknowledgements that the library can give", () => {
    const joining = (ack: z.ZodObject) =>
      contract({ commands: [command("dock", quay, { ack }), command("undock", quay)] });
    expect(joining(z.object({ quay_id: z.string(), members: z.array(z.string()) })).commands.size).toBe(2);
    expect(refusalOf(() => joining(z.object({ berth: z.string() })))).toContain(
      "dock, which the library answers: nothing gives its acknowledgement's berth; make it optional or use quay_id, members",
    );
    expect(refusalOf(() => joining(z.object({ members: z.string() })))).toContain(
      "dock, which the library answers: its acknowledgement's members must be a list of texts",
    );
    expect(refusalOf(() => joining(z.object({ members: z.array(z.int()) })))).toContain("a list of texts");
    const leaving = (ack: z.ZodObject) =>
      contract({ commands: [command("dock", quay), command("undock", quay, { ack })] });
    expect(refusalOf(() => leaving(z.object({ members: z.array(z.string()) })))).toContain(
      "undock, which the library answers: nothing gives its acknowledgement's members",
    );
    const pinging = (ack: z.ZodObject) =>
      contract({
        commands: [...joins, command("sound", z.object({}), { room: undefined, ack })],
        roles: { ping: "sound" },
      });
    expect(pinging(z.object({ server_time: z.string() })).commands.size).toBe(3);
    expect(refusalOf(() => pinging(z.object({ at: z.string() })))).toContain(
      "sound, which the library answers: nothing gives its acknowledgement's at; make it optional or use server_time",
    );
    expect(refusalOf(() => pinging(z.object({ server_time: z.int() })))).toContain(
      "its acknowledgement's server_time must be a text",
    );
  });
});
