import { describe, expect, it } from "vitest";
import type { FieldShape, ObjectShape, Shape } from "../../../src/contract/shape.js";
import { type ContractDiff, diffContracts, isRaisedEnough } from "../../../src/export/diff/contract-diff.js";
import { readIgnoreList } from "../../../src/export/diff/ignore-list.js";
import { readSnapshot } from "../../../src/export/diff/read-snapshot.js";
import { type ContractSnapshot, toSnapshot } from "../../../src/export/snapshot.js";
import { contract } from "../../fixtures/contract.js";

const base = toSnapshot(contract);

type Edited = { -readonly [TKey in keyof ContractSnapshot]: ContractSnapshot[TKey] };

function edited(edit: (snapshot: Edited) => void): ContractSnapshot {
  const copy = structuredClone(base) as Edited;
  edit(copy);
  return copy;
}

/** The contract with another payload for an event or a command. */
function withPayload(
  kind: "events" | "commands",
  name: string,
  change: (shape: ObjectShape) => ObjectShape,
  key: "payload" | "ack" = "payload",
): ContractSnapshot {
  return edited((snapshot) => {
    const list = snapshot[kind] as unknown as { name: string; payload: ObjectShape; ack: ObjectShape }[];
    snapshot[kind] = list.map((entry) =>
      entry.name === name ? { ...entry, [key]: change(entry[key]) } : entry,
    ) as never;
  });
}

const text: Shape = { kind: "string" };
const added = (name: string, shape: Shape = text, optional = false): ((shape: ObjectShape) => ObjectShape) => {
  return (object) => ({ ...object, fields: [...object.fields, { name, shape, optional, nullish: false }] });
};
const removed =
  (name: string) =>
  (object: ObjectShape): ObjectShape => ({ ...object, fields: object.fields.filter((field) => field.name !== name) });
const changed =
  (name: string, change: (field: FieldShape) => FieldShape) =>
  (object: ObjectShape): ObjectShape => ({
    ...object,
    fields: object.fields.map((field) => (field.name === name ? change(field) : field)),
  });
const reshaped = (name: string, shape: Shape) => changed(name, (field) => ({ ...field, shape }));

const found = ({ verdict, findings }: ContractDiff) => [
  verdict,
  ...findings.map(({ rule, path }) => (path === "" ? rule : `${rule} ${path}`)),
];
const diff = (after: ContractSnapshot, options = {}) => found(diffContracts(base, after, options));

