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
