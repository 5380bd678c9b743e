import { Parser } from "@asyncapi/parser";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod/v4";
import { defineCommand } from "../../../src/contract/command.js";
import { defineContract } from "../../../src/contract/define-contract.js";
import { defineEvent } from "../../../src/contract/event.js";
import { room } from "../../../src/contract/room.js";
import { jsonValue } from "../../../src/contract/schema.js";
import { toAsyncApi } from "../../../src/export/async-api.js";
import { diffContracts } from "../../../src/export/diff/contract-diff.js";
import { exportDocument } from "../../../src/export/documents.js";
import { toJsonSchema, toPayloadSchema } from "../../../src/export/json-schema.js";
import { toMarkdown } from "../../../src/export/markdown.js";
import { unexpressedPattern } from "../../../src/export/not-expressed.js";
import { pythonFileName, toPython } from "../../../src/export/python/module.js";
import { shapeWords } from "../../../src/export/shape-words.js";
import { toSnapshot } from "../../../src/export/snapshot.js";
import { contract as compiled } from "../../../src/gestaloka/contract.gen.js";
import { contract as gestaloka } from "../../../src/gestaloka/contract.js";
import { contract as harbour } from "../../fixtures/contract.js";
import { contract as kitchen } from "../../fixtures/kitchen-sink.js";

const examples = { valid: [{ times: 1 }], invalid: [{ path: "times", payload: {} }] };
const said = { payload: z.object({ times: z.int() }), since: "1.0.0", examples };
/** Bells whose event and command are deprecated, with a room that nobody enters by a command. */
const bells = defineContract({
  name: "bells",
  version: "1.0.0",
  events: [
    defineEvent({
      ...said,
      name: "rung",
      appName: "bell:rung",
      audience: "tower",
      lane: "low",
      recover: false,
      summary: "A bell was rung.",
      deprecated: "Use chimed.",
    }),
  ],
  commands: [
    defineCommand({
      ...said,
      name: "ring",
      ack: z.object({}),
      offline: "drop",
      summary: "Rings a bell.",
      deprecated: "Use chime.",
    }),
  ],
  rooms: { tower: room("tower_{tower_id}", {}) },
});

const loaded = {
  type: "ship_loaded",
  ship_id: "s1",
  cargo: "salt",
  crates: 5,
  before: 3,
  added: 2,
  manifest: {},
  timestamp: "2026-11-24T05:30:19",
};
const judge = (role: "writer" | "reader") =>
  new Ajv2020({ strict: false }).compile(
    toPayloadSchema(harbour as never, { kind: "event", name: "ship_loaded", role }),
  );

