import { describe, expect, it } from "vitest";
import { chaos } from "../support/chaos-run.js";

const seed = String(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

describe("a storm of 200 cuts", () => {
  it("loses nothing, doubles nothing, and tells of everything that it could not recover", {
    timeout: 300_000,
  }, async () => {
    console.info(`storm, SEED=${seed}`);
    const { figures, code, story } = await chaos("--cuts", "200", "--events", "20000", "--seed", seed);
    expect(figures, story).toMatchObject({
      complete: true,
      settled: true,
      published: 20_000,
      cuts: 200,
      kills: 1,
      freezes: 2,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      falseRecovered: 0,
      coalescedWrong: 0,
      commandsLost: 0,
      commandsDuplicated: 0,
      commandsReordered: 0,
      emitsFailed: 0,
    });
    expect(figures.lowAddressed, story).toBeGreaterThan(0);
    expect(figures.lowDropped, story).toBe(figures.lowDroppedCounted);
    // What was addressed: how much of it, and how many clients, come back before the log is gone is the machine's speed.
    expect((figures.handled as number) + (figures.missedWithResync as number), story).toBeGreaterThan(120_000);
    expect(figures.handled, story).toBeGreaterThan(20_000);
    expect(figures.commands, story).toBeGreaterThan(500);
    expect(figures.recoveries, story).toBeGreaterThan(10);
    // Every room of every client stood in a log that the killed server took with it.
    expect((figures.resyncs as Record<string, number>).epoch_changed, story).toBeGreaterThan(100);
    expect(code, story).toBe(0);
  });
});
