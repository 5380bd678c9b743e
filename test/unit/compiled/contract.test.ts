import { checkCommand, checkEvent, contract, parseRoom, rooms } from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import { byOption, knownKeys } from "../../../src/compiled/index.js";
import type { SourceContract } from "../../../src/contract/define-contract.js";
import { shapeOf } from "../../../src/contract/define-contract.js";
import { contract as source } from "../../../src/gestaloka/contract.js";
import { compiledPairs } from "../../agree/compiled-pairs.js";
import { samplePayload } from "../../agree/payloads.js";
import { Random } from "../../agree/random.js";

const said = source as unknown as SourceContract;

describe("a compiled contract", () => {
  it("is the same contract: names, lanes, rooms, roles, everything but its checkers", () => {
    const data = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (_, held: unknown) => (held instanceof Map ? [...held] : held)));
    expect(data({ ...contract, definition: undefined })).toEqual(data({ ...said, definition: undefined }));
    expect(contract.commands.get("game_action")?.serial).toBe("room");
  });

  it("names rooms and takes their names apart", () => {
    expect(rooms.game("session-1")).toBe("game_session-1");
    expect(parseRoom("user_u1")).toEqual({ kind: "user", id: "u1" });
    expect(parseRoom("socket_u1")).toBeUndefined();
    expect(() => rooms.user("")).toThrow("room_invalid");
  });

  it("fills the same fields with the same values, and leaves the caller's object alone", async () => {
    const random = new Random(20261124);
    const now = Date.UTC(2026, 10, 24, 5, 30, 19, 7);
    for (const pair of await compiledPairs()) {
      for (const event of pair.source.definition.events) {
        for (let i = 0; i < 50; i++) {
          const input = samplePayload(shapeOf(event), {}, event.name, random, "writer");
          for (const field of Object.keys(event.derive ?? {})) {
            if (random.chance(0.7)) delete input[field];
            else if (random.chance(0.3)) input[field] = undefined;
          }
          if (random.chance(0.2)) delete input[random.pick(Object.keys(input))];
          const given = structuredClone(input);
          const [reference, filled] = [pair.source, pair.compiled].map((one) =>
            one.events.get(event.name)?.fill(input, now),
          );
          expect(filled, event.name).toEqual(reference);
          expect(input).toEqual(given);
          expect(filled).not.toBe(input);
        }
      }
    }
  });

  it("drops the same unknown keys of commands, at any depth", async () => {
    const random = new Random(7);
    for (const pair of await compiledPairs()) {
      for (const command of pair.source.definition.commands) {
        for (let i = 0; i < 50; i++) {
          const payload = samplePayload(shapeOf(command), {}, command.name, random, "reader");
          const [reference, known] = [pair.source, pair.compiled].map((one) =>
            one.commands.get(command.name)?.known(payload),
          );
          expect(known, command.name).toEqual(reference);
          expect(JSON.stringify(known)).toBe(JSON.stringify(reference));
        }
      }
    }
  });

  it("keeps all of an option that is open, whatever it is told by", () => {
    const known = byOption("kind", { closed: knownKeys(["kind"]) });
    for (const kind of ["open", "__proto__", "constructor", "toString", "valueOf"])
      expect(known({ kind, more: 1 })).toEqual({ kind, more: 1 });
    expect(known({ kind: "closed", more: 1 })).toEqual({ kind: "closed" });
  });

  it("explains a refusal of a frozen payload, and of one that holds itself", () => {
    const frozen = Object.freeze({ user_id: "u", timestamp: Object.freeze(["now"]) });
    const refused = checkEvent(contract, "player_joined", frozen, { as: "writer" });
    expect(refused.ok || [refused.error.path, refused.error.got]).toEqual(["timestamp", "array"]);
    const loop: Record<string, unknown> = { timestamp: "2026-11-24T05:30:19Z" };
    loop.user_id = loop;
    loop.more = loop;
    const read = checkEvent(contract, "player_joined", loop, { as: "reader" });
    expect(read.ok || [read.error.path, read.error.got]).toEqual(["user_id", "object"]);
    loop.user_id = "u";
    expect(checkEvent(contract, "player_joined", loop, { as: "reader" }).ok).toBe(true);
    const list = Object.defineProperty([], "__proto__", { value: {}, enumerable: true });
    const listed = checkEvent(contract, "player_joined", list, { as: "reader" });
    expect(listed.ok || [listed.error.path, listed.error.got]).toEqual(["", "array"]);
  });

  it("explains a refusal at no more than the check reads, however much there is to it", () => {
    const text = { game_session_id: "g", action: "x".repeat(2 ** 24) };
    const long = checkCommand(contract, "game_action", text, { as: "reader" });
    expect(long.ok || long.error.path).toBe("action");
    let reads = 0;
    const further = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, 1]));
    const wide = new Proxy(
      { ...further, game_session_id: "g", action: 1 },
      {
        get: (held, name) => {
          if (typeof name === "string") reads++;
          return Reflect.get(held, name);
        },
      },
    );
    const refused = checkCommand(contract, "game_action", wide, { as: "reader" });
    expect(refused.ok || refused.error.path).toBe("action");
    expect(reads).toBeLessThan(20);
  });

  it("is not led astray by what Object.prototype was given", () => {
    const update = { type: "state_update", update: { a: { b: 1 } }, timestamp: "2026-11-24T05:30:19Z" };
    const prototype = Object.prototype as { surprise?: unknown };
    const accepted: boolean[] = [];
    prototype.surprise = () => 1;
    try {
      for (const as of ["writer", "reader"] as const) {
        accepted.push(checkCommand(contract, "game_action", { game_session_id: "g", action: "look" }, { as }).ok);
        accepted.push(checkEvent(contract, "state_update", update, { as }).ok);
      }
    } finally {
      delete prototype.surprise;
    }
    expect(accepted).toEqual([true, true, true, true]);
  });
});