describe("diffContracts, server to client", () => {
  it("finds nothing between a contract and itself, and between it and its JSON", () => {
    expect(diff(base)).toEqual(["safe"]);
    expect(diff(readSnapshot(JSON.parse(JSON.stringify(base))))).toEqual(["safe"]);
  });
  it("takes a new field for safe, since the old reader ignores it", () => {
    expect(diff(withPayload("events", "gull_seen", added("colour")))).toEqual(["safe", "FIELD_ADDED colour"]);
  });
  it("judges what is recovered both ways: old payloads lack the new required field", () => {
    expect(diff(withPayload("events", "tide_turned", added("place")))).toEqual([
      "breaking",
      "FIELD_NO_REQUIRE place",
      "FIELD_ADDED place",
    ]);
    expect(diff(withPayload("events", "tide_turned", added("place", text, true)))).toEqual([
      "safe",
      "FIELD_ADDED place",
    ]);
  });
  it("refuses to lose a required field, or to make it optional or null", () => {
    expect(diff(withPayload("events", "gull_seen", removed("count")))).toEqual(["breaking", "FIELD_NO_DELETE count"]);
    expect(
      diff(
        withPayload(
          "events",
          "gull_seen",
          changed("count", (field) => ({ ...field, optional: true })),
        ),
      )[1],
    ).toBe("FIELD_NO_OPTIONAL count");
    expect(
      diff(
        withPayload(
          "events",
          "gull_seen",
          changed("count", (field) => ({ ...field, shape: { kind: "nullable", inner: field.shape } })),
        ),
      )[1],
    ).toBe("NULL_NO_ADD count");
  });
  it("warns of an optional field that goes", () => {
    expect(diff(withPayload("events", "ship_loaded", removed("note")))).toEqual(["safe", "FIELD_REMOVED note"]);
  });
  it("takes new members of open enums for dangerous, of closed ones for breaking", () => {
    const cargo = (open: boolean): Shape => ({ kind: "enum", values: ["salt", "tea", "silk", "rum"], open });
    expect(diff(withPayload("events", "ship_loaded", reshaped("cargo", cargo(true))))).toEqual([
      "safe",
      "ENUM_VALUE_ADDED cargo",
    ]);
    const closed = withPayload(
      "events",
      "ship_loaded",
      reshaped("cargo", { kind: "enum", values: ["salt"], open: false }),
    );
    expect(found(diffContracts(closed, base))).toEqual([
      "breaking",
      "ENUM_VALUE_NO_ADD cargo",
      "ENUM_VALUE_NO_ADD cargo",
    ]);
  });
  it("says what is sent and what is taken, where the one does not fit into the other", () => {
    const message = (after: ContractSnapshot) => diffContracts(base, after).findings[0]?.message;
    const count = (shape: Shape) => withPayload("events", "gull_seen", reshaped("count", shape));
    expect(message(count({ kind: "number", integer: true, min: -1 }))).toBe(
      "the new server sends numbers as count that the old client refuses: integer, at least -1 → integer, at least 0",
    );
    expect(message(count(text))).toBe(
      "the new server sends a kind of value as count that the old client does not take: string → integer, at least 0",
    );
    expect(message(count({ kind: "boolean" }))).toBe(
      "the new server sends a kind of value as count that the old client does not take: boolean → integer, at least 0",
    );
    expect(message(withPayload("events", "ship_loaded", reshaped("ship_id", text)))).toBe(
      "the new server sends ship_id in lengths that the old client refuses: string → string, 1 to 128 code points",
    );
  });

  it("refuses wider numbers, lengths and kinds", () => {
    const number = (integer: boolean, min: number): Shape => ({ kind: "number", integer, min });
    expect(diff(withPayload("events", "gull_seen", reshaped("count", number(true, -1))))[1]).toBe(
      "RANGE_NO_WIDEN count",
    );
    expect(diff(withPayload("events", "gull_seen", reshaped("count", number(true, 1))))).toEqual([
      "safe",
      "PAYLOAD_CHANGED",
    ]);
    expect(diff(withPayload("events", "gull_seen", reshaped("count", number(false, 0))))[1]).toBe(
      "FIELD_SAME_TYPE count",
    );
    expect(diff(withPayload("events", "ship_loaded", reshaped("ship_id", text)))[1]).toBe("LENGTH_NO_WIDEN ship_id");
    expect(diff(withPayload("events", "ship_loaded", reshaped("type", { kind: "literal", values: ["ship"] })))[1]).toBe(
      "LITERAL_SAME type",
    );
  });
  it("cannot judge one pattern by another", () => {
    const pattern = (source: string): Shape => ({ kind: "string", max: 9, patterns: [{ source, flags: "" }] });
    const before = withPayload("events", "gull_seen", added("code", pattern("^a+$")));
    const after = withPayload("events", "gull_seen", added("code", pattern("^a{2,}$")));
    expect(found(diffContracts(before, after))).toEqual(["unjudged", "PATTERN_JUDGEABLE code"]);
  });
  it("refuses to give a meaning to a key that an open object left free", () => {
    const manifest = (change: (object: ObjectShape) => ObjectShape) =>
      changed("manifest", (field) => ({ ...field, shape: change(field.shape as ObjectShape) }));
    expect(diff(withPayload("events", "ship_loaded", manifest(added("mate", text, true))))[1]).toBe(
      "OPEN_KEY_NO_CLAIM manifest.mate",
    );
  });
  it("warns of the keys of an open object or a record that becomes a closed object", () => {
    const closed: Shape = { kind: "object", fields: [], open: false };
    expect(diff(withPayload("events", "ship_loaded", reshaped("manifest", closed)))).toContain(
      "FIELD_REMOVED manifest.*",
    );
    const opened = withPayload("commands", "load_ship", (object) => ({ ...object, open: true }));
    expect(found(diffContracts(opened, base))).toEqual(["safe", "FIELD_REMOVED *"]);
    expect(found(diffContracts(base, opened))).toEqual(["safe", "PAYLOAD_CHANGED"]);
    const record = added("marks", { kind: "record", values: text }, true);
    const [before, after] = [record, added("marks", closed, true)].map((add) =>
      withPayload("events", "gull_seen", add),
    );
    expect(found(diffContracts(before as ContractSnapshot, after as ContractSnapshot))).toEqual([
      "safe",
      "FIELD_REMOVED marks.*",
    ]);
  });
  it("refuses a variant that old readers do not know", () => {
    const after = edited((snapshot) => {
      snapshot.events = snapshot.events.map((event) => {
        if (event.payload.kind !== "choice") return event;
        const option: ObjectShape = {
          kind: "object",
          open: false,
          fields: [{ name: "kind", shape: { kind: "literal", values: ["telegram"] }, optional: false, nullish: false }],
        };
        return { ...event, payload: { ...event.payload, options: [...event.payload.options, option] } };
      });
    });
    expect(diff(after)).toEqual(["breaking", "OPTION_NO_ADD kind"]);
  });
});

