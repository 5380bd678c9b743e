import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoServer, startGameServer } from "../../examples/demo/game-server.js";
import { servePage } from "../../examples/demo/page-server.js";
import { missing, play } from "../../examples/demo/scenario.js";

describe("the demo", () => {
  let server: DemoServer;
  beforeAll(async () => {
    server = await startGameServer(0, await servePage());
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

  it("serves its page with a policy that forbids eval, and its buttons", async () => {
    const page = await fetch(server.url);
    expect(page.headers.get("content-security-policy")).not.toContain("unsafe-eval");
    expect(await page.text()).toContain("Events as they arrive");
    const script = await (await fetch(`${server.url}/page.js`)).text();
    expect(script).not.toMatch(/new Function|\beval\(/);
    const before = server.sp.balanceOf("dan");
    expect((await fetch(`${server.url}/add?player=dan`, { method: "POST" })).status).toBe(204);
    expect(server.sp.balanceOf("dan")).toBe(before + 50);
  });
});