describe("toJsonSchema", () => {
  it("closes the writer's form and opens the reader's", () => {
    const [writer, reader] = [judge("writer"), judge("reader")];
    for (const form of [writer, reader]) expect(form(loaded)).toBe(true);
    const newer = { ...loaded, cargo: "rum", flag: "red", note: null };
    expect(reader(newer)).toBe(true);
    for (const key of ["cargo", "flag", "note"] as const) expect(writer({ ...loaded, [key]: newer[key] })).toBe(false);
  });
  it("refuses __proto__ keys and JSON that nests deeper than 32 levels", () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    const hostile = JSON.parse('{"a":{"__proto__":{"admin":true}}}') as unknown;
    for (const form of [judge("writer"), judge("reader")]) {
      expect(form({ ...loaded, manifest: { deep: nested(31) } })).toBe(true);
      expect(form({ ...loaded, manifest: { deep: nested(32) } })).toBe(false);
      expect(form({ ...loaded, manifest: hostile })).toBe(false);
      expect(form({ ...loaded, extra: hostile })).toBe(false);
    }
  });
  it("lists what it cannot say", () => {
    expect(
      toPayloadSchema(harbour as never, { kind: "event", name: "ship_loaded", role: "writer" })["x-not-expressed"],
    ).toEqual([{ path: "before", rule: "is crates - added" }]);
    expect(toJsonSchema(harbour as never)["x-not-expressed"]).toEqual([
      { form: "event.ship_loaded.writer", path: "before", rule: "is crates - added" },
    ]);
  });
  it("takes a dot for what it is behind an escaped backslash, and a letter there for a letter", () => {
    const reason = (pattern: RegExp) => unexpressedPattern({ source: pattern.source, flags: pattern.flags });
    expect(reason(/^\\.$/)).toBe("a pattern over UTF-16 units");
    for (const pattern of [/^a\.b$/, /^\\W$/, /^\\\.$/]) expect(reason(pattern)).toBeUndefined();
  });
  it("refers to each form by its anchor in the whole document", () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(toJsonSchema(gestaloka as never));
    const form = ajv.getSchema("urn:gestaloka-events:gestaloka:1.0.0#event.chat_message.reader");
    expect(form?.({ user_id: "u", message: "m", timestamp: "2026-11-24T05:30:19Z" })).toBe(true);
    expect(form?.({ user_id: "u", message: 1, timestamp: "2026-11-24T05:30:19Z" })).toBe(false);
  });
  it("is found by its $id, whatever the contract is called", () => {
    for (const name of ["a", "shop_1.x", "uuid", "ends-", "n".repeat(64)]) {
      const ajv = new Ajv2020({ strict: false });
      const named = defineContract({ ...harbour.definition, name });
      ajv.addSchema(toJsonSchema(named as never));
      expect(ajv.getSchema(`urn:gestaloka-events:${name}:1.0.0#event.gull_seen.writer`)).toBeTypeOf("function");
    }
  });
  it("knows no event that the contract lacks", () => {
    expect(() => toPayloadSchema(harbour as never, { kind: "event", name: "nope", role: "writer" })).toThrow(
      /no such event/,
    );
  });
});

describe("toAsyncApi", () => {
  it.each([
    ["gestaloka", gestaloka],
    ["harbour", harbour],
  ])(
    "is valid AsyncAPI 3.0 for %s, with every event, command and reply",
    async (_, contract) => {
      const { text } = exportDocument(contract as never, "asyncapi");
      const { document, diagnostics } = await new Parser().parse(text);
      expect(
        diagnostics.filter(({ severity }) => severity <= 1).map(({ message, path }) => `${path.join(".")}: ${message}`),
      ).toEqual([]);
      const { events, commands, rooms } = toSnapshot(contract as never);
      expect(document?.operations().filterBySend()).toHaveLength(events.length);
      expect(document?.operations().filterByReceive()).toHaveLength(commands.length);
      expect(document?.channels().all()).toHaveLength(rooms.length + 1);
      for (const operation of document?.operations().filterByReceive() ?? []) expect(operation.reply()).toBeDefined();
      const raw = parse(text) as {
        operations: Record<string, Record<string, unknown>>;
        components: { messages: Record<string, { examples: unknown[] }> };
      };
      for (const event of events) {
        expect(raw.operations[`send_${event.name}`]).toMatchObject({
          "x-lane": event.lane,
          "x-recovered": event.recover,
        });
        expect(raw.components.messages[`event_${event.name}`]?.examples.length).toBeGreaterThan(0);
      }
    },
    60_000,
  );
});

