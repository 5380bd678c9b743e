import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextArena } from "../../../src/delivery/text-arena.js";
import { holds } from "./property.js";

const segmentSize = 256;

const steps = fc.array(
  fc.record({
    do: fc.constantFrom("set", "set", "set", "delete", "delete", "burst", "flush"),
    text: fc.string({ unit: fc.constantFrom("a", "é", "物", "🎲", '"', "\ufeff"), minLength: 1, maxLength: 30 }),
    which: fc.nat(1_000),
  }),
  { maxLength: 250, size: "max" },
);

describe("the text arena", () => {
  it("gives every text back as it was, through reuse and closing up, until it is deleted", () => {
    holds(
      fc.property(steps, (list) => {
        const arena = new TextArena(segmentSize);
        const kept = new Map<number, string>();
        const free: number[] = [];
        let next = 0;
        const set = (text: string) => {
          const number = free.pop() ?? next++;
          expect(arena.set(number, text)).toBe(Buffer.byteLength(text));
          kept.set(number, text);
        };
        const drop = (number: number | undefined) => {
          if (number === undefined) return;
          arena.delete(number);
          kept.delete(number);
          free.push(number);
          expect(arena.get(number)).toBe("");
        };
        for (const { do: what, text, which } of list) {
          if (what === "set") set(text);
          else if (what === "burst")
            for (let count = 0; count < 40; count++) set(`${[...text].slice(-9).join("")}${count}`);
          else if (what === "delete") drop([...kept.keys()][which % (kept.size || 1)]);
          // Every third one, wherever it is: holes in every segment.
          else for (const number of [...kept.keys()]) if (number % 3 === which % 3) drop(number);
        }
        const all = [...kept.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        expect(arena.live).toBeLessThanOrEqual(all);
        for (const [number, text] of kept) expect(arena.get(number)).toBe(text);
      }),
      100,
    );
  });

  it("takes no more memory than 4/3 of the most that was kept, and a few segments, whatever holes there are", () => {
    holds(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 32 }), fc.nat(1_000)), { minLength: 300, maxLength: 600 }),
        (list) => {
          const arena = new TextArena(segmentSize);
          const kept: [number, string][] = [];
          const free: number[] = [];
          let most = 0;
          for (const [step, [length, which]] of list.entries()) {
            const text = String.fromCharCode(97 + (step % 26)).repeat(length);
            const number = free.pop() ?? kept.length;
            arena.set(number, text);
            kept.push([number, text]);
            most = Math.max(most, arena.live);
            expect(arena.allocated).toBeLessThanOrEqual((most * 4) / 3 + 2 * segmentSize);
            if (kept.length <= 60) continue;
            const [gone] = kept.splice(which % kept.length, 1);
            arena.delete(gone?.[0] ?? -1);
            free.push(gone?.[0] ?? -1);
          }
          for (const [number, text] of kept) expect(arena.get(number)).toBe(text);
        },
      ),
      100,
    );
  });

  it("gives the memory of a burst back but for a few segments, and uses it again", () => {
    const arena = new TextArena(segmentSize);
    const burst = () => {
      for (let number = 0; number < 3_000; number++) arena.set(number, `text ${number}`);
      expect(arena.allocated).toBeGreaterThan(9 * segmentSize);
      expect(arena.get(2_999)).toBe("text 2999");
      for (let number = 0; number < 3_000; number++) arena.delete(number);
      expect(arena.live).toBe(0);
      expect(arena.allocated).toBeLessThanOrEqual(9 * segmentSize);
    };
    burst();
    const { segments } = arena as unknown as { segments: unknown[] };
    const { length } = segments;
    burst();
    expect(segments).toHaveLength(length);
  });

  it("needs one segment for what never stays, and closes up none whose memory was given back", () => {
    const arena = new TextArena(segmentSize);
    for (let count = 0; count < 1_000; count++) {
      arena.set(0, `text ${count}`);
      arena.delete(0);
    }
    expect(arena.allocated).toBe(segmentSize);
    for (let number = 0; number < 1_000; number++) arena.set(number, "some text");
    for (let number = 0; number < 1_000; number++) arena.delete(number);
    for (let number = 0; number < 300; number++) arena.set(number, "some text");
    for (let number = 0; number < 300; number += 2) arena.delete(number);
    for (let number = 300; number < 380; number++) arena.set(number, "some text");
    expect((arena as unknown as { large: Map<number, string> }).large.size).toBe(0);
    expect(arena.live).toBe((150 + 80) * 9);
  });

  it("keeps a text larger than a segment, and one that does not fit into what is left of its segment", () => {
    const arena = new TextArena(segmentSize);
    expect(arena.set(0, "物".repeat(10_000))).toBe(30_000);
    for (let number = 3; number < 15; number++) arena.set(number, "x".repeat(21));
    expect(arena.set(1, "物語")).toBe(6);
    expect(arena.set(2, "after")).toBe(5);
    expect([arena.get(0).length, arena.get(1), arena.get(2)]).toEqual([10_000, "物語", "after"]);
    for (const length of [22, 100, segmentSize, segmentSize + 1]) {
      arena.set(15, "物".repeat(length));
      expect(arena.get(15)).toHaveLength(length);
      arena.delete(15);
    }
    expect([arena.live, arena.allocated]).toEqual([12 * 21 + 11, 2 * segmentSize]);
    for (let number = 0; number < 15; number++) arena.delete(number);
    expect([arena.get(0), arena.get(1), arena.get(2), arena.live]).toEqual(["", "", "", 0]);
  });
});
