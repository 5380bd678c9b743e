import { defineEvent, derive, type EventDefinition, jsonObject, openEnum, timestampPattern } from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import { refusalOf } from "../../support/refusal.js";

const sound = {
  name: "ship_loaded",
  appName: "ship:loaded",
  audience: "quay",
  payload: z.object({
    type: z.literal("ship_loaded"),
    ship_id: z.string(),
    crates: z.int().min(0),
    weight: z.number(),
    heavy: z.boolean(),
    hold: jsonObject(z.looseObject({})),
    label: z.string().optional(),
    total: z.int().optional(),
    timestamp: z.string().regex(timestampPattern),
  }),
  derive: { type: derive.eventName(), timestamp: derive.now() },
  lane: "normal",
  recover: true,
  summary: "Crates were loaded.",
  since: "1.0.0",
  examples: {
    valid: [{ ship_id: "s", crates: 1, weight: 1.5, heavy: false, hold: {} }],
    invalid: [{ path: "crates", payload: { ship_id: "s", crates: -1, weight: 1.5, heavy: false, hold: {} } }],
  },
} satisfies EventDefinition;

const event = (changes: Partial<EventDefinition>) => defineEvent({ ...sound, ...changes } as EventDefinition);
const refused = (changes: Partial<EventDefinition>) => refusalOf(() => event(changes));

const letters = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string(), pages: z.int(), sheets: z.int().optional() }),
  z.object({ kind: z.literal("parcel"), pages: z.int(), sheets: z.int().optional() }),
]);
const letter = {
  payload: letters,
  derive: {},
  examples: {
    valid: [{ kind: "parcel", pages: 1 }],
    invalid: [{ path: "pages", payload: { kind: "parcel" } }],
  },
} satisfies Partial<EventDefinition>;

