import { type CommandDefinition, defineCommand } from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import { refusalOf } from "../../support/refusal.js";

const sound = {
  name: "load_ship",
  payload: z.object({ quay_id: z.string(), crates: z.int().min(1) }),
  room: "quay",
  ack: z.object({ on_board: z.int() }),
  refusals: ["ship_full"],
  offline: "queue",
  serial: "room",
  logFields: ["quay_id"],
  summary: "Loads crates.",
  since: "1.0.0",
  examples: {
    valid: [{ quay_id: "q", crates: 1 }],
    invalid: [{ path: "crates", payload: { quay_id: "q", crates: 0 } }],
  },
} satisfies CommandDefinition;

const { room, serial, ...roomless } = sound;
const command = (changes: Partial<CommandDefinition>) => defineCommand({ ...sound, ...changes } as CommandDefinition);
const refused = (changes: Partial<CommandDefinition>) => refusalOf(() => command(changes));

describe("defineCommand", () => {
  it("takes a sound definition, with a room or without", () => {
    expect(command({})).toMatchObject({ name: "load_ship", room, serial, offline: "queue" });
    expect(defineCommand(roomless)).not.toHaveProperty("room");
    for (const offline of ["queue", "drop", "reject"] as const) expect(command({ offline }).offline).toBe(offline);
  });

  it.each([
    ["error", 'a client that sends "error" would set off error listeners'],
    ["$enter", "names that start with $ belong to this library"],
    ["disconnect", "reserved by Socket.IO"],
    ["constructor", "reserved by Socket.IO or JavaScript"],
    ["LoadShip", "a wire name is snake_case"],
    ["", "a name cannot be empty"],
  ])("refuses the name %j", (name, why) => {
    expect(refused({ name })).toMatch(/^command_invalid/);
    expect(refused({ name })).toContain(why);
  });

  it("refuses a payload or an acknowledgement that is no single object", () => {
    const choice = z.discriminatedUnion("k", [z.object({ k: z.literal("a") })]);
    expect(refused({ payload: choice })).toContain("a command and its acknowledgement are one z.object({…}) each");
    expect(refused({ ack: choice })).toContain("a command and its acknowledgement are one z.object({…}) each");
  });

  it("refuses a schema that could not travel, in the payload and in the acknowledgement", () => {
    expect(refused({ payload: z.object({ when: z.date() }) })).toContain(
      "schema_unsupported: load_ship: payload.when: date",
    );
    expect(refused({ ack: z.object({ when: z.date() }) })).toContain("schema_unsupported: load_ship: ack.when: date");
  });

  it("refuses a key that nothing reads, which is a misspelt one", () => {
    expect(refused({ seriel: "room" } as never)).toMatch(
      /^command_invalid: load_ship: there is no key seriel; write name, .*, serial, .*examples$/,
    );
  });

  it("refuses to log what is no field", () => {
    expect(refused({ logFields: ["captain"] })).toContain("logFields: captain is no field of the payload");
  });

  it("refuses an unknown offline policy", () => {
    expect(refused({ offline: "keep" as "queue" })).toContain("offline: write queue, drop or reject");
  });

  it("refuses an order that is no order, or of no room", () => {
    expect(refused({ serial: "always" as "room" })).toContain("serial: write room, or leave it out");
    expect(refusalOf(() => defineCommand({ ...roomless, serial: "room" }))).toContain(
      "serial: room goes with a command that names its room kind",
    );
  });

  it("refuses a single refusal code in place of the list of them", () => {
    expect(refused({ refusals: "ship_full" as never })).toBe("command_invalid: load_ship: refusals: write a list");
  });

  it("refuses a refusal code that is no snake_case word", () => {
    for (const code of ["ShipFull", "ship full", "1_full", "", "__proto__"])
      expect(refused({ refusals: ["ship_full", code] })).toContain(`refusals: write ${code} in snake_case`);
  });

  it("refuses a refusal code that is the library's own, whose meaning is another", () => {
    for (const code of ["internal", "rate_limited"])
      expect(refused({ refusals: [code] })).toContain(`refusals: leave out ${code}, the library's own`);
  });

  it("refuses what is no object", () => {
    for (const none of [null, undefined, true])
      expect(refusalOf(() => defineCommand(none as never))).toContain(
        `command_invalid: there is no key ${none}; write name, `,
      );
  });

  it("says what to write for each part that is left out", () => {
    for (const [part, words] of [
      ["name", "choose a snake_case word"],
      ["payload", "write it with import * as z"],
      ["ack", "write it with import * as z"],
      ["offline", "offline: write queue, drop or reject"],
      ["summary", "summary: say in one sentence"],
      ["since", "since: write the contract version"],
      ["examples", "give at least one valid and one invalid example"],
    ] as const)
      expect(refused({ [part]: undefined })).toContain(words);
  });

  it("refuses an empty summary, a since that is no version, and a deprecation without a word", () => {
    expect(refused({ summary: "" })).toContain("summary: say in one sentence");
    expect(refused({ since: "v1.0.0" })).toContain("since: write the contract version");
    expect(refused({ deprecated: true as never })).toContain("deprecated: say what to use instead");
  });

  it("refuses examples that are none", () => {
    const { valid, invalid } = sound.examples;
    expect(refused({ examples: { valid: [], invalid } })).toContain("at least one valid and one invalid");
    expect(refused({ examples: { valid: [{ quay_id: "q" }], invalid } })).toBe(
      "example_invalid: load_ship: examples.valid[0] is refused at crates",
    );
    expect(refused({ examples: { valid, invalid: [{ path: "crates", payload: valid[0] }] } })).toContain(
      "examples.invalid[0] is accepted",
    );
  });
});
