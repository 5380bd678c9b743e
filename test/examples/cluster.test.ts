import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connected, record } from "../support/awaited-client.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { Example } from "./example.js";

describeRedis("the example cluster", () => {
  let example: Example;
  let redis: RedisProcess;
  let url = "";
  const environment = () => ({ REDIS: `redis://127.0.0.1:${redis.port}` });
  beforeAll(async () => {
    redis = await RedisProcess.start();
    example = new Example("cluster");
    url = await example.start("start", [], environment()).url();
  }, 60_000);
  afterAll(async () => {
    await example.close();
    await redis.close();
  });

  it("keeps clients that poll to their node, and joins its nodes and a worker", { timeout: 60_000 }, async () => {
    const clients = ["alice", "bob", "carol"].map((token) =>
      createEventClient(url, { contract, auth: { token }, socket: { transports: ["polling"] } }),
    );
    const heard = clients.map((client) => record(client, "chat:message", "sp:update"));
    const errors = clients.map((client) => record(client, "ws:error"));
    try {
      await Promise.all(clients.map((client) => connected(client, 30_000)));
      await Promise.all(clients.map((client) => client.join(rooms.game("session-1"))));
      for (const client of clients) await client.send("chat_message", { game_session_id: "session-1", message: "Hi" });
      await Promise.all(heard.map((events) => events.atLeast(3, 20_000)));
      const said = (heard[0] as (typeof heard)[0]).payloads("chat:message");
      // Connections were spread, so that not one process has answered all.
      const nodes = new Set(said.map((payload) => /node \d+/.exec((payload as { message: string }).message)?.[0]));
      expect(nodes.size).toBe(2);
      const publishing = example.start("publish", ["bob"], environment());
      await publishing.said(/Published as number 1 of bob/);
      await (heard[1] as (typeof heard)[0]).atLeast(4, 10_000);
      // A loaded primary may hear of a session after its second request, which then goes to another node: once, for the
      // client opens another session. Were sessions not kept, half of all requests would end so.
      for (const told of errors) {
        const codes = told.payloads("ws:error").map((error) => (error as { code: string }).code);
        expect(["", "sticky_session"]).toContain(codes.join());
      }
      expect((heard[1] as (typeof heard)[0]).payloads("sp:update")).toMatchObject([{ current_sp: 150 }]);
    } finally {
      for (const client of clients) client.close();
    }
  });
});