describe("defineEvent", () => {
  it("takes a sound definition and hands it back as it is", () => {
    const defined = event({});
    expect(defined).toMatchObject({ name: "ship_loaded", lane: "normal", payload: sound.payload });
    expect(event({ lane: "critical" }).lane).toBe("critical");
    expect(event({ lane: "low", recover: false }).lane).toBe("low");
    expect(event(letter).payload).toBe(letters);
  });

  it.each([
    ["", "a name cannot be empty"],
    ["$hello", "names that start with $ belong to this library"],
    ["connect", "reserved by Socket.IO"],
    ["connect_error", "reserved by Socket.IO"],
    ["connection", "reserved by Socket.IO"],
    ["disconnect", "reserved by Socket.IO"],
    ["disconnecting", "reserved by Socket.IO"],
    ["newListener", "reserved by Socket.IO"],
    ["removeListener", "reserved by Socket.IO"],
    ["message", "reserved by Socket.IO"],
    ["__proto__", "reserved by Socket.IO or JavaScript"],
    ["constructor", "reserved by Socket.IO or JavaScript"],
    ["prototype", "reserved by Socket.IO or JavaScript"],
    ["toString", "reserved by Socket.IO or JavaScript"],
    ["valueOf", "reserved by Socket.IO or JavaScript"],
    ["hasOwnProperty", "reserved by Socket.IO or JavaScript"],
    ["shipLoaded", "a wire name is snake_case"],
    ["ship-loaded", "a wire name is snake_case"],
    ["1_ship", "a wire name is snake_case"],
    ["船", "a wire name is snake_case"],
    ["ship loaded", "a wire name is snake_case"],
    ["ship_loaded\n", "a wire name is snake_case"],
    ["a".repeat(65), "at most 64 characters"],
  ])("refuses the wire name %j", (name, why) => {
    expect(refused({ name, derive: { timestamp: derive.now() } })).toMatch(/^event_invalid/);
    expect(refused({ name, derive: { timestamp: derive.now() } })).toContain(why);
  });

  it("takes error as an event's name, since a server sends one", () => {
    expect(
      event({
        name: "error",
        payload: z.object({ type: z.literal("error") }),
        derive: {},
        ...examples({ type: "error" }),
      }).name,
    ).toBe("error");
  });

  it.each([
    ["ws:open", "the client's own local events"],
    ["", "an app-side name is a word"],
    [":loaded", "an app-side name is a word"],
    ["ship loaded", "an app-side name is a word"],
    ["disconnect", "an app-side name is a word"],
    ["__proto__", "an app-side name is a word"],
    ["a".repeat(65), "at most 64 characters"],
  ])("refuses the app-side name %j", (appName, why) => {
    expect(refused({ appName })).toContain(`event_invalid: ship_loaded: `);
    expect(refused({ appName })).toContain(why);
  });

  it("refuses an unknown lane", () => {
    expect(refused({ lane: "urgent" as "low" })).toBe(
      "event_invalid: ship_loaded: lane: write critical, normal or low",
    );
  });

  it("refuses to recover low events, which may be dropped", () => {
    expect(refused({ lane: "low", recover: true })).toContain("write recover: false or lane normal");
  });

  it("refuses to recover, coalesce or emit by class what goes to one socket", () => {
    expect(refused({ audience: "socket", recover: true })).toContain(
      "write recover: false and no coalesce, or name a room kind",
    );
    expect(refused({ audience: "socket", recover: false, coalesce: { latest: true } })).toContain(
      "write recover: false and no coalesce, or name a room kind",
    );
    expect(refused({ audience: "socket", recover: false, emitter: "A.emitB" })).toContain(
      "an event to one socket has none",
    );
  });

  it("refuses to coalesce critical events, and what does not say how", () => {
    expect(refused({ lane: "critical", coalesce: { latest: true } })).toContain("a critical event does not wait");
    expect(refused({ coalesce: {} as { latest: true } })).toContain("write { latest: true }");
    expect(refused({ coalesce: { latest: false } as unknown as { latest: true } })).toContain("write { latest: true }");
  });

  it("refuses to merge by a key, which would merge one with another all the same", () => {
    const both = [
      { merge: "hold", key: "ship_id" },
      { latest: true, merge: "hold" },
    ] as const;
    for (const coalesce of both) expect(refused({ coalesce })).toContain("coalesce: write { latest: true }");
  });

  it("refuses to merge what is no object, and to tell events apart by what is no scalar", () => {
    expect(event({ coalesce: { merge: "hold" } }).coalesce).toEqual({ merge: "hold" });
    expect(refused({ coalesce: { merge: "crates" } })).toContain("coalesce.merge: crates is no object field");
    expect(refused({ coalesce: { merge: "nothing" } })).toContain("coalesce.merge: nothing is no object field");
    expect(refused({ ...letter, coalesce: { merge: "text" } })).toContain("coalesce.merge: text is no object field");
    expect(event({ coalesce: { latest: true, key: "ship_id" } }).coalesce).toEqual({ latest: true, key: "ship_id" });
    expect(refused({ coalesce: { latest: true, key: "nothing" } })).toContain("coalesce.key: nothing is no field");
    expect(refused({ coalesce: { latest: true, key: "hold" } })).toContain(
      "coalesce.key: hold must be a text or a number",
    );
  });

  it("refuses what is no object, whole or as what to coalesce", () => {
    for (const none of [null, undefined, true])
      expect(refusalOf(() => defineEvent(none as never))).toContain(
        `event_invalid: there is no key ${none}; write name, `,
      );
    expect(refused({ coalesce: true } as never)).toContain("coalesce: there is no key true; write latest, key, merge");
  });

  it("refuses to log what is no field", () => {
    expect(refused({ logFields: ["ship_id", "captain"] })).toContain("logFields: captain is no field");
    expect(event({ ...letter, logFields: ["text"] }).logFields).toEqual(["text"]);
    expect(event({ logFields: null as never }).logFields).toBeNull();
  });

  it.each([
    "emitShipLoaded",
    "harbour.emitShipLoaded",
    "Harbour.EmitShipLoaded",
    "Harbour.emit.Loaded",
    "Harbour.",
    "",
  ])("refuses the emitter %j", (emitter) => {
    expect(refused({ emitter })).toContain('emitter: write "Class.method"');
  });

  it("says what to write for each part that is left out", () => {
    for (const [part, words] of [
      ["name", "choose a snake_case word"],
      ["appName", "an app-side name is a word such as order:changed"],
      ["payload", "write it with import * as z"],
      ["lane", "lane: write critical, normal or low"],
      ["recover", "recover: write true or false"],
      ["summary", "summary: say in one sentence"],
      ["since", "since: write the contract version"],
      ["examples", "give at least one valid and one invalid example"],
    ] as const)
      expect(refused({ [part]: undefined })).toContain(words);
    expect(refused({ examples: {} as never })).toContain("give at least one valid and one invalid example");
  });

  it("refuses a key that nothing reads, which is a misspelt one", () => {
    expect(refused({ logfields: ["ship_id"] } as never)).toMatch(
      /^event_invalid: ship_loaded: there is no key logfields; write name, appName, .*, logFields, .*examples$/,
    );
    expect(refused({ coalesce: { latest: true, kye: "ship_id" } as never })).toContain(
      "coalesce: there is no key kye; write latest, key, merge",
    );
  });

  it("refuses an empty summary, a since that is no version, and a deprecation without a word", () => {
    expect(refused({ summary: "  " })).toContain("summary: say in one sentence");
    expect(refused({ since: "1.0" })).toContain("since: write the contract version");
    expect(refused({ since: "1.0.0-beta" })).toContain("since: write the contract version");
    for (const deprecated of [true, " "])
      expect(refused({ deprecated: deprecated as never })).toContain("deprecated: say what to use instead");
  });
});

