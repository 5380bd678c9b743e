import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoServer, startGameServer } from "../../examples/demo/game-server.js";
import { missing, play } from "../../examples/demo/scenario.js";

describe("the demo", () => {
  let server: DemoServer;
  beforeAll(async () => {
    server = await startGameServer(0);
  });
  afterAll(() => server.close());

  it("plays its scenario: every event arrives once, in order, with its latency", async () => {
    const log = await play(server, () => undefined);
    expect(missing(log)).toEqual([]);
    expect(log.every(({ latencyMs }) => latencyMs !== undefined)).toBe(true);
    // The same comparison sees an event that is gone, and one that came twice.
    expect(missing(log.slice(1))).toHaveLength(1);
    expect(missing([...log, ...log.slice(-1)])).toHaveLength(1);
  });

  it("books SP before it tells of it, and refuses what is not covered", async () => {
    await server.sp.add("carol", 50, "purchase", "d");
    await server.sp.consume("carol", 30, "exploration", "d");
    await expect(server.sp.consume("carol", 30, "exploration", "d")).rejects.toThrow("d");
    expect(server.sp.balanceOf("carol")).toBe(20);
    await server.sp.recoverDaily("carol");
    expect(server.sp.balanceOf("carol")).toBe(35);
  });
});
