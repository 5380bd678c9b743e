import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toBase64url } from "../../../src/delivery/base64url.js";
import { commandIdOf, isCommandId } from "../../../src/delivery/command-id.js";
import { createEpoch, isEpoch } from "../../../src/delivery/epoch.js";
import { holds } from "./property.js";

describe("base64url, epochs and ids", () => {
  it("writes bytes as Node's own base64url does", () => {
    holds(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
      }),
    );
  });

  it("makes 11 characters that are an epoch from any 8 bytes, and the same ones from more", () => {
    holds(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 12 }), (bytes) => {
        const epoch = createEpoch(bytes);
        expect(epoch).toHaveLength(11);
        expect(isEpoch(epoch)).toBe(true);
        expect(createEpoch(bytes.slice(0, 8))).toBe(epoch);
      }),
    );
    expect(() => createEpoch(new Uint8Array(7))).toThrow(RangeError);
  });

  it("takes exactly the canonical spellings of 64 bits for an epoch", () => {
    const characters = fc.string({
      unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=\n"),
      minLength: 10,
      maxLength: 12,
    });
    holds(
      fc.property(characters, (text) => {
        const bytes = Buffer.from(text, "base64url");
        expect(isEpoch(text)).toBe(bytes.length === 8 && bytes.toString("base64url") === text);
      }),
      2_000,
    );
    for (const value of [undefined, null, 1, {}, [], `${createEpoch(new Uint8Array(8))}\n`])
      expect(isEpoch(value)).toBe(false);
  });

  it("reads an id of 1 to 64 plain characters and nothing else, whatever it is given", () => {
    holds(
      fc.property(fc.string({ maxLength: 70, unit: fc.constantFrom(..."aZ09-_ .\n\u0000é") }), (id) => {
        const good = id.length > 0 && id.length <= 64 && [...id].every((character) => "aZ09-_".includes(character));
        expect(isCommandId(id)).toBe(good);
        expect(commandIdOf({ id })).toBe(good ? id : undefined);
      }),
    );
    holds(
      fc.property(fc.anything(), (value) => {
        const id = commandIdOf(value);
        if (id !== undefined) expect((value as { id: unknown }).id).toBe(id);
      }),
    );
  });
});
