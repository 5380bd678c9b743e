import {
  checkAck,
  checkCommand,
  checkEvent,
  contract as compiled,
  defineContract,
  defineEvent,
  type EventDefinition,
  room,
  textPattern,
  timestampPattern,
} from "@gestaloka/events";
import { contract as gestaloka } from "@gestaloka/events/schemas";
import { ackPayloads, commandPayloads, eventMatchers, eventPayloads } from "@gestaloka/events/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import { contract as harbours } from "../../examples/own-contract/contract.js";
import type { Contract } from "../../src/contract/contract.js";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { contract as harbour } from "../fixtures/contract.js";
import { contract as kitchen } from "../fixtures/kitchen-sink.js";

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`generated payloads, SEED=${seed}\n`);
const holds = <TCase>(property: fc.IProperty<TCase>) => fc.assert(property, { seed, numRuns: 100 });

// Generated from the schemas, and judged by the checkers that `generate` wrote, where there are any.
const contracts: Record<string, { source: SourceContract; judge: Contract }> = {
  gestaloka: { source: gestaloka as never, judge: compiled as never },
  "the example of an own contract": { source: harbours as never, judge: harbours as never },
  harbour: { source: harbour as never, judge: harbour as never },
  "every kind of schema": { source: kitchen as never, judge: kitchen as never },
};
const as = "writer" as const;

describe.each(Object.entries(contracts))("payloads generated from %s", (name, { source, judge }) => {
  it.each([...source.events.keys()])("of the event %s are what a writer may send, and survive the wire", (event) => {
    holds(
      fc.property(eventPayloads(source, event as never), (payload) => {
        expect(checkEvent(judge, event, payload, { as })).toEqual({ ok: true });
        expect(JSON.parse(JSON.stringify(payload))).toEqual(payload);
      }),
    );
  });

  it.runIf(source.commands.size > 0).each([...source.commands.keys()])(
    "of the command %s and its acknowledgement are what a writer may send",
    (command) => {
      holds(
        fc.property(
          commandPayloads(source, command as never),
          ackPayloads(source, command as never),
          (payload, data) => {
            expect(checkCommand(judge, command, payload, { as })).toEqual({ ok: true });
            expect(checkAck(judge, command, data, { as })).toEqual({ ok: true });
          },
        ),
      );
    },
  );

  it("differ from each other", () => {
    const [event] = source.events.keys();
    const texts = fc
      .sample(eventPayloads(source, event as never), { seed, numRuns: 50 })
      .map((one) => JSON.stringify(one));
    expect(new Set(texts).size, name).toBeGreaterThan(10);
  });
});

describe("a field that is generated", () => {
  const lower = z.string().regex(/^[a-z]+$/);
  const far = 2 ** 51;
  const fields: [what: string, field: z.ZodType, example: unknown][] = [
    ["has a pattern and is not short", lower.min(3).max(20), "abc"],
    ["has a pattern and one length", lower.length(16), "abcdefghijklmnop"],
    ["has a pattern and bounds in code points", lower.regex(textPattern(3, 10)), "abc"],
    [
      "has a pattern that implies the one before it",
      z
        .string()
        .max(20)
        .regex(/^usr_/)
        .regex(/^usr_[0-9]{6}$/),
      "usr_123456",
    ],
    [
      "has a pattern that looks ahead",
      z
        .string()
        .max(9)
        .regex(/^(?!me$)/)
        .regex(/^[a-z]+$/),
      "abc",
    ],
    ["has bounds in both units", z.string().min(5).regex(textPattern(1, 10)), "abcde"],
    ["is a timestamp of tenths", z.string().length(21).regex(timestampPattern), "2026-11-24T05:30:19.2"],
    ["is a timestamp of nanoseconds", z.string().length(30).regex(timestampPattern), "2026-11-24T05:30:19.123456789Z"],
    ["is an integer of microseconds", z.int().min(far), far],
    ["is an integer far below nothing", z.int().max(-far), -far],
    ["is a number just above what sums are exact of", z.number().gt(2 ** 50), far],
    [
      "is a number just below 0",
      z
        .number()
        .gt(-2 * Number.MIN_VALUE)
        .lt(0),
      -Number.MIN_VALUE,
    ],
  ];

  it.each(fields)("is what a writer may send where it %s", (_, field, example) => {
    const measured = defineEvent({
      name: "measured",
      appName: "user:measured",
      audience: "user",
      payload: z.object({ field }),
      lane: "normal",
      recover: false,
      summary: "Something was measured.",
      since: "1.0.0",
      examples: { valid: [{ field: example }], invalid: [{ path: "field", payload: { field: [] } }] },
    } as EventDefinition);
    const contract = defineContract({
      name: "bounds",
      version: "1.0.0",
      events: [measured],
      commands: [],
      rooms: { user: room("user_{user_id}", { enter: "authenticated" }) },
    }) as never as SourceContract;
    holds(
      fc.property(eventPayloads(contract, "measured" as never), (payload) => {
        expect(checkEvent(contract as never as Contract, "measured", payload, { as })).toEqual({ ok: true });
      }),
    );
  });
});

describe("the generators", () => {
  it("cover all 39 definitions of Gestaloka", () => {
    expect(gestaloka.events.size + gestaloka.commands.size).toBe(39);
  });

  it("reach optional fields, members of enums and every option of a choice", () => {
    const some = fc.sample(eventPayloads(gestaloka, "notification"), { seed, numRuns: 300 });
    expect(new Set(some.map(({ type }) => type))).toEqual(
      new Set(["achievement", "friend_request", "system_notification"]),
    );
    const updates = fc.sample(eventPayloads(gestaloka, "sp_update"), { seed, numRuns: 300 });
    expect(updates.some(({ metadata }) => metadata !== undefined)).toBe(true);
    expect(updates.some(({ metadata }) => metadata === undefined)).toBe(true);
    expect(updates.every((one) => one.balance_before === one.current_sp - one.amount_changed)).toBe(true);
  });

  it("know no name that the contract does not have", () => {
    expect(() => eventPayloads(gestaloka as never as SourceContract, "sp_updates" as never)).toThrow("unknown_event");
    expect(() => ackPayloads(gestaloka as never as SourceContract, "sp_update" as never)).toThrow("unknown_command");
  });
});

it("says which contract payloads are generated from, and which one matchers take", () => {
  for (const payloads of [eventPayloads, commandPayloads, ackPayloads])
    for (const wrong of [undefined, compiled])
      expect(() => (payloads as (contract: unknown, name: string) => unknown)(wrong, "sp_update")).toThrow(
        /has no schemas.*#contract_invalid\)$/,
      );
  expect(() => eventMatchers({ default: compiled } as never)).toThrow(/give contract: .*#contract_invalid\)$/);
});