describe("derivations at definition", () => {
  it.each([
    [{ captain: derive.now() }, "derive.captain: no such field"],
    [{ constructor: derive.eventName() }, "derive.constructor: choose another name than constructor"],
    [{ label: derive.copy("toString") }, "derive.label: choose another name than toString"],
    [{ total: derive.copy("captain") }, "derive.total reads captain, which is no field"],
    [{ label: derive.template("{captain}") }, "derive.label reads captain, which is no field"],
    [{ total: derive.sum("crates", "captain") }, "derive.total reads captain, which is no field"],
    [{ label: derive.template("{total}"), total: derive.copy("crates") }, "derived after it; put total first"],
    [{ total: derive.copy("total") }, "derived after it; put total first"],
    [{ total: derive.sum("crates", "weight") }, "reads weight, which must be a safe integer (z.int())"],
    [{ total: derive.difference("crates", "ship_id") }, "reads ship_id, which must be a safe integer"],
    [{ weight: derive.sum("crates", "crates") }, "derive.weight: a sum is a safe integer; write z.int()"],
    [{ label: derive.difference("crates", "crates") }, "derive.label: a difference is a safe integer"],
    [{ label: derive.template("{weight} kg") }, "reads weight, which must be a text or a safe integer"],
    [{ label: derive.template("{heavy}") }, "reads heavy, which must be a text or a safe integer"],
    [{ label: derive.template("{hold}") }, "reads hold, which must be a text or a safe integer"],
    [{ total: derive.template("5") }, "derive.total: a template makes a text"],
    [
      { label: derive.copy("hold") },
      "reads hold, which must be a text or a safe integer (z.int()) or a number or a boolean",
    ],
    [{ hold: derive.copy("label") }, "derive.hold: an object cannot be a copy; let the writer give it"],
    [{ crates: derive.now() }, "derive.crates: it becomes a timestamp; write z.string().regex(timestampPattern)"],
    [{ timestamp: derive.eventName() }, 'derive.timestamp: it becomes "ship_loaded"; write z.literal("ship_loaded")'],
  ])("refuses %j", (derivations, why) => {
    expect(refused({ derive: derivations })).toMatch(/^event_invalid/);
    expect(refused({ derive: derivations })).toContain(why);
  });

  it.each([[derive.now], ["now"], [{}], [{ kind: "later" }], [null], [undefined]])(
    "refuses %o, which no call of derive gave",
    (rule) => {
      expect(refused({ derive: { timestamp: rule as never } })).toContain(
        "event_invalid: ship_loaded: derive.timestamp: call a rule, such as derive.now()",
      );
    },
  );

  it("refuses to fill a field that only some options of the payload have", () => {
    expect(refused({ ...letter, derive: { text: derive.template("x") } })).toContain(
      "only some options of the payload have it",
    );
    expect(event({ ...letter, derive: { sheets: derive.copy("pages") } }).name).toBe("ship_loaded");
  });

  it("takes what another derivation has filled before", () => {
    const derivations = {
      type: derive.eventName(),
      total: derive.sum("crates", "crates"),
      label: derive.template("{ship_id}: {total}"),
      timestamp: derive.now(),
    };
    expect(event({ derive: derivations }).derive).toBe(derivations);
  });
});

