import { contract as gestaloka } from "@gestaloka/events";
import { createWorkerEmitter, GameEventEmitter } from "@gestaloka/events/redis";
import { memoryBackend, memoryMetrics } from "@gestaloka/events/server";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { describeRedis } from "../support/describe-redis.js";
import { FaultProxy } from "../support/fault-proxy.js";
import { openHarbour } from "../support/harbour-server.js";
import { RedisProcess } from "../support/redis-process.js";
import { openBackend } from "./backends.js";
import { consecutive, load, loads, until } from "./peers.js";

describeRedis("a worker", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());

  it("emits to the members of servers elsewhere, checked and numbered as theirs", async () => {
    const harbour = await openHarbour({ backend: openBackend("redis", redis.port) });
    const refused: unknown[] = [];
    const worker = createWorkerEmitter({
      contract,
      backend: openBackend("ioredis", redis.port),
      onError: (error) => refused.push(error),
    });
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    expect(await worker.to.quay("q1").emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    expect(await harbour.server.to.quay("q1").emit("ship_loaded", load(2))).toEqual({ ok: true, seq: 2 });
    const wrong = await worker.to.quay("q1").emit("ship_loaded", { ...load(3), crates: -1 });
    expect(wrong).toMatchObject({ ok: false, error: { code: "payload_invalid", path: "crates" } });
    expect(refused).toHaveLength(1);
    void worker.to.quay("q1").emit("ship_loaded", load(3));
    await worker.close();
    await until(() => loads(ada).length === 3);
    expect(loads(ada)).toEqual(consecutive(3));
    await harbour.close();
  });

  it("emits before it is connected, in order, and through the emitter classes", async () => {
    const worker = createWorkerEmitter({ contract: gestaloka, backend: openBackend("redis", redis.port) });
    const games = new GameEventEmitter(worker);
    const emitted = await Promise.all(
      [1, 2, 3].map((turn) =>
        games.emitNarrativeUpdate("g1", { narrative_type: "general", narrative: `Turn ${turn}` }),
      ),
    );
    expect(emitted.map((result) => (result.ok ? result.seq : result.error))).toEqual([1, 2, 3]);
    await worker.close();
  });

  it.each(["redis", "ioredis"] as const)("is told why Redis is not to be reached, over %s", async (client) => {
    const gone = await RedisProcess.start();
    await gone.kill();
    const told: unknown[] = [];
    const worker = createWorkerEmitter({
      contract,
      backend: openBackend(client, gone.port, { timeoutMs: 500 }),
      onError: (error) => told.push(error),
    });
    onTestFinished(async () => {
      await worker.close();
      await gone.close();
    });
    const error = expect.objectContaining({
      code: "backend_unavailable",
      message: expect.stringContaining("ECONNREFUSED"),
      cause: expect.any(Error),
    });
    // It waits for the first connection.
    expect(await worker.to.quay("q1").emit("ship_loaded", load(1))).toEqual({ ok: false, error });
    expect(told[0]).toEqual(error);
  });

  it("goes over to the server that took over, though the one before still answers", async () => {
    const [former, next] = [await RedisProcess.start(), await RedisProcess.start()];
    const line = await FaultProxy.start(former.port);
    const worker = createWorkerEmitter({ contract, backend: openBackend("redis", line.port) });
    onTestFinished(async () => {
      vi.restoreAllMocks();
      await worker.close();
      await Promise.all([former, next, line].map((each) => each.close()));
    });
    const quay = worker.to.quay("q1");
    expect(await quay.emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    line.targetPort = next.port;
    await former.command("REPLICAOF", "127.0.0.1", String(next.port));
    expect(await quay.emit("ship_loaded", load(2))).toMatchObject({ error: { code: "backend_unavailable" } });
    // Time passes in which it takes nothing.
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + 10_000);
    await until(async () => (await quay.emit("ship_loaded", load(3))).ok);
    expect(await next.command("HGET", "gestaloka:{quay_q1}:head", "n")).toContain("1");
  });

  it.each(["redis", "ioredis"] as const)(
    "is told at once that an answer was lost as a connection was cut, over %s, and nothing is written twice",
    async (client) => {
      const line = await FaultProxy.start(redis.port);
      // Nobody is given up for silence meanwhile.
      const worker = createWorkerEmitter({ contract, backend: openBackend(client, line.port, { timeoutMs: 60_000 }) });
      onTestFinished(async () => {
        await line.close();
        await worker.close();
      });
      const quay = worker.to.quay(`cut ${client}`);
      expect(await quay.emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
      line.set({ toClient: { mode: "blackhole" } });
      const emitted = quay.emit("ship_loaded", load(2));
      await until(async () => (await redis.command("HGET", `gestaloka:{quay_cut ${client}}:head`, "n")).includes("2"));
      line.cut();
      line.clear();
      expect(await emitted).toMatchObject({ error: { code: "log_unknown" } });
      await until(async () => (await quay.emit("ship_loaded", load(3))).ok);
      expect(await quay.emit("ship_loaded", load(4))).toEqual({ ok: true, seq: 4 });
    },
  );

  it("refuses at once what is emitted after it was closed, and takes it again over a backend that is opened again", async () => {
    const backend = openBackend("redis", redis.port);
    const worker = createWorkerEmitter({ contract, backend });
    expect(await worker.to.quay("closed").emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    await worker.close();
    // Whatever waits for Redis is given up after 2 s.
    const late = new Promise((resolve) => setTimeout(resolve, 1_000, "waits"));
    const emitted = worker.to.quay("closed").emit("ship_loaded", load(2));
    expect(await Promise.race([emitted, late])).toMatchObject({ error: { code: "backend_unavailable" } });
    const next = createWorkerEmitter({ contract, backend });
    expect(await next.to.quay("closed").emit("ship_loaded", load(3))).toEqual({ ok: true, seq: 2 });
    await next.close();
  });

  it("takes over a backend as the one before lets go of it, and nothing of either is lost", async () => {
    const backend = openBackend("redis", redis.port);
    const worker = createWorkerEmitter({ contract, backend });
    await worker.to.quay("handed on").emit("ship_loaded", load(1));
    const last = worker.to.quay("handed on").emit("ship_loaded", load(2));
    const closed = worker.close();
    await last;
    const next = createWorkerEmitter({ contract, backend });
    expect(await next.to.quay("handed on").emit("ship_loaded", load(3))).toEqual({ ok: true, seq: 3 });
    await closed;
    const harbour = await openHarbour({ backend });
    expect(await harbour.announced("ada").socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({
      ok: true,
    });
    await Promise.all([next.close(), harbour.close()]);
  });

  it("tells its sink the last counts as it closes, and lets go of one that is read", async () => {
    const told: unknown[] = [];
    const count = (...counted: unknown[]) => void told.push(counted);
    const detach = vi.fn();
    for (const attach of [undefined, () => detach]) {
      const metrics = { count, ...(attach && { attach }) };
      const worker = createWorkerEmitter({ contract, backend: openBackend("redis", redis.port), metrics });
      expect(await worker.to.quay("counted").emit("ship_loaded", load(1))).toMatchObject({ ok: true });
      await worker.close();
    }
    expect(told).toEqual(Array(2).fill(["emitted", 1, "ship_loaded", "critical"]));
    expect(detach).toHaveBeenCalledOnce();
  });

  it("appends what waits for its like as it closes", async () => {
    const worker = createWorkerEmitter({ contract, backend: openBackend("redis", redis.port) });
    const turned = worker.to.quay("turned").emit("tide_turned", { level: 1 });
    await worker.close();
    expect(await turned).toEqual({ ok: true, seq: 1 });
  });

  it("tells of a backend that does not open, at once or later, and lets go of it after that", async () => {
    const fail = () => {
      throw new Error("away");
    };
    for (const open of [fail, () => new Promise<void>(setImmediate).then(fail)]) {
      const told: unknown[] = [];
      const backend = Object.assign(memoryBackend(), { open, close: () => void told.push("closed") });
      const onError = (error: unknown, context: object) => told.push(error, context);
      await createWorkerEmitter({ contract, backend, onError }).close();
      expect(told).toEqual([new Error("away"), { during: "backend" }, "closed"]);
    }
  });

  it("tells the last counts also where its backend does not let it go", async () => {
    const metrics = memoryMetrics();
    const backend = Object.assign(memoryBackend(), { close: () => Promise.reject(new Error("stays")) });
    const detach = vi.fn();
    const worker = createWorkerEmitter({ contract, backend, metrics: { ...metrics, attach: () => detach } });
    await worker.to.quay("counted").emit("ship_loaded", load(1));
    await expect(worker.close()).rejects.toThrow("stays");
    expect(metrics.snapshot().total("emitted", "ship_loaded")).toBe(1);
    expect(detach).toHaveBeenCalledOnce();
  });

  it("leaves a backend that it shares once, however often it is closed, as a server does", async () => {
    const backend = openBackend("redis", redis.port);
    const [harbour, other] = [await openHarbour({ backend }), await openHarbour({ backend })];
    const worker = createWorkerEmitter({ contract, backend });
    await Promise.all([other.server.close(), other.server.close(), worker.close(), worker.close()]);
    expect(await harbour.server.to.quay("shared").emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    await Promise.all([harbour.close(), other.close()]);
  });
});
