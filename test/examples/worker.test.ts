import { afterAll, beforeAll, expect, it } from "vitest";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { Example, type ExampleProcess } from "./example.js";

describeRedis("the example worker", () => {
  let example: Example;
  let redis: RedisProcess;
  let client: ExampleProcess;
  const env: Record<string, string> = {};
  beforeAll(async () => {
    redis = await RedisProcess.start();
    env.REDIS = `redis://127.0.0.1:${redis.port}`;
    example = new Example("worker");
    env.URL = await example.start("start", [], env).url();
    client = example.start("client", ["alice"], env);
    await client.said(/connected/);
  }, 60_000);
  afterAll(async () => {
    await example?.close();
    await redis?.close();
  });

  it("tells players of what it did, through the server that they are connected to", async () => {
    const worker = example.start("worker", ["bob", "alice"], env);
    await worker.said(/told bob, number 1\ntold alice, number 1/);
    expect((await client.said(/^number .*$/m))[0]).toBe("number 1: 10 + 5 SP, now 15");
  });
});