describe("diffContracts, client to server", () => {
  it("takes a new optional field for safe and a required one for breaking", () => {
    expect(diff(withPayload("commands", "whistle", added("loud", text, true)))).toEqual(["safe", "FIELD_ADDED loud"]);
    expect(diff(withPayload("commands", "whistle", added("loud")))[1]).toBe("FIELD_NO_REQUIRE loud");
  });
  it("lets a server take more, and refuses that it takes less", () => {
    const crates = (max: number): Shape => ({ kind: "number", integer: true, min: 1, max });
    expect(diff(withPayload("commands", "load_ship", reshaped("crates", crates(99))))[1]).toBe(
      "RANGE_NO_NARROW crates",
    );
    const tune = (most: number): Shape => ({ kind: "string", points: [1, most] });
    expect(diff(withPayload("commands", "whistle", reshaped("tune", tune(30))))).toEqual(["safe", "PAYLOAD_CHANGED"]);
  });
  it("judges queued commands both ways", () => {
    const crates: Shape = { kind: "number", integer: true, min: 1, max: 200 };
    expect(diff(withPayload("commands", "load_ship", reshaped("crates", crates)))[1]).toBe("RANGE_NO_WIDEN crates");
    const tune: Shape = { kind: "string", points: [1, 30] };
    const after = withPayload("commands", "whistle", reshaped("tune", tune));
    expect(diff(after, { skew: "both" })[1]).toBe("LENGTH_NO_WIDEN tune");
  });
  it("judges an acknowledgement as what the server writes", () => {
    expect(diff(withPayload("commands", "sound", removed("server_time"), "ack"))[1]).toBe(
      "FIELD_NO_DELETE server_time",
    );
    expect(diff(withPayload("commands", "sound", added("load"), "ack"))).toEqual(["safe", "FIELD_ADDED load"]);
  });
});

