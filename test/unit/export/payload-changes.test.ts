import { expect, it } from "vitest";
import type { ObjectShape, Shape } from "../../../src/contract/shape.js";
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
