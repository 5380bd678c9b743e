import { checkCommand, checkEvent } from "@gestaloka/events";
import { contract } from "@gestaloka/events/schemas";
import { describe, expect, it } from "vitest";
import {
  hostilePayloads,
  soundPayloads,
  type WireDefinition,
  wireDefinitions,
} from "../../support/hostile-payloads.js";

const read = ({ direction, name }: WireDefinition, payload: unknown) =>
  (direction === "server_to_client" ? checkEvent : checkCommand)(contract, name, payload, { as: "reader" });

describe("a hostile or broken payload", () => {
  it("is tried on each of the 39 definitions", () => {
    expect(wireDefinitions).toHaveLength(39);
    expect(wireDefinitions.map(({ name }) => name).sort()).toEqual(
      [...contract.events.keys(), ...contract.commands.keys()].sort(),
    );
  });

  it.each(wireDefinitions.map((definition) => [definition.direction, definition.name, definition] as const))(
    "is refused from the other end: %s %s",
    (_direction, _name, definition) => {
      for (const payload of soundPayloads(definition)) expect(read(definition, payload)).toEqual({ ok: true });
      const hostile = hostilePayloads(definition);
      expect(hostile.length).toBeGreaterThan(20);
      const accepted = hostile.filter(({ payload }) => read(definition, payload).ok);
      expect(accepted.map(({ why }) => why)).toEqual([]);
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    },
  );

  it.each(wireDefinitions.map((definition) => [definition.direction, definition.name, definition] as const))(
    "is refused without a word of what it held: %s %s",
    (_direction, _name, definition) => {
      const [sound] = soundPayloads(definition);
      for (const field of Object.keys(sound as object)) {
        const result = read(definition, { ...sound, [field]: [{ secret: "hunter2" }] });
        if (result.ok) continue;
        expect(JSON.stringify({ ...result.error, message: result.error.message })).not.toContain("hunter2");
        expect(result.error.direction).toBe(definition.direction);
        expect(result.error.event).toBe(definition.name);
        expect(result.error.path).toMatch(new RegExp(`^${field}\\b`));
      }
    },
  );

  it("is refused when reading it throws, loops or lies", () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    const trap = new Proxy({}, { ownKeys: () => expect.fail("read"), get: () => expect.fail("read") });
    const getter = {
      get timestamp(): string {
        throw new Error("no");
      },
    };
    for (const definition of wireDefinitions) {
      const [sound] = soundPayloads(definition);
      for (const payload of [trap, getter, loop, Object.assign(Object.create({ inherited: 1 }) as object, sound)])
        expect(read(definition, payload).ok, definition.name).toBe(false);
    }
  });
});
