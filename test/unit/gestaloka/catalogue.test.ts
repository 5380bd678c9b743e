import { checkAck, checkCommand, checkEvent, type Role } from "@gestaloka/events";
import * as schemas from "@gestaloka/events/schemas";
import { describe, expect, it } from "vitest";
import {
  absent,
  baseOf,
  changed,
  nested,
  pathOf,
  payloadsOf,
  type Samples,
  samplesOf,
  spotsOf,
} from "../../support/wire-samples.js";
import { commandTable, type EventRow, eventTable, type Kind, standardTexts } from "../../support/wire-table.js";

const { contract } = schemas;
const listed = new Map<string, unknown>(Object.entries(schemas));
const enumSchema = (name: string) =>
  listed.get(`${name.charAt(0).toLowerCase()}${name.slice(1)}Schema`) as typeof schemas.transactionTypeSchema;
const definitions = new Map<string, (typeof contract.definition.events)[number]>(
  contract.definition.events.map((event) => [event.name, event]),
);
const now = Date.UTC(2026, 10, 24, 5, 30, 20, 340);
const eventNames = Object.keys(eventTable);
const commandNames = Object.keys(commandTable);

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string) => camel(`_${name}`);

/** What a check says: `accepted`, or where it refuses. */
type Verdict = (payload: unknown, role: Role) => string;
const said = (result: ReturnType<typeof checkEvent>) =>
  result.ok ? "accepted" : result.error.code === "payload_invalid" ? `at ${result.error.path}` : result.error.code;
const onEvent =
  (name: string): Verdict =>
  (payload, as) =>
    said(checkEvent(contract, name, payload, { as }));
const onCommand =
  (name: string): Verdict =>
  (payload, as) =>
    said(checkCommand(contract, name, payload, { as }));
const onAck =
  (name: string): Verdict =>
  (payload, as) =>
    said(checkAck(contract, name, payload, { as }));