describe("toAsyncApi, of one contract or another", () => {
  it("tells where the server is, and leaves the host open where it is not told", () => {
    const server = (options?: object) =>
      (toAsyncApi(bells as never, options).servers as Record<string, object>).socketio;
    expect(server()).toMatchObject({
      host: "{host}",
      pathname: "/socket.io/",
      variables: { host: { description: "The server's host and port." } },
    });
    const told = server({ host: "events.example.org:8443", pathname: "/ws/" });
    expect(told).toMatchObject({ host: "events.example.org:8443", pathname: "/ws/" });
    expect(told).not.toHaveProperty("variables");
  });
  it("tells how a room is entered, and what of an event or a command is told alone where there is any", () => {
    const channels = (contract: unknown) =>
      toAsyncApi(contract as never).channels as Record<string, { description: string }>;
    expect(channels(bells).tower?.description).toBe("The server puts connections into it.");
    expect(channels(harbour).quay?.description).toBe("Entered by dock, left by undock.");
    expect(channels(harbour).sailor?.description).toContain("from the moment it is authenticated");
    const [operation, message] = (["operations", "components"] as const).map((part) =>
      JSON.stringify(toAsyncApi(harbour as never)[part]),
    );
    expect(operation).toContain('"x-serial":"room"');
    expect(operation).toContain('"x-coalesce":{"latest":true}');
    expect(message).toContain('"x-emitter":"PostEmitter.emitLetterCame"');
    const bare = JSON.stringify(toAsyncApi(bells as never));
    for (const none of ["x-serial", "x-coalesce", "x-emitter", "x-derive"]) expect(bare).not.toContain(none);
  });
});

it("says in AsyncAPI of plain JSON what the contract says of it, and where it says nothing, what it is", () => {
  const any = jsonValue(z.json());
  const forecast = defineEvent({
    name: "forecast",
    appName: "sky:forecast",
    audience: "socket",
    payload: z.object({ told: any.describe("As the office sent it."), bare: any }) as never,
    lane: "low",
    recover: false,
    summary: "A forecast came.",
    since: "1.0.0",
    examples: { valid: [{ told: 1, bare: 1 }], invalid: [{ path: "", payload: [] }] },
  });
  const contract = defineContract({ name: "sky", version: "1.0.0", events: [forecast], commands: [], rooms: {} });
  expect(toAsyncApi(contract as never).components).toMatchObject({
    messages: {
      event_forecast: {
        payload: {
          properties: {
            told: { description: "As the office sent it." },
            bare: { description: "Plain JSON to depth 32." },
          },
        },
      },
    },
  });
});

