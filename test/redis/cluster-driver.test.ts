import { createCluster } from "redis";
import { expect, it, onTestFinished } from "vitest";
import { NodeRedisClusterDriver } from "../../src/redis/node-redis-cluster-driver.js";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { until } from "./peers.js";

describeRedis("a driver of a node-redis cluster", () => {
  it("leaves no connection behind of those that were closed while the cluster was away", async () => {
    const redis = await RedisProcess.start("--cluster-enabled", "yes");
    onTestFinished(() => redis.close());
    await redis.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await redis.kill();
    const told: string[] = [];
    const driver = new NodeRedisClusterDriver(
      createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${redis.port}` }] }) as never,
    );
    let failures = 0;
    const events = {
      ready: () => told.push("ready"),
      listening: () => told.push("listening"),
      forgotten() {},
      message() {},
      error: () => failures++,
    };
    const fails = () => {
      const before = failures;
      return until(() => failures > before);
    };
    for (let times = 0; times < 3; times++) {
      driver.open(events);
      driver.listen();
      await fails();
      driver.close();
    }
    driver.open(events);
    driver.listen();
    await redis.start();
    await until(() => told.includes("ready") && told.includes("listening"));
    await until(async () => (await redis.command("CLUSTER", "INFO")).includes("cluster_state:ok"));
    expect(await driver.send("key", ["SET", "key", "1"])).toBe("OK");
    expect([...told].sort()).toEqual(["listening", "ready"]);
    driver.close();
    // Only the one that asks.
    await until(async () => (await redis.command("CLIENT", "LIST")).match(/\bid=/g)?.length === 1);
  });
});