describe("the catalogue", () => {
  it("has the 33 events and 6 commands of the wire, and no other", () => {
    expect(eventNames).toHaveLength(33);
    expect(commandNames).toHaveLength(6);
    expect([...contract.events.keys()].sort()).toEqual(eventNames.sort());
    expect([...contract.commands.keys()].sort()).toEqual(commandNames.sort());
  });

  it("is called gestaloka 1.0.0, and every definition came with that version", () => {
    expect([contract.name, contract.version]).toEqual(["gestaloka", "1.0.0"]);
    const { events, commands } = contract.definition;
    expect(new Set([...events, ...commands].map(({ since }) => since))).toEqual(new Set(["1.0.0"]));
  });

  it("names the rooms as they are on the wire, and takes them apart again", () => {
    expect(contract.rooms.user("user-1")).toBe("user_user-1");
    expect(contract.rooms.game("session-1")).toBe("game_session-1");
    expect(contract.parseRoom("game_user_1")).toEqual({ kind: "game", id: "user_1" });
    expect(contract.parseRoom("lobby_1")).toBeUndefined();
    expect(contract.identity).toBe("user_id");
    expect(contract.roomKinds.get("user")).toMatchObject({ authenticated: true });
    expect(contract.roomKinds.get("game")).toMatchObject({
      authenticated: false,
      join: "join_game",
      leave: "leave_game",
      joined: "joined_game",
      left: "left_game",
      memberJoined: "player_joined",
      memberLeft: "player_left",
    });
  });

  it("gives each event its app-side name, audience, lane, recovery, coalescing and emitter", () => {
    for (const [name, row] of Object.entries(eventTable)) {
      const event = definitions.get(name);
      expect(
        {
          app: event?.appName,
          to: event?.audience,
          lane: event?.lane,
          recovered: event?.recover,
          coalesce: event?.coalesce,
          emitter: event?.emitter,
        },
        name,
      ).toEqual({
        app: row.app,
        to: row.to,
        // An event to one socket waits for nothing: it goes out with the tick.
        lane: row.lane === "socket" ? "normal" : row.lane,
        recovered: row.recovered,
        coalesce: row.coalesce,
        emitter: row.emitter && `${row.emitter}.emit${pascal(name)}`,
      });
    }
  });

  it("gives each command its room, offline policy, order and refusals", () => {
    for (const [name, row] of Object.entries(commandTable)) {
      const command = contract.commands.get(name);
      expect(command?.room, name).toBe(row.room);
      expect(command?.serial, name).toBe(row.serial);
      expect(command?.refusals, name).toEqual(row.refusals);
      if (row.offline === "state") expect(command?.offline, name).not.toBe("queue");
      else expect(command?.offline, name).toBe(row.offline);
      expect(command?.identity, name).toBe(name !== "ping");
    }
  });

  it("lets logs show ids and types, never texts", () => {
    expect(contract.events.get("sp_update")?.logFields).toEqual(["current_sp", "transaction_type", "amount_changed"]);
    for (const entry of [...contract.events.values(), ...contract.commands.values()]) {
      if (entry.name === "sp_update") continue;
      for (const field of entry.logFields) expect(field, entry.name).toMatch(/^(.*_id|sid|(.*_)?type)$/);
    }
    expect([...contract.events.values()].filter(({ logFields }) => logFields.length > 0).length).toBeGreaterThan(15);
  });

  it("exports every schema under its design name", () => {
    const wanted = [
      ...eventNames.map((name) => `${camel(name)}Schema`),
      ...commandNames.flatMap((name) => [`${camel(name)}CommandSchema`, `${camel(name)}AckSchema`]),
    ];
    expect(wanted.filter((name) => !listed.has(name))).toEqual([]);
    for (const name of enumsOf(contract)) expect(enumSchema(name), name).toBeDefined();
    for (const [name, event] of definitions) expect(listed.get(`${camel(name)}Schema`)).toBe(event.payload);
    expect(schemas.chatMessageSchema).not.toBe(schemas.chatMessageCommandSchema);
  });

  it("lists every schema of the event files in the public entry", async () => {
    const files = ["battle", "commands", "fields", "game", "npc", "sp", "system"];
    const said = await Promise.all(
      files.map((file) => import(`../../../src/gestaloka/events/${file}.ts`) as Promise<object>),
    );
    const names = said.flatMap((file) => Object.keys(file)).filter((name) => name.endsWith("Schema"));
    expect(names.length).toBeGreaterThan(50);
    expect(
      names.filter((name) => !(name in schemas)),
      "add these lines to src/entry/schemas.ts",
    ).toEqual([]);
  });

  it("names its enums, with exactly the members of the wire", () => {
    const wanted = new Map<string, readonly string[]>();
    for (const { payload } of Object.values(eventTable))
      for (const fields of Object.values(payloadsOf(payload)))
        for (const { kind } of spotsOf(fields)) if (kind.is === "enum") wanted.set(kind.name, kind.members);
    expect([...wanted.keys()].sort()).toEqual([...enumsOf(contract)].sort());
    expect(wanted.get("TransactionType")).toHaveLength(18);
    for (const [name, members] of wanted) {
      expect(enumSchema(name).options, name).toEqual(members);
    }
  });

  it("says in words what every event, command and field is", () => {
    for (const { name, summary } of [...contract.definition.events, ...contract.definition.commands]) {
      expect(summary, name).toMatch(/^[A-Z].*\.$/);
    }
    for (const [name, event] of definitions) {
      for (const [path, field] of fieldsOf(event)) {
        if (field.shape.kind === "literal" || path === "battle_data" || path === "initial_state") continue;
        expect(field.shape.description, `${name}.${path}`).toBeTruthy();
      }
    }
  });
});

