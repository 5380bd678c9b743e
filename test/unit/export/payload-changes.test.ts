import { expect, it } from "vitest";
import type { FieldShape, ObjectShape, Shape } from "../../../src/contract/shape.js";
import { payloadChanges } from "../../../src/export/diff/payload-changes.js";

it("finds each option of a union beside its like without reading all options for each", () => {
  const options = 200;
  let reads = 0;
  const unionOf = (further: string): Shape => ({
    kind: "choice",
    discriminator: "kind",
    options: Array.from({ length: options }, (_, at): ObjectShape => {
      const fields = [
        { name: "kind", shape: { kind: "literal", values: [`k${at}`] }, optional: false, nullish: false },
        { name: further, shape: { kind: "boolean" }, optional: false, nullish: false },
      ] as const;
      return {
        kind: "object",
        open: false,
        get fields() {
          reads++;
          return fields;
        },
      };
    }),
  });
  const found = payloadChanges({ kind: "event", name: "e" }, unionOf("old"), unionOf("now"));
  expect(found.map(({ rule }) => rule)).toEqual(
    Array.from({ length: options }, () => ["FIELD_ADDED", "FIELD_REMOVED"]).flat(),
  );
  expect(reads).toBeLessThan(30 * options);
});

it("looks into arrays and records", () => {
  const object = (...fields: FieldShape[]): Shape => ({ kind: "object", open: false, fields });
  const field = (name: string, shape: Shape): FieldShape => ({ name, shape, optional: false, nullish: false });
  const changes = (old: Shape, now: Shape) =>
    payloadChanges({ kind: "event", name: "e" }, object(field("held", old)), object(field("held", now)));
  const inner = object(field("new", { kind: "json" }));
  const held = (shape: Shape): Record<string, Shape> => ({
    "held[].new": { kind: "array", items: shape },
    "held.*.new": { kind: "record", values: shape },
  });
  for (const [path, now] of Object.entries(held(inner)))
    expect(changes(held(object())[path] as Shape, now)).toMatchObject([{ rule: "FIELD_ADDED", path }]);
  const [list, record] = Object.values(held(inner)) as [Shape, Shape];
  expect(changes(list, record)).toMatchObject([{ rule: "PAYLOAD_CHANGED" }]);
  expect(changes(record, inner)).toMatchObject([
    { path: "held.*", message: "the free keys of held are gone, and a program may have used them" },
  ]);
  const free = { ...(inner as object), open: true } as Shape;
  expect(payloadChanges({ kind: "event", name: "e" }, free, inner)).toMatchObject([
    { path: "*", message: "the free keys of the payload are gone, and a program may have used them" },
  ]);
});

it("looks into what may be null now, or could be before", () => {
  const field = (name: string): FieldShape => ({ name, shape: { kind: "boolean" }, optional: false, nullish: false });
  const object = (open: boolean, ...names: string[]): Shape => ({ kind: "object", open, fields: names.map(field) });
  const nullable = (inner: Shape): Shape => ({ kind: "nullable", inner });
  const changes = (old: Shape, now: Shape) =>
    payloadChanges({ kind: "event", name: "e" }, old, now).map(({ rule, path }) => `${rule} ${path}`);
  const told = ["FIELD_REMOVED *", "FIELD_ADDED now", "FIELD_REMOVED old"];
  const [old, now] = [object(true, "same", "old"), object(false, "same", "now")];
  expect(changes(old, nullable(now))).toEqual(told);
  expect(changes(nullable(old), now)).toEqual(told);
  expect(changes(nullable(old), nullable(now))).toEqual(told);
  expect(changes(old, nullable(old))).toEqual(["PAYLOAD_CHANGED "]);
});
