import { describe, expect, it } from "vitest";
import type { FieldShape, NumberShape, ObjectShape, Shape } from "../../../src/contract/shape.js";
import { diffContracts } from "../../../src/export/diff/contract-diff.js";
import { type ContractSnapshot, toSnapshot } from "../../../src/export/snapshot.js";
import { contract } from "../../fixtures/contract.js";

const base = toSnapshot(contract);

type Verdict = "safe" | "dangerous" | "breaking" | "unjudged";

/** How a change from one payload's only field to another's is judged, the worst finding first. */
function judged(
  from: readonly FieldShape[],
  to: readonly FieldShape[],
  direction: "event" | "recovered" | "command" | "queued" | "ack",
  skew: "lingering" | "both" = "lingering",
): Verdict {
  const key = direction === "event" || direction === "recovered" ? "events" : "commands";
  // An event that is recovered and one that is not, a command that is queued and one that is not.
  const name = {
    event: "gull_seen",
    recovered: "tide_turned",
    command: "whistle",
    queued: "load_ship",
    ack: "whistle",
  };
  const part = direction === "ack" ? "ack" : "payload";
  const withFields = (fields: readonly FieldShape[]): ContractSnapshot => ({
    ...base,
    [key]: base[key].map((entry) =>
      entry.name === name[direction]
        ? {
            ...entry,
            ...(key === "events" ? { derive: {} } : {}),
            [part]: { kind: "object", fields, open: false } satisfies ObjectShape,
          }
        : entry,
    ),
  });
  const { findings } = diffContracts(withFields(from), withFields(to), { skew });
  return findings[0]?.level ?? "safe";
}

