import { runInNewContext } from "node:vm";
import { checkCommand, checkEvent, defineContract, defineEvent, room } from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import { contract, gullSeen } from "../../fixtures/contract.js";

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
const written = (payload: unknown, name = "ship_loaded") => checkEvent(contract, name, payload, { as: "writer" });
const read = (payload: unknown, name = "ship_loaded") => checkEvent(contract, name, payload, { as: "reader" });
const place = (result: ReturnType<typeof read>) =>
  result.ok ? "accepted" : `${result.error.code} ${result.error.path}: ${result.error.expected} / ${result.error.got}`;

describe("checkEvent", () => {
  it("accepts a filled payload from a writer and hands it to a reader", () => {
    expect(place(written(loaded))).toBe("accepted");
    expect(place(read(loaded))).toBe("accepted");
  });
  it("takes an object of another realm for what it is, and none that inherits", () => {
    expect(place(written(runInNewContext(`(${JSON.stringify(loaded)})`)))).toBe("accepted");
    const heir = Object.assign(Object.create({ isPrototypeOf: () => true }), loaded);
    expect(place(written(heir))).toContain("payload_invalid");
  });
  it("lets a reader live with what a newer writer adds, and refuses it from a writer", () => {
    const newer = { ...loaded, cargo: "rum", flag: "red", note: null };
    expect(place(read(newer))).toBe("accepted");
    expect(place(written({ ...loaded, cargo: "rum" }))).toBe("payload_invalid cargo: one of salt, tea, silk / string");
    expect(place(written({ ...loaded, flag: "red" }))).toBe("payload_invalid flag: no such key / string");
    expect(place(written({ ...loaded, note: null }))).toBe("payload_invalid note: string / null");
  });
  it("judges derivations for a writer only", () => {
    expect(place(written({ ...loaded, before: 4 }))).toBe("payload_invalid before: crates - added / number");
    expect(place(read({ ...loaded, before: 4 }))).toBe("accepted");
  });
  it("refuses __proto__ keys at any depth from either end", () => {
    const hostile = JSON.parse('{"a":{"__proto__":{"admin":true}}}') as object;
    expect(place(read({ ...loaded, manifest: hostile }))).toBe(
      "payload_invalid manifest.a.__proto__: no __proto__ key / object",
    );
    expect(place(read({ ...loaded, extra: hostile }))).toBe(
      "payload_invalid extra.a.__proto__: no __proto__ key / object",
    );
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
  it("takes an unknown variant for an unknown event as a reader", () => {
    expect(place(read({ kind: "telegram" }, "letter_came"))).toBe("unknown_event undefined: undefined / undefined");
    expect(place(written({ kind: "telegram" }, "letter_came"))).toBe(
      "payload_invalid kind: one of text, parcel / string",
    );
    expect(place(read({ kind: 3 }, "letter_came"))).toBe("payload_invalid kind: one of text, parcel / number");
  });
  it("never throws, whatever it is given", () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    for (const value of [undefined, null, 1n, Symbol("x"), () => 1, [], "x", Number.NaN, trap, new Date(), new Map()]) {
      expect(read(value).ok).toBe(false);
      expect(checkCommand(contract, "dock", value, { as: "reader" }).ok).toBe(false);
    }
  });
  it("names event, direction and path in its message, and no value", () => {
    const result = read({ ...loaded, crates: "secret" });
    expect(result.ok || result.error.message).toBe(
      "[@gestaloka/events] ship_loaded (server → client): payload.crates: expected integer, at least 0, got string (docs/errors.md#payload_invalid)",
    );
  });
});

it("gives an event that is spread from another one its own shape", () => {
  const other = defineEvent({
    ...gullSeen,
    name: "crow_seen",
    appName: "crow:seen",
    payload: z.object({ black: z.boolean() }),
    examples: { valid: [{ black: true }], invalid: [{ path: "black", payload: {} }] },
  });
  const contract = defineContract({
    name: "birds",
    version: "1.0.0",
    events: [other],
    commands: [],
    rooms: { quay: room("quay_{quay_id}", {}) },
  });
  expect(checkEvent(contract, "crow_seen", { black: true }, { as: "writer" })).toEqual({ ok: true });
});