describe("exportDocument", () => {
  it("says of what is deprecated what to use instead, and of nothing else", () => {
    const { $defs } = toJsonSchema(bells as never) as { $defs: Record<string, object> };
    for (const form of ["event.rung", "command.ring", "ack.ring"])
      for (const role of ["writer", "reader"]) expect($defs[`${form}.${role}`]).toMatchObject({ deprecated: true });
    const { messages } = toAsyncApi(bells as never).components as { messages: Record<string, object> };
    expect(messages.event_rung).toMatchObject({ description: "Deprecated: Use chimed." });
    expect(messages.command_ring).toMatchObject({ description: "Deprecated: Use chime." });
    const catalogue = exportDocument(bells as never, "markdown").text;
    expect(catalogue).toContain("| **Deprecated** (Use chimed.): A bell was rung. |");
    expect(catalogue).toContain("| **Deprecated** (Use chime.): Rings a bell. |");
    const module = exportDocument(bells as never, "python").text;
    expect(module).toContain('"""A bell was rung. Deprecated: Use chimed."""');
    expect(module).toContain('"""Rings a bell. Deprecated: Use chime."""');
    expect(toSnapshot(bells as never)).toMatchObject({
      events: [{ deprecated: "Use chimed." }],
      commands: [{ deprecated: "Use chime." }],
    });
    for (const format of ["json-schema", "asyncapi", "markdown", "snapshot"] as const)
      expect(exportDocument(harbour as never, format).text).not.toMatch(/deprecated/i);
  });
  it("has a row in the catalogue for every field of every kind, with what it is in words", () => {
    const rows = exportDocument(kitchen as never, "markdown").text.split("\n");
    for (const row of [
      "| `table` | object of integer |  |",
      "| `nothing` | string or null |  |",
      "| `either` | string or finite number or array of boolean |  |",
      "| `choice` | one of the objects told apart by kind |  |",
      "| `choice.p.x` | finite number |  |",
      "| `list` | array of object, 1 to 3 items |  |",
      "| `list[].x` | finite number |  |",
      "| `bag` | open object with known fields |  |",
      "| `any` | any plain JSON |  |",
      "| `openMaybe` ?∅ | open enum: red, green |  |",
      '| `label` † | string | derived: the text "{whole} of {total}" |',
      "| `bag` ?∅ | open object |  |",
      "Where `kind` is `bag` or `__proto__` or `constructor`:",
      "| kitchen | `kitchen_{kitchen_id}` | whom the server puts there |",
    ])
      expect(rows).toContain(row);
  });
  it("says in the catalogue which derived fields must agree, as the checker has it", () => {
    expect(exportDocument(kitchen as never, "markdown").text).toContain(
      "one that is given must agree, save that now and a text need only be valid.",
    );
    const everything = kitchen.events.get("everything");
    const [example = {}] = kitchen.definition.events.find(({ name }) => name === "everything")?.examples.valid ?? [];
    const filled = everything?.fill(example, 0);
    const accepts = (own: object) => everything?.payload.accepts({ ...filled, ...own }, "writer");
    expect(accepts({ at: "2026-11-24T05:30:19Z", label: "Mine." })).toBe(true);
    expect(accepts({ label: 1 })).toBe(false);
    expect(accepts({ total: 7 })).toBe(false);
  });
  it("shows in the catalogue what would be HTML there", () => {
    const marked = defineContract({
      name: "marks",
      version: "1.0.0",
      events: [
        defineEvent({
          name: "marked",
          appName: "mark:set",
          audience: "socket",
          payload: z.object({ mark: z.enum(["<none>", "<b>"]).describe("Of <id>, as `<b>`.") }),
          lane: "low",
          recover: false,
          summary: "A mark of <id> was set.",
          since: "1.0.0",
          examples: { valid: [{ mark: "<b>" }], invalid: [{ path: "mark", payload: {} }] },
        }),
      ],
      commands: [],
      rooms: {},
    });
    const lines = exportDocument(marked as never, "markdown").text.split("\n");
    expect(lines).toContain("A mark of &lt;id> was set.");
    expect(lines).toContain("| `mark` | enum: &lt;none>, &lt;b> | Of &lt;id>, as `<b>`. |");
    expect(lines).toContain('  "mark": "<b>"');
  });
  it("tells a list that may be null from one whose items may be", () => {
    const text = { kind: "string", max: 9 } as const;
    expect(shapeWords({ kind: "nullable", inner: { kind: "array", items: { kind: "string" } } })).toBe(
      "array of string or null",
    );
    expect(shapeWords({ kind: "array", items: { kind: "nullable", inner: { kind: "string" } } })).toBe(
      "array of (string or null)",
    );
    expect(shapeWords({ kind: "array", items: { kind: "record", values: text }, max: 3 })).toBe(
      "array of (object of (string, at most 9 characters)), 0 to 3 items",
    );
  });
  it("writes the same bytes for the same contract", () => {
    for (const format of ["json-schema", "asyncapi", "python", "markdown", "snapshot"] as const) {
      expect(exportDocument(harbour as never, format)).toEqual(exportDocument(harbour as never, format));
    }
  });
  it("names every event and command in the catalogue", () => {
    const { text } = exportDocument(gestaloka as never, "markdown");
    const { events, commands } = toSnapshot(gestaloka as never);
    for (const { name } of events) expect(text).toContain(`### ${name}\n`);
    for (const { name } of commands) expect(text).toContain(`### ${name} command\n`);
  });
});

it("says what to give in place of a compiled contract, of none, and of a format or a snapshot that there is not", () => {
  for (const wrong of [undefined, null, compiled]) {
    const source = wrong as never;
    for (const make of [toSnapshot, toJsonSchema, toAsyncApi, toMarkdown, toPython, pythonFileName])
      expect(() => make(source)).toThrow(/a compiled contract has no schemas.* \(docs\/errors\.md#contract_invalid\)$/);
  }
  expect(() => exportDocument(harbour, "json" as never)).toThrow(/write one of json-schema, .*#contract_invalid\)$/);
  expect(() => diffContracts(harbour as never, harbour as never)).toThrow(/^\[@gestaloka\/events\] snapshot: /);
});
