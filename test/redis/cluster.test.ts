import { createWorkerEmitter } from "@gestaloka/events/redis";
import type { EmitResult } from "@gestaloka/events/server";
import { afterEach, describe, expect, it } from "vitest";
import { contract } from "../fixtures/contract.js";
import { describeRedis } from "../support/describe-redis.js";
import { openHarbour } from "../support/harbour-server.js";
import { openBackend } from "./backends.js";
import { load, loads, until } from "./peers.js";
import { startCluster } from "./redis-cluster.js";

describeRedis("servers over a cluster", () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  it.each(["redis", "ioredis"] as const)(
    "are refused at once what a client of %s for one server does not reach",
    async (client) => {
      const cluster = await startCluster();
      const worker = createWorkerEmitter({ contract, backend: openBackend(client, cluster.port) });
      open.push(cluster, worker);
      const rooms = Array.from({ length: 10 }, (_, at) => worker.to.quay(`q${at}`));
      const results = await Promise.all(rooms.map((room) => room.emit("ship_loaded", load(1))));
      const codes = new Set(results.map((result) => (result.ok ? "taken" : result.error.code)));
      expect(codes).toEqual(new Set(["taken", "backend_unavailable"]));
    },
  );

  describe.each(["a cluster of redis", "a cluster of ioredis"] as const)("with %s", { timeout: 40_000 }, (client) => {
    it("serve every room again once another took the place of one of its servers, which is gone for good", async () => {
      const cluster = await startCluster();
      const worker = createWorkerEmitter({ contract, backend: openBackend(client, cluster.port) });
      open.push(cluster, worker);
      const rooms = Array.from({ length: 20 }, (_, at) => worker.to.quay(`q${at}`));
      const emitToAll = async () => {
        const results = await Promise.all(rooms.map((room) => room.emit("ship_loaded", load(1))));
        return results.filter(({ ok }) => ok).length;
      };
      expect(await emitToAll()).toBe(20);
      const taken = cluster.takeOver();
      await until(async () => (await emitToAll()) < 20);
      await taken;
      await until(async () => (await emitToAll()) === 20);
    });

    it("keep the order of emits that nobody waited for while their room goes to another of its servers", async () => {
      const cluster = await startCluster();
      const [one, other] = await Promise.all(
        [0, 1].map(() => openHarbour({ backend: openBackend(client, cluster.port) })),
      );
      if (!one || !other) throw new Error("no servers");
      open.push(cluster, one, other);
      const ada = other.announced("ada");
      await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
      const emits: Promise<EmitResult>[] = [];
      const emit = () => emits.push(one.server.to.quay("q1").emit("ship_loaded", load(emits.length)));
      const flow = setInterval(() => [0, 1, 2].forEach(emit), 1);
      for (let moves = 0; moves < 4; moves++) {
        await until(() => emits.length > 50 * moves);
        await cluster.moveSlot("gestaloka:{quay_q1}:log");
      }
      clearInterval(flow);
      const results = await Promise.all(emits);
      await until(async () => (await one.server.to.quay("q1").emit("ship_loaded", load(emits.length))).ok);
      await until(() => loads(ada).some(([, crates]) => crates === emits.length));
      const given = loads(ada);
      const crates = given.map(([, each]) => each);
      expect(crates).toEqual([...new Set(crates)].sort((a, b) => a - b));
      expect(crates.filter((each) => results[each]?.ok === false)).toEqual([]);
      // With each move an epoch begins, and only what was last in the one before may not have come.
      expect(given.filter(([seq], at) => seq !== 1 && seq !== (given[at - 1]?.[0] ?? 0) + 1)).toEqual([]);
      const codes = new Set(results.map((result) => (result.ok ? "taken" : result.error.code)));
      expect(codes).not.toContain("log_unknown");
    });
  });
});