const text: Shape = { kind: "string" };
const number = (integer: boolean, min?: number, max?: number): Shape => ({
  kind: "number",
  integer,
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
const values = (open: boolean, ...members: string[]): Shape => ({ kind: "enum", values: members, open });
const required = (shape: Shape): FieldShape[] => [{ name: "field", shape, optional: false, nullish: false }];
const optional = (shape: Shape): FieldShape[] => [{ name: "field", shape, optional: true, nullish: false }];
const absent: FieldShape[] = [];
const matching = (source: string, flags = ""): Shape => ({ kind: "string", max: 9, patterns: [{ source, flags }] });
const between = (integer: boolean, bounds: Omit<NumberShape, "kind" | "integer">): Shape => ({
  kind: "number",
  integer,
  ...bounds,
});
const object = (open: boolean, ...fields: FieldShape[]): Shape => ({ kind: "object", open, fields });
const record = (held: Shape): Shape => ({ kind: "record", values: held });

// What the server sends is read by old clients; what clients send, by the new server.
describe.each<[change: string, from: FieldShape[], to: FieldShape[], toClient: Verdict, toServer: Verdict]>([
  ["an optional field is new", absent, optional(text), "safe", "safe"],
  ["a required field is new", absent, required(text), "safe", "breaking"],
  ["a required field is gone", required(text), absent, "breaking", "dangerous"],
  ["an optional field is gone", optional(text), absent, "dangerous", "dangerous"],
  ["an optional field is required now", optional(text), required(text), "safe", "breaking"],
  ["a required field is optional now", required(text), optional(text), "breaking", "safe"],
  ["null is taken now", required(text), required({ kind: "nullable", inner: text }), "breaking", "safe"],
  [
    "a closed enum has a new member",
    required(values(false, "a")),
    required(values(false, "a", "b")),
    "breaking",
    "safe",
  ],
  [
    "an open enum has a new member",
    required(values(true, "a")),
    required(values(true, "a", "b")),
    "dangerous",
    "dangerous",
  ],
  ["a closed enum lost a member", required(values(false, "a", "b")), required(values(false, "a")), "safe", "breaking"],
  ["an integer became a number", required(number(true)), required(number(false)), "breaking", "safe"],
  ["a number became an integer", required(number(false)), required(number(true)), "safe", "breaking"],
  ["bounds became wider", required(number(true, 0, 9)), required(number(true, 0, 10)), "breaking", "safe"],
  ["bounds became tighter", required(number(true, 0, 10)), required(number(true, 0, 9)), "safe", "breaking"],
  [
    "a bound is left out",
    required(between(false, { min: 0 })),
    required(between(false, { above: 0 })),
    "safe",
    "breaking",
  ],
  [
    "a bound that is left out is lower",
    required(between(false, { above: 1, below: 8 })),
    required(between(false, { above: 0, below: 9 })),
    "breaking",
    "safe",
  ],
  [
    "one bound of two is another",
    required(between(false, { above: 0, max: 8 })),
    required(between(false, { above: 0, max: 9 })),
    "breaking",
    "safe",
  ],
  [
    "a bound of integers is said otherwise",
    required(between(true, { above: 0 })),
    required(number(true, 1)),
    "safe",
    "safe",
  ],
  [
    "a bound is gone that another one held",
    required(between(false, { above: 0, min: 1 })),
    required(number(false, 1)),
    "safe",
    "safe",
  ],
  [
    "a bound is gone that another one left out",
    required(between(false, { above: 1, min: 1 })),
    required(between(false, { above: 1 })),
    "safe",
    "safe",
  ],
  ["a text became a number", required(text), required(number(false)), "breaking", "breaking"],
  [
    "a text became a text or a number",
    required(text),
    required({ kind: "either", options: [text, number(false)] }),
    "breaking",
    "safe",
  ],
  ["a pattern is new", required({ kind: "string", max: 9 }), required(matching("^a")), "safe", "breaking"],
  ["a pattern is another", required(matching("^a")), required(matching("^b")), "unjudged", "unjudged"],
  ["a pattern reads capitals too", required(matching("^a")), required(matching("^a", "i")), "unjudged", "unjudged"],
  [
    "a text in a pattern has a bound",
    required({ kind: "string", patterns: [{ source: "^a+$", flags: "" }] }),
    required(matching("^a+$")),
    "safe",
    "unjudged",
  ],
  [
    "a short text became an open enum",
    required({ kind: "string", points: [1, 30] }),
    required(values(true, "a")),
    "safe",
    "safe",
  ],
  [
    "a flag became a constant",
    required({ kind: "boolean" }),
    required({ kind: "literal", values: [true] }),
    "safe",
    "breaking",
  ],
  ["a record holds more", required(record(number(true))), required(record(number(false))), "breaking", "safe"],
  [
    "a record became an object of the same",
    required(record(text)),
    required(object(false, ...optional(text))),
    "dangerous",
    "dangerous",
  ],
  [
    "a record became an object of something else",
    required(record(text)),
    required(object(false, ...optional(number(true)))),
    "breaking",
    "breaking",
  ],
  [
    "a free key has a meaning that takes anything, at a depth that is no longer left to the application",
    required(object(true)),
    required(object(true, ...optional({ kind: "nullable", inner: { kind: "json" } }))),
    "breaking",
    "safe",
  ],
  [
    "a constant is another",
    required({ kind: "literal", values: ["a"] }),
    required({ kind: "literal", values: ["b"] }),
    "breaking",
    "breaking",
  ],
  ["a description is another", required(text), required({ ...text, description: "Other words" }), "safe", "safe"],
])("where %s", (_, from, to, toClient, toServer) => {
  const worst = (one: Verdict, other: Verdict): Verdict => {
    const order: Verdict[] = ["breaking", "unjudged", "dangerous", "safe"];
    return order.find((level) => level === one || level === other) ?? "safe";
  };
  // In the other skew, who was new is old: the same change undone, read the same way.
  const backToClient = judged(to, from, "event");
  const backToServer = judged(to, from, "command");
  const refusesBack = (verdict: Verdict) => (verdict === "dangerous" ? "safe" : verdict);

  it(`is ${toClient} in an event and in an acknowledgement`, () => {
    expect(judged(from, to, "event")).toBe(toClient);
    expect(judged(from, to, "ack")).toBe(toClient);
  });
  it(`is ${toServer} in a command`, () => {
    expect(judged(from, to, "command")).toBe(toServer);
  });
  it("is judged both ways where it outlives a deploy, and where both ways are asked for", () => {
    const event = worst(toClient, refusesBack(backToClient));
    expect(judged(from, to, "recovered")).toBe(event);
    expect(judged(from, to, "event", "both")).toBe(event);
    const command = worst(toServer, refusesBack(backToServer));
    expect(judged(from, to, "queued")).toBe(command);
    expect(judged(from, to, "command", "both")).toBe(command);
  });
});
