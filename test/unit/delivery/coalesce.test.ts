import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { mergePayloads, type WaitingEvent, WaitingEvents } from "../../../src/delivery/coalesce.js";
import { holds } from "./property.js";

type Json = { [key: string]: unknown };

// What one would write without caring for cost: the law that the waiting list is held to.
function mergeTwo(older: Json, newer: Json, field: string): Json {
  if (!(field in newer)) return field in older ? { ...newer, [field]: older[field] } : newer;
  const [one, two] = [older[field], newer[field]];
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject(one) && isObject(two) ? { ...newer, [field]: { ...(one as Json), ...(two as Json) } } : newer;
}

const partial = fc.dictionary(fc.constantFrom("hp", "mp", "gold"), fc.oneof(fc.nat(9), fc.constant({ deep: 1 })));
const mergeable = fc.record(
  { update: fc.oneof(partial, partial, partial, fc.constant(null), fc.constant([1])), at: fc.nat(9) },
  { requiredKeys: [], noNullPrototype: true },
);

describe("merging payloads", () => {
  it("gives the last payload with the field's keys of all, the later ones winning", () => {
    holds(
      fc.property(fc.array(mergeable, { minLength: 1, maxLength: 12 }), (list) => {
        const expected = (list as Json[]).reduce((older, newer) => mergeTwo(older, newer, "update"));
        const texts = list.map((payload) => JSON.stringify(payload));
        expect(JSON.parse(mergePayloads(texts, "update"))).toEqual(expected);
      }),
    );
  });
});

const drafted = fc.array(
  fc.record({
    name: fc.constantFrom("status", "state"),
    how: fc.constantFrom("latest", "latest", "merge", "none"),
    key: fc.constantFrom("1", "2"),
    payload: mergeable,
    after: fc.nat(20),
  }),
  { maxLength: 200 },
);

function waitingOf(name: string, how: string, key: string, payload: unknown, ticket: number): WaitingEvent<number> {
  return {
    emission: {
      // A name coalesces in one way only, as its declaration says.
      name: `"${name}_${how}"`,
      payload: JSON.stringify(payload),
      lane: "normal",
      key: how === "latest" ? key : undefined,
    },
    recover: true,
    merge: how === "merge" ? "update" : undefined,
    tickets: [ticket],
  };
}

describe("waiting events", () => {
  it("leave in the order of their first emits, each with all its tickets and the payload that these make", () => {
    holds(
      fc.property(drafted, (drafts) => {
        const waiting = new WaitingEvents<number>(50, Number.POSITIVE_INFINITY);
        const expected: { identity: string; payload: unknown; tickets: number[] }[] = [];
        drafts.forEach(({ name, how, key, payload }, ticket) => {
          const event = waitingOf(name, how, key, payload, ticket);
          const identity = how === "none" ? `alone ${ticket}` : `${event.emission.name} ${event.emission.key}`;
          const like = expected.find((other) => other.identity === identity);
          expect(waiting.add(event, 0)).toBe(like !== undefined);
          if (!like) expected.push({ identity, payload, tickets: [ticket] });
          else {
            like.payload = how === "merge" ? mergeTwo(like.payload as Json, payload as Json, "update") : payload;
            like.tickets.push(ticket);
          }
        });
        expect(waiting.size).toBe(expected.length);
        const taken = waiting
          .take()
          .map(({ emission, tickets }) => ({ payload: JSON.parse(emission.payload) as unknown, tickets }));
        expect(taken).toEqual(expected.map(({ payload, tickets }) => ({ payload, tickets })));
        expect(waiting.take()).toEqual([]);
        expect(waiting.size).toBe(0);
      }),
    );
  });

  it("wait from the first emit for so long, or until so many wait, whatever merges in meanwhile", () => {
    holds(
      fc.property(drafted, fc.integer({ min: 1, max: 10 }), (drafts, maxCount) => {
        const waiting = new WaitingEvents<number>(50, maxCount);
        let now = 0;
        let first = 0;
        for (const [ticket, { name, how, key, payload, after }] of drafts.entries()) {
          now += after;
          if (waiting.size === 0) first = now;
          waiting.add(waitingOf(name, how, key, payload, ticket), now);
          expect(waiting.dueAt).toBe(waiting.size >= maxCount ? Number.NEGATIVE_INFINITY : first + 50);
          if (now >= waiting.dueAt) {
            waiting.take();
            expect(waiting.dueAt).toBe(Number.POSITIVE_INFINITY);
          }
        }
      }),
    );
  });

  it("do not mix up names and keys that read alike when put together", () => {
    const waiting = new WaitingEvents<number>(50, 100);
    const add = (name: string, key: string) =>
      waiting.add(
        { emission: { name, payload: "{}", lane: "normal", key }, recover: true, merge: undefined, tickets: [] },
        0,
      );
    add('"a"', '"b" "c"');
    expect(add('"a\\" \\"b"', '"c"')).toBe(false);
    expect(add('"a"', '"b"')).toBe(false);
    expect(add('"a"', '"b" "c"')).toBe(true);
  });

  it("hold a merge of any length in bounded memory, with the same outcome", () => {
    const waiting = new WaitingEvents<number>(50, 100);
    for (let ticket = 0; ticket < 5_000; ticket++)
      waiting.add(waitingOf("state", "merge", "", { update: { [`key${ticket % 7}`]: ticket } }, ticket), 0);
    const held = JSON.stringify([...(waiting as unknown as { unmerged: Map<unknown, string[]> }).unmerged.values()]);
    expect(held.length).toBeLessThan(10_000);
    const [event] = waiting.take();
    expect((waiting as unknown as { unmerged: Map<unknown, unknown> }).unmerged.size).toBe(0);
    expect(JSON.parse(event?.emission.payload ?? "")).toEqual({
      update: { key0: 4998, key1: 4999, key2: 4993, key3: 4994, key4: 4995, key5: 4996, key6: 4997 },
    });
    expect(event?.tickets).toHaveLength(5_000);
  });

  it("cost a merge of many keys what their text costs, and not its square", () => {
    const waiting = new WaitingEvents<number>(50, 100);
    const parse = vi.spyOn(JSON, "parse");
    const emits = 10_000;
    for (let ticket = 0; ticket < emits; ticket++)
      waiting.add(waitingOf("state", "merge", "", { update: { [`key${ticket}`]: ticket } }, ticket), 0);
    const [event] = waiting.take();
    const payload = event?.emission.payload ?? "";
    const read = parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    parse.mockRestore();
    expect(Object.keys((JSON.parse(payload) as { update: object }).update)).toHaveLength(emits);
    expect(read).toBeLessThan(8 * payload.length);
  });
});
