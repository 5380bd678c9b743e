import { createClient } from "redis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { Example, type ExampleProcess } from "./example.js";

describeRedis("the example worker", () => {
  let example: Example;
  let redis: RedisProcess;
  let client: ExampleProcess;
  let jobs: ReturnType<typeof createClient>;
  const env: Record<string, string> = {};
  beforeAll(async () => {
    redis = await RedisProcess.start();
    env.REDIS = `redis://127.0.0.1:${redis.port}`;
    example = new Example("worker");
    env.URL = await example.start("start", [], env).url();
    client = example.start("client", ["alice"], env);
    await client.said(/connected/);
    jobs = createClient({ url: env.REDIS as string });
    await jobs.connect();
  }, 60_000);
  afterAll(async () => {
    await jobs?.close();
    await example?.close();
    await redis?.close();
  });

  it("tells players of what it did, through the server that they are connected to", async () => {
    const worker = example.start("worker", ["bob", "alice"], env);
    await worker.said(/told bob, number 1\ntold alice, number 1/);
    expect((await client.said(/^number .*$/m))[0]).toBe("number 1: 10 + 5 SP, now 15");
  });

  it("relays what jobs in Python wrote into a list, refuses what is not of the contract, and tells a line once", async () => {
    const recovery = {
      success: true,
      recovered_amount: 10,
      subscription_bonus: 0,
      login_bonus: 0,
      consecutive_days: 1,
      balance_after: 25,
    };
    const line = (id: string, room: string, event: string, payload: object) =>
      JSON.stringify([id, room, event, payload]);
    const lines = [
      line("1", "user_alice", "sp_daily_recovery", recovery),
      // As a relay leaves it that was killed before it took the line out.
      line("1", "user_alice", "sp_daily_recovery", recovery),
      line("2", "user_alice", "sp_daily_recovery", { ...recovery, balance_after: "25" }),
      line("3", "nobody", "sp_daily_recovery", recovery),
      line("4", "user_alice", "sp_daily_recovery", { ...recovery, balance_after: 35 }),
    ];
    await jobs.rPush("outbox", lines);
    const relay = example.start("relay", [], env);
    await relay.said(/relaying/);
    await client.said(/now 35/);
    expect(client.output.match(/^number .*/gm)).toEqual([
      "number 1: 10 + 5 SP, now 15",
      "number 2: 10 + 0 SP, now 25",
      "number 3: 10 + 0 SP, now 35",
    ]);
    await relay.said(/payload_invalid.*\n.*unknown_event/);
    await expect.poll(() => jobs.lLen("outbox"), { timeout: 10_000, interval: 5 }).toBe(0);
  });
});