describe("diffContracts, declarations", () => {
  it("tells of the codes with which a command is newly refused, and no longer", () => {
    const refusing = (...refusals: string[]) =>
      edited((snapshot) => {
        snapshot.commands = snapshot.commands.map((each) => (each.name === "load_ship" ? { ...each, refusals } : each));
      });
    const [few, more] = [refusing("too_heavy"), refusing("sunk", "too_heavy")];
    expect(diffContracts(few, more)).toMatchObject({
      suggestedBump: "minor",
      findings: [{ rule: "COMMAND_REFUSAL_NO_ADD", level: "dangerous", message: "new refusal codes: sunk" }],
    });
    expect(diffContracts(more, few)).toMatchObject({
      suggestedBump: "minor",
      findings: [{ rule: "COMMAND_REFUSAL_REMOVED", level: "dangerous", message: "refusal codes that are gone: sunk" }],
    });
  });
  it("refuses lost events, commands and rooms, and takes new ones", () => {
    const without = edited((snapshot) => {
      snapshot.events = snapshot.events.filter(({ name }) => name !== "gull_seen");
      snapshot.commands = snapshot.commands.filter(({ name }) => name !== "whistle");
      snapshot.rooms = snapshot.rooms.filter(({ kind }) => kind !== "quay");
    });
    expect(diff(without)).toEqual(["breaking", "ROOM_NO_DELETE", "EVENT_NO_DELETE", "COMMAND_NO_DELETE"]);
    expect(found(diffContracts(without, base))).toEqual(["safe", "ROOM_ADDED", "EVENT_ADDED", "COMMAND_ADDED"]);
    expect(found(diffContracts(without, base, { skew: "both" }))[0]).toBe("breaking");
  });
  it("refuses that a field of a command, which may have said whom it is about, is taken for its sender", () => {
    const before = edited((snapshot) => {
      snapshot.rooms = snapshot.rooms.filter(({ kind }) => kind !== "sailor");
      snapshot.commands = snapshot.commands.filter(({ name }) => ["load_ship", "whistle"].includes(name));
    });
    const after = { ...before, rooms: base.rooms };
    expect(found(diffContracts(before, after))).toEqual(["breaking", "COMMAND_SENDER_SAME sailor_id", "ROOM_ADDED"]);
    expect(found(diffContracts(after, base))).not.toContain("COMMAND_SENDER_SAME sailor_id");
    // One that is new said nothing of anybody, and what cannot be judged is told of as that.
    const withCommands = (change: (shape: ObjectShape) => unknown) => ({
      ...after,
      commands: after.commands.map((each) => ({ ...each, payload: change(each.payload as ObjectShape) as never })),
    });
    const without = { ...before, commands: withCommands(removed("sailor_id")).commands };
    expect(found(diffContracts(without, after))).not.toContain("COMMAND_SENDER_SAME sailor_id");
    expect(
      found(
        diffContracts(
          before,
          withCommands(() => ({ kind: "colour" })),
        ),
      ),
    ).toEqual(["unjudged", "KEYWORD_KNOWN", "KEYWORD_KNOWN", "ROOM_ADDED"]);
  });
  it("refuses another major version, since the ends refuse each other by it, and takes every other one", () => {
    const versioned = (version: string) => ({ ...base, version });
    const verdict = (before: string, after: string) => found(diffContracts(versioned(before), versioned(after)));
    expect(verdict("1.9.9", "2.0.0")).toEqual(["breaking", "CONTRACT_MAJOR_SAME"]);
    expect(verdict("2.0.0", "1.9.9")).toEqual(["breaking", "CONTRACT_MAJOR_SAME"]);
    expect(verdict("1.0.0", "1.1.0")).toEqual(["safe"]);
    expect(verdict("0.1.0", "0.2.0")).toEqual(["safe"]);
  });
  it("refuses a name that turns round, another audience, and rooms formed otherwise", () => {
    const turned = edited((snapshot) => {
      const [event] = snapshot.events.filter(({ name }) => name === "gull_seen");
      snapshot.events = snapshot.events.filter(({ name }) => name !== "gull_seen");
      snapshot.commands = [
        ...snapshot.commands,
        { ...(snapshot.commands[0] as (typeof snapshot.commands)[0]), name: event?.name ?? "" },
      ];
    });
    expect(diff(turned)).toContain("EVENT_DIRECTION_SAME");
    const moved = edited((snapshot) => {
      snapshot.events = snapshot.events.map((event) =>
        event.name === "gull_seen" ? { ...event, audience: "sailor", lane: "normal" as const, appName: "gull" } : event,
      );
      snapshot.rooms = snapshot.rooms.map((room) => (room.kind === "quay" ? { ...room, prefix: "pier_" } : room));
    });
    expect(diff(moved)).toEqual([
      "breaking",
      "ROOM_NAME_SAME",
      "EVENT_AUDIENCE_SAME",
      "EVENT_APP_NAME_SAME",
      "EVENT_LANE_SAME",
    ]);
  });
  it("refuses rooms that are entered otherwise, and lets other events tell of it", () => {
    const withOptions = (options: object) =>
      edited((snapshot) => {
        snapshot.rooms = snapshot.rooms.map((room) =>
          room.kind === "quay" ? { ...room, options: { ...room.options, ...options } } : room,
        );
      });
    expect(diff(withOptions({ join: "whistle" }))).toEqual(["breaking", "ROOM_ENTRY_SAME"]);
    const told = diffContracts(base, withOptions({ memberJoined: "gull_seen", left: false }));
    expect(found(told)).toEqual(["safe", "ROOM_NOTICES_SAME"]);
    expect(told.findings[0]?.level).toBe("dangerous");
  });
  it("cannot judge a payload that is no object, also where a field of it may be the sender's", () => {
    const list = { kind: "array", items: text };
    const sent = edited((snapshot) => {
      snapshot.rooms = snapshot.rooms.map((room) => ({ ...room, options: { enter: "authenticated" } })) as never;
      snapshot.commands = snapshot.commands.map((command) => ({ ...command, payload: list, ack: list })) as never;
    });
    const told = diffContracts({ ...sent, rooms: [] }, sent).findings.filter(({ rule }) => rule === "KEYWORD_KNOWN");
    expect(new Set(told.map(({ subject }) => subject.kind))).toEqual(new Set(["command", "ack"]));
    expect(told[0]?.message).toContain("a payload that is no object, which this version cannot judge");
  });
  it("never calls a keyword safe that it does not know", () => {
    const unknown = withPayload(
      "events",
      "gull_seen",
      reshaped("count", { kind: "number", integer: true, multiple: 5 } as never),
    );
    expect(diff(unknown)).toEqual(["unjudged", "KEYWORD_KNOWN"]);
    expect(found(diffContracts(unknown, unknown))[0]).toBe("unjudged");
    const kind = withPayload("events", "gull_seen", reshaped("count", { kind: "colour" } as never));
    expect(diff(kind)).toEqual(["unjudged", "KEYWORD_KNOWN"]);
    const message = (shape: unknown) =>
      diffContracts(base, withPayload("events", "gull_seen", reshaped("count", shape as Shape))).findings[0]?.message;
    expect(message({ kind: "colour" })).toContain('says the keyword "fields" of the kind object (the kind "colour")');
    expect(message({ kind: "array", items: { kind: "number", multiple: 5 } })).toContain(
      'of the kind object (the keyword "items" of the kind array (the keyword "multiple" of the kind number))',
    );
    const options = [text, { kind: "colour" }];
    expect(message({ kind: "either", options })).toContain(
      '(the keyword "options" of the kind either (the kind "colour"))',
    );
    for (const patterns of [[5], [null], [{ source: "(", flags: "" }], [{ source: "a", flags: "", group: 1 }]])
      expect(message({ kind: "string", patterns })).toContain('(the keyword "patterns" of the kind string)');
    expect(message({ kind: "nullable", inner: null })).toContain('(the keyword "inner" of the kind nullable)');
    expect(message({ kind: "choice", discriminator: "kind", options: [text] })).toContain(
      '(the keyword "options" of the kind choice)',
    );
    // Nor where it comes with something new.
    const without = (key: "events" | "commands" | "rooms", label: string) =>
      edited((snapshot) => {
        const list = snapshot[key] as readonly { name?: string; kind?: string }[];
        snapshot[key] = list.filter(({ name, kind }) => (name ?? kind) !== label) as never;
      });
    const ack = withPayload("commands", "dock", added("x", { kind: "colour" } as never), "ack");
    const room = edited((snapshot) => {
      snapshot.rooms = snapshot.rooms.map((each) => ({ ...each, encrypted: true }));
    });
    for (const [before, after, subject] of [
      [without("events", "gull_seen"), kind, { kind: "event", name: "gull_seen" }],
      [without("commands", "dock"), ack, { kind: "ack", name: "dock" }],
      [without("rooms", "quay"), room, { kind: "room", name: "quay" }],
    ] as const)
      expect(diffContracts(before, after).findings).toContainEqual(
        expect.objectContaining({ rule: "KEYWORD_KNOWN", subject }),
      );
  });
  it("judges both ways what was recovered or queued before as well as what is from now on", () => {
    const set = (snapshot: ContractSnapshot, key: "events" | "commands", name: string, change: object) => ({
      ...snapshot,
      [key]: snapshot[key].map((each) => (each.name === name ? { ...each, ...change } : each)),
    });
    const heavier = withPayload("events", "ship_loaded", added("weight"));
    const lighter = withPayload("commands", "load_ship", removed("crates"));
    for (const [before, after, rule] of [
      [base, set(heavier, "events", "ship_loaded", { recover: false }), "FIELD_NO_REQUIRE weight"],
      [set(base, "events", "ship_loaded", { recover: false }), heavier, "FIELD_NO_REQUIRE weight"],
      [base, set(lighter, "commands", "load_ship", { offline: "drop" }), "FIELD_NO_DELETE crates"],
      [set(base, "commands", "load_ship", { offline: "drop" }), lighter, "FIELD_NO_DELETE crates"],
    ] as const)
      expect(found(diffContracts(before, after))).toContain(rule);
  });
  it("says that an event is gone, where a command has been called like it all along", () => {
    const command = { ...base.commands[0], name: "gull_seen" } as ContractSnapshot["commands"][number];
    const both = { ...base, commands: [...base.commands, command] };
    const gone = { ...both, events: both.events.filter(({ name }) => name !== "gull_seen") };
    expect(found(diffContracts(both, gone))).toContain("EVENT_NO_DELETE");
    expect(found(diffContracts(base, gone))).toContain("EVENT_DIRECTION_SAME");
  });
  it("never calls a declaration safe that it does not know, or that is not there", () => {
    const entries = (key: "events" | "commands" | "rooms", change: object) =>
      edited((snapshot) => {
        snapshot[key] = snapshot[key].map((entry) => ({ ...entry, ...change })) as never;
      });
    const foreign: [ContractSnapshot, string][] = [
      [{ ...base, encrypted: true } as ContractSnapshot, '"encrypted"'],
      [{ ...base, roles: { ...base.roles, presence: 1 } as never }, '"roles"'],
      [entries("events", { encrypted: true }), '"encrypted"'],
      [entries("events", { lane: "urgent" }), '"lane"'],
      [entries("events", { recover: "yes" }), '"recover"'],
      [entries("events", { coalesce: { latest: true, within: 5 } }), '"coalesce"'],
      [entries("events", { derive: { type: { kind: "hash", field: "text" } } }), '"derive"'],
      [entries("events", { lane: undefined }), '"lane"'],
      [entries("commands", { refusals: undefined }), '"refusals"'],
      [entries("commands", { serial: "user" }), '"serial"'],
      [entries("rooms", { options: { enter: "authenticated", encrypted: true } }), '"options"'],
      [entries("rooms", { options: { enter: "authenticated", left: true } }), '"options"'],
    ];
    for (const [snapshot, words] of foreign) {
      // What JSON cannot say is not there.
      const read = readSnapshot(JSON.parse(JSON.stringify(snapshot)));
      for (const compared of [diffContracts(base, read), diffContracts(read, base), diffContracts(read, read)]) {
        expect([words, compared.verdict]).not.toEqual([words, "safe"]);
        const unknown = compared.findings.filter(({ rule }) => rule === "KEYWORD_KNOWN");
        expect(unknown.map(({ message }) => message)).toContainEqual(expect.stringContaining(words));
      }
    }
  });
  it("reads no snapshot that says something twice", () => {
    for (const key of ["events", "commands", "rooms"] as const) {
      expect(() => readSnapshot({ ...base, [key]: [...base[key], base[key][0]] })).toThrow(/stands there twice/);
    }
  });
});

