import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LoggedRoom } from "../../../src/delivery/logged-room.js";
import { RoomIndex } from "../../../src/delivery/room-index.js";
import { holds } from "./property.js";

const steps = fc.array(
  fc.record({ add: fc.boolean(), name: fc.integer({ min: 0, max: 120 }).map((number) => `game_${number}`) }),
  { size: "max", maxLength: 1_000 },
);

describe("the index of rooms", () => {
  it("finds what a map of names finds, whatever was added and deleted", () => {
    holds(
      fc.property(fc.integer(), steps, (seed, taken) => {
        const index = new RoomIndex(seed);
        const map = new Map<string, LoggedRoom>();
        for (const { add, name } of taken) {
          const known = map.get(name);
          expect(index.get(name)).toBe(known);
          if (add && !known) {
            const room = new LoggedRoom(name, "", 0);
            index.add(room);
            map.set(name, room);
          } else if (!add && known) {
            index.delete(known);
            map.delete(name);
          }
          expect(index.size).toBe(map.size);
        }
        for (const [name, room] of map) expect(index.get(name)).toBe(room);
      }),
      60,
    );
  });

  it("puts names that differ in their last letters alone in places of their own", () => {
    const index = new RoomIndex(1);
    const rooms = Array.from({ length: 100_000 }, (_, number) => new LoggedRoom(`user_${number}`, "", 0));
    for (const room of rooms) index.add(room);
    expect(new Set(rooms.map(({ hash }) => hash)).size).toBeGreaterThan(99_900);
    // Of 131,072 places drawn at random 100,000 rooms would have taken 69,960.
    expect(new Set(rooms.map(({ hash }) => hash & 0x1_ffff)).size).toBeGreaterThan(69_000);
  });
});