function examples(valid: object) {
  return { examples: { valid: [valid], invalid: [{ path: "type", payload: {} }] } };
}

describe("examples", () => {
  const { valid, invalid } = sound.examples;

  it("are given: a valid and an invalid one at least", () => {
    expect(refused({ examples: { valid: [], invalid } })).toBe(
      "example_invalid: ship_loaded: give at least one valid and one invalid example",
    );
    expect(refused({ examples: { valid, invalid: [] } })).toContain("at least one valid and one invalid");
  });

  it("are valid where they say so, as a writer's filled payload", () => {
    const example = { ...valid[0], crates: "1" };
    expect(refused({ examples: { valid: [...valid, example], invalid } })).toBe(
      "example_invalid: ship_loaded: examples.valid[1] is refused at crates",
    );
    expect(refused({ examples: { valid: [{ ...valid[0], flag: 1 }], invalid } })).toContain(
      "examples.valid[0] is refused at flag",
    );
    expect(refused({ examples: { valid: [{ ...valid[0], type: "other" }], invalid } })).toContain("is refused at type");
    expect(refused({ examples: { valid: [[] as object], invalid } })).toContain("is refused at the payload");
  });

  it("are invalid where they say so, at the path that they name", () => {
    const whole = { ...valid[0], type: "ship_loaded", timestamp: "2026-11-24T05:30:19" };
    expect(refused({ examples: { valid, invalid: [{ path: "crates", payload: whole }] } })).toContain(
      "examples.invalid[0] is accepted",
    );
    expect(refused({ examples: { valid, invalid: [{ path: "weight", payload: invalid[0]?.payload }] } })).toBe(
      "example_invalid: ship_loaded: examples.invalid[0] is refused at crates, not at weight",
    );
    expect(refused({ examples: { valid, invalid: [{ path: "crates", payload: null }] } })).toContain(
      "refused at the payload, not at crates",
    );
  });

  it("show broken derivations too", () => {
    const derivations = { ...sound.derive, total: derive.copy("crates") };
    const broken = { ...valid[0], total: 2 };
    expect(
      event({ derive: derivations, examples: { valid, invalid: [{ path: "total", payload: broken }] } }).name,
    ).toBe("ship_loaded");
    expect(refused({ derive: derivations, examples: { valid: [broken], invalid } })).toContain(
      "examples.valid[0] is refused at total",
    );
  });

  it("hold open enums to their members", () => {
    const payload = z.object({ sky: openEnum(z.enum(["clear", "cloudy"])) });
    const shown = { valid: [{ sky: "clear" }], invalid: [{ path: "sky", payload: { sky: "green" } }] };
    expect(event({ payload, derive: {}, examples: shown }).name).toBe("ship_loaded");
  });
});
