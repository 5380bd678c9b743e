import { CommandError, CommandRefusal, ContractError, checkEvent, errorCodes } from "@gestaloka/events";
import { describe, expect, it, vi } from "vitest";
import { contract } from "../../fixtures/contract.js";

async function secondCopy(): Promise<typeof import("@gestaloka/events")> {
  vi.resetModules();
  return import("@gestaloka/events");
}

const isOf = (value: unknown, kind: unknown) => value instanceof (kind as typeof Error);

describe("errors", () => {
  it("know each other across two copies of the package, and nothing else", async () => {
    const other = await secondCopy();
    expect(other.ContractError).not.toBe(ContractError);
    const mine = [
      new ContractError("payload_invalid", "x"),
      new CommandError("expired"),
      new CommandRefusal("full"),
    ] as const;
    const theirs = [
      new other.ContractError("payload_invalid", "x"),
      new other.CommandError("expired"),
      new other.CommandRefusal("full"),
    ] as const;
    const classes = [ContractError, CommandError, CommandRefusal] as const;
    const theirClasses = [other.ContractError, other.CommandError, other.CommandRefusal] as const;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        expect(isOf(theirs[i], classes[j])).toBe(i === j);
        expect(isOf(mine[i], theirClasses[j])).toBe(i === j);
      }
    for (const value of [new Error("x"), { name: "ContractError", code: "payload_invalid" }, null, undefined, "x", 1])
      for (const each of classes) expect(isOf(value, each)).toBe(false);
    for (const error of [...mine, ...theirs]) expect(error).toBeInstanceOf(Error);
  });

  it("carry what they know, and print no mark of their own", () => {
    const error = new ContractError("payload_invalid", "payload.a: expected string, got number", {
      event: "ship_loaded",
      direction: "client_to_server",
      issue: { path: "a", expected: "string", got: "number" },
      cause: new Error("why"),
    });
    expect(error).toMatchObject({
      name: "ContractError",
      code: "payload_invalid",
      event: "ship_loaded",
      direction: "client_to_server",
      path: "a",
      expected: "string",
      got: "number",
    });
    expect(error.message).toBe(
      "[@gestaloka/events] ship_loaded (client → server): payload.a: expected string, got number (docs/errors.md#payload_invalid)",
    );
    expect((error.cause as Error).message).toBe("why");
    expect(Object.keys(error).some((key) => key.includes("gestaloka"))).toBe(false);
    expect(new ContractError("room_invalid", "no").message).toBe(
      "[@gestaloka/events] no (docs/errors.md#room_invalid)",
    );
    expect(new ContractError("room_invalid", "no")).not.toHaveProperty("cause");
  });

  it("of commands say which command, where and when again", () => {
    const error = new CommandError("rate_limited", {
      command: "load_ship",
      commandId: "c1",
      path: "crates",
      retryAfterMs: 500,
    });
    expect(error).toMatchObject({
      name: "CommandError",
      code: "rate_limited",
      command: "load_ship",
      commandId: "c1",
      path: "crates",
      retryAfterMs: 500,
    });
    expect(error.message).toBe(
      "[@gestaloka/events] load_ship (client → server): rate_limited at payload.crates (docs/errors.md#rate_limited)",
    );
    expect(new CommandError("offline").message).toContain("command (client → server): offline");
    expect(new CommandRefusal("ship_full", { retryAfterMs: 10 })).toMatchObject({
      name: "CommandRefusal",
      code: "ship_full",
      retryAfterMs: 10,
    });
  });

  it("have codes in snake_case, each once", () => {
    expect(new Set(errorCodes).size).toBe(errorCodes.length);
    for (const code of errorCodes) expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  it("of payloads at the root, in a list and under a stranger's key stay on one line", () => {
    const message = (payload: unknown) => {
      const result = checkEvent(contract, "ship_loaded", payload, { as: "writer" });
      return result.ok ? "accepted" : result.error.message;
    };
    const sound = {
      type: "ship_loaded",
      ship_id: "s",
      cargo: "salt",
      crates: 1,
      before: 0,
      added: 1,
      manifest: {},
      timestamp: "2026-11-24T05:30:19",
    };
    expect(message([])).toContain("payload: expected object, got array");
    expect(message({ ...sound, 'a"\n\u2028b': 1 })).toContain('payload["a\\"\\n?b"]: expected no such key, got number');
    expect(message({ ...sound, ["k".repeat(500)]: 1 }).length).toBeLessThan(250);
    expect(message({ ...sound, manifest: { "a b": [1, { c: undefined }] } })).toContain(
      'payload.manifest["a b"][1].c: expected plain JSON, got missing',
    );
    const named = checkEvent(contract, `ship\n${"x".repeat(500)}`, {}, { as: "reader" });
    expect(named.ok ? "" : named.error.message).toMatch(/^\[@gestaloka\/events\] ship\\nx{59} \(server → client\): /);
  });
});