describe("derived fields", () => {
  it.each(eventNames)("fills those of %s, and no other", (name) => {
    const row = eventTable[name] as EventRow;
    for (const fields of Object.values(payloadsOf(row.payload))) {
      const full = baseOf(fields) as object;
      const required = Object.keys(fields.fields).map((field) => field.replace("?", ""));
      expect(Object.keys(definitions.get(name)?.derive ?? {}).sort()).toEqual([...row.derived].sort());
      const input = row.derived.reduce<object>((payload, field) => changed(payload, [field], absent), full);
      const filled = contract.events.get(name)?.fill(input, now) as Record<string, unknown>;
      expect(Object.keys(filled).sort()).toEqual(required.sort());
      expect(onEvent(name)(filled, "writer")).toBe("accepted");
      if (row.derived.includes("timestamp")) expect(filled.timestamp).toBe("2026-11-24T05:30:20.340Z");
      if (row.derived.includes("type"))
        expect(filled.type).toBe(name === "game_progress" ? "ai_processing_progress" : name);
      for (const field of row.derived) {
        const optional = `${field}?` in fields.fields;
        expect(onEvent(name)(changed(filled, [field], absent), "writer"), `${name} is judged filled`).toBe(
          optional ? "accepted" : `at ${field}`,
        );
      }
    }
  });

  it.each(standardTexts)("gives %s its standard text, and lets a given one stand", (name, input, message) => {
    const event = contract.events.get(name);
    expect(event?.fill(input, now)).toMatchObject({ message });
    const own = event?.fill({ ...input, message: "自分の言葉" }, now);
    expect(own).toMatchObject({ message: "自分の言葉" });
    expect(onEvent(name)(own, "writer")).toBe("accepted");
  });

  it("knows no other standard text", () => {
    const withText = [...definitions.values()].filter((event) => event.derive && "message" in event.derive);
    expect(withText.map(({ name }) => name).sort()).toEqual(standardTexts.map(([name]) => name).sort());
  });

  it("takes every SP balance that adds up from a writer, and no other", () => {
    const update = (fields: object) =>
      contract.events
        .get("sp_update")
        ?.fill({ current_sp: 120, amount_changed: -30, transaction_type: "movement", description: "", ...fields }, now);
    expect(update({})).toMatchObject({ balance_before: 150, balance_after: 120 });
    expect(onEvent("sp_update")(update({}), "writer")).toBe("accepted");
    expect(onEvent("sp_update")(update({ balance_before: 149 }), "writer")).toBe("at balance_before");
    expect(onEvent("sp_update")(update({ balance_after: 121 }), "writer")).toBe("at balance_after");
    expect(onEvent("sp_update")(update({ amount_changed: 121 }), "writer"), "a balance below 0").toBe(
      "at balance_before",
    );
    expect(onEvent("sp_update")(update({ balance_before: 149, balance_after: 7 }), "reader")).toBe("accepted");
    const recovery = {
      success: true,
      recovered_amount: 10,
      subscription_bonus: 20,
      login_bonus: 5,
      consecutive_days: 7,
      balance_after: 205,
    };
    const daily = (fields: object) => contract.events.get("sp_daily_recovery")?.fill({ ...recovery, ...fields }, now);
    expect(daily({})).toMatchObject({ total_amount: 35 });
    expect(onEvent("sp_daily_recovery")(daily({ total_amount: 34 }), "writer")).toBe("at total_amount");
    expect(onEvent("sp_daily_recovery")(daily({ total_amount: 34 }), "reader")).toBe("accepted");
    expect(onEvent("sp_daily_recovery")(daily({ recovered_amount: -1 }), "writer")).toBe("at recovered_amount");
  });

  it("leaves type to the writer where it tells something", () => {
    expect(
      onEvent("notification")(
        contract.events.get("notification")?.fill({ from_user: { name: "ミナ" } }, now),
        "writer",
      ),
    ).toBe("at type");
    expect(onEvent("game_update")(contract.events.get("game_update")?.fill({}, now), "writer")).toBe("at type");
  });
});

/** Holds every place of a payload against edge values of its kind. */
function holdBounds(verdict: Verdict, payload: Kind, derived: readonly string[], nullable: boolean): number {
  let judged = 0;
  const expectSaid = (value: unknown, role: Role, wanted: string, why: string) => {
    judged++;
    const got = verdict(value, role);
    const holds = wanted === "refused" ? got !== "accepted" : got === wanted;
    if (!holds) expect.fail(`${why}: ${role} got ${got}, wanted ${wanted}`);
  };
  for (const [variant, fields] of Object.entries(payloadsOf(payload))) {
    const full = baseOf(fields) as object;
    // Whether derived fields agree is a matter of its own: here the writer leaves them as they are in `full`.
    const arithmetic = derived.some((field) => /balance|total/.test(field));
    const roles: readonly Role[] = ["writer", "reader"];
    if (!arithmetic) for (const role of roles) expectSaid(full, role, "accepted", `${variant} whole`);
    expectSaid(full, "reader", "accepted", `${variant} whole`);
    const top: Samples = samplesOf(fields);
    for (const value of top.readOnly) {
      expectSaid(value, "reader", "accepted", "an extra key");
      if (!arithmetic) expectSaid(value, "writer", "at extra", "an extra key");
    }
    for (const value of top.refused) for (const role of roles) expectSaid(value, role, "refused", "no such payload");

    for (const { steps, kind, optional } of spotsOf(fields)) {
      const path = pathOf(steps);
      const at = (value: unknown) => changed(full, steps, value);
      const isVariant = payload.is === "variants" && path === payload.by;
      const { taken, readOnly, refused } = samplesOf(kind);
      for (const value of taken) {
        expectSaid(at(value), "reader", "accepted", `${path}, a ${typeof value} that its kind has`);
        if (!arithmetic) expectSaid(at(value), "writer", "accepted", `${path}, a ${typeof value} that its kind has`);
      }
      for (const value of readOnly) {
        expectSaid(at(value), "reader", "accepted", `${path}, a ${typeof value} that its kind has`);
        expectSaid(at(value), "writer", "refused", `${path}, a ${typeof value} that its kind has`);
      }
      for (const value of refused)
        for (const role of roles) {
          const unheard = isVariant && role === "reader" && typeof value === "string";
          const got = verdict(at(value), role);
          judged++;
          const holds = unheard ? got === "unknown_event" : got.startsWith(`at ${path}`);
          if (!holds) expect.fail(`${path}: ${role} says ${got} to a broken value (${typeof value})`);
        }
      // Absent, and null.
      if (typeof steps.at(-1) === "string") {
        for (const role of roles) {
          if (optional && arithmetic && role === "writer") continue;
          expectSaid(at(absent), role, optional ? "accepted" : `at ${path}`, `${path} absent`);
        }
      }
      expectSaid(at(null), "reader", optional && nullable ? "accepted" : `at ${path}`, `${path} null`);
      expectSaid(at(null), "writer", `at ${path}`, `${path} null`);
    }
  }
  return judged;
}