describe("diffContracts, verdict", () => {
  const breaking = withPayload("events", "gull_seen", removed("count"));

  it("suggests how far to raise the version", () => {
    const bump = (after: ContractSnapshot) => diffContracts(base, after).suggestedBump;
    expect(bump(breaking)).toBe("major");
    expect(bump(withPayload("events", "gull_seen", added("colour")))).toBe("minor");
    expect(
      bump(
        edited((snapshot) => {
          snapshot.events = snapshot.events.map((event) => ({ ...event, summary: `${event.summary} Really.` }));
        }),
      ),
    ).toBe("patch");
    expect(bump(base)).toBe("none");
    expect(isRaisedEnough(diffContracts(base, { ...breaking, version: "2.0.0" }))).toBe(true);
    expect(isRaisedEnough(diffContracts(base, { ...breaking, version: "1.1.0" }))).toBe(false);
    expect(isRaisedEnough(diffContracts(base, { ...breaking, version: "0.9.0" }))).toBe(false);
  });
  it("lets an ignored finding not count, until it expires", () => {
    const ignore = readIgnoreList([
      {
        rule: "FIELD_NO_DELETE",
        subject: "event gull_seen",
        path: "count",
        reason: "never read",
        expires: "2026-12-31",
      },
    ]);
    expect(diff(breaking, { ignore, today: "2026-12-31" })[0]).toBe("safe");
    // Whoever says no day asks for none.
    expect(diff(breaking, { ignore })[0]).toBe("safe");
    expect(diffContracts(base, breaking, { ignore, today: "2027-01-01" })).toMatchObject({
      verdict: "breaking",
      expired: [{ rule: "FIELD_NO_DELETE" }],
    });
    expect(diffContracts(base, base, { ignore, today: "2026-12-31" }).unused).toHaveLength(1);
  });
  it("lets an ignored finding cover no other rule, subject or field, and any where it names none", () => {
    const covers = (entry: object) => {
      const ignore = readIgnoreList([{ rule: "FIELD_NO_DELETE", reason: "r", expires: "2026-12-31", ...entry }]);
      return diff(breaking, { ignore })[0] === "safe";
    };
    for (const entry of [{}, { subject: "event gull_seen" }, { path: "count" }])
      expect([entry, covers(entry)]).toEqual([entry, true]);
    for (const entry of [
      { rule: "FIELD_NO_OPTIONAL" },
      { subject: "event tide_turned" },
      { subject: "command gull_seen" },
      { path: "colour" },
      { path: "" },
    ])
      expect([entry, covers(entry)]).toEqual([entry, false]);
  });
  it("takes no entry without a reason, a rule or a day", () => {
    const entry = { rule: "FIELD_NO_DELETE", reason: "r", expires: "2026-12-31" };
    for (const wrong of [
      { ...entry, reason: " " },
      { ...entry, rule: "NO_SUCH" },
      { ...entry, expires: "2026-02-30" },
      { ...entry, expires: "2026-31-12" },
      { ...entry, expires: undefined },
      { ...entry, expires: ["2026-12-31"] },
      { ...entry, expires: "+2026-12-31" },
      { ...entry, expires: "2026-12-31T" },
      { ...entry, rule: ["FIELD_NO_DELETE"] },
      { ...entry, subject: 1 },
      { ...entry, path: 1 },
    ]) {
      expect(() => readIgnoreList([wrong])).toThrow(/ignore list: entry 1/);
    }
    expect(() => readIgnoreList({})).toThrow(/ignore list/);
  });
  it("reads no snapshot of a later revision, and nothing that is none", () => {
    expect(() => readSnapshot({ ...base, revision: 2 })).toThrow(/revision is 2/);
    expect(() => readSnapshot({})).toThrow(/format/);
    for (const none of [null, undefined, "snapshot", 1, []])
      expect(() => readSnapshot(none)).toThrow(/does not say "format"/);
    for (const key of ["name", "version", "fingerprint"])
      expect(() => readSnapshot({ ...base, [key]: undefined })).toThrow(`${key} is missing`);
    for (const roles of [undefined, null, "ping"])
      expect(() => readSnapshot({ ...base, roles })).toThrow(/roles is missing/);
    for (const key of ["events", "commands", "rooms"] as const)
      for (const one of [1, null, { name: 1, kind: 1 }])
        expect(() => readSnapshot({ ...base, [key]: [...base[key], one] })).toThrow(`${key} is no list`);
  });
});