describe("bounds", () => {
  it.each(eventNames)("holds every field of %s to its kind, from both ends", (name) => {
    const row = eventTable[name] as EventRow;
    expect(holdBounds(onEvent(name), row.payload, row.derived, true)).toBeGreaterThan(20);
  });

  it.each(commandNames)("holds every field of the command %s and of its acknowledgement to its kind", (name) => {
    const row = commandTable[name];
    if (!row) throw new Error(name);
    expect(holdBounds(onCommand(name), row.payload, [], false)).toBeGreaterThan(20);
    expect(holdBounds(onAck(name), row.ack, [], true)).toBeGreaterThan(10);
  });

  it("counts code points, not UTF-16 units: 2,000 emoji are an action, 2,001 are not", () => {
    const action = (text: string) => ({ game_session_id: "session-1", action: text });
    expect(onCommand("game_action")(action("😀".repeat(2000)), "reader")).toBe("accepted");
    expect(onCommand("game_action")(action("😀".repeat(2001)), "reader")).toBe("at action");
  });

  it("names the place in an open object that is a level too deep", () => {
    const state = (update: object) => ({ type: "state_update", update, timestamp: "2026-11-24T05:30:20" });
    expect(onEvent("state_update")(state(nested(32)), "reader")).toBe("accepted");
    expect(onEvent("state_update")(state(nested(33)), "reader")).toBe(`at update${".inner".repeat(32)}`);
  });

  it("takes a notification of an unknown type for an unknown event, and refuses it from a writer", () => {
    const unheard = { type: "guild_invitation", guild: { name: "暁" }, timestamp: "2026-11-24T05:30:20" };
    expect(onEvent("notification")(unheard, "reader")).toBe("unknown_event");
    expect(onEvent("notification")(unheard, "writer")).toBe("at type");
    expect(onEvent("notification")({ ...unheard, type: 1 }, "reader")).toBe("at type");
    expect(onEvent("notification")({ ...unheard, type: undefined }, "reader")).toBe("at type");
  });

  it("does not take the client's name for an event of the same name, nor the other way round", () => {
    const command = { game_session_id: "session-1", message: "こんにちは" };
    expect(onCommand("chat_message")(command, "reader")).toBe("accepted");
    expect(onEvent("chat_message")(command, "reader")).toBe("at user_id");
    expect(onEvent("game_action")(command, "reader")).toBe("unknown_event");
    expect(onCommand("sp_update")(command, "reader")).toBe("unknown_command");
  });
});

interface Described {
  readonly kind: string;
  readonly name?: string;
  readonly description?: string;
  readonly inner?: Described;
  readonly items?: Described;
  readonly options?: readonly Described[];
  readonly fields?: readonly { readonly name: string; readonly shape: Described }[];
}

function shapeIn(event: object): Described {
  return (event as Record<symbol, Described>)[Symbol.for("@gestaloka/events.shape")] as Described;
}

function* within(shape: Described, path = ""): Generator<readonly [string, { readonly shape: Described }]> {
  for (const next of [shape.inner, shape.items, ...(shape.options ?? [])]) if (next) yield* within(next, path);
  for (const field of shape.fields ?? []) {
    const here = path === "" ? field.name : `${path}.${field.name}`;
    yield [here, field];
    yield* within(field.shape, here);
  }
}

function fieldsOf(event: object) {
  return within(shapeIn(event));
}

function enumsOf({ definition }: typeof contract): Set<string> {
  const named = definition.events.flatMap((event) => [...fieldsOf(event)].map(([, { shape }]) => shape));
  return new Set(named.filter(({ kind }) => kind === "enum").map(({ name }) => name as string));
}
