import { createEventClient, deliveryReport } from "@gestaloka/events/client";
import { openTelemetryMetrics } from "@gestaloka/events/opentelemetry";
import { memoryBackend, memoryMetrics } from "@gestaloka/events/server";
import { afterEach, expect, it } from "vitest";
import { contract } from "../fixtures/contract.js";
import { distantBackend } from "../support/distant-backend.js";
import { type Harbour, once, openHarbour } from "../support/harbour-server.js";

let harbour: Harbour;
const opened: { close(): void }[] = [];
afterEach(async () => {
  for (const client of opened.splice(0)) client.close();
  await harbour.close();
});

const load = { ship_id: "s1", cargo: "salt", crates: 1, added: 0, manifest: {} } as const;

async function enterQuay(userId: string, report = deliveryReport) {
  const client = createEventClient(harbour.url, {
    contract,
    auth: { token: userId },
    report,
    headsIntervalMs: 600,
  });
  opened.push(client);
  await client.join("quay_q1");
  return client;
}

it("counts what is emitted, delivered and refused by event, and knows who is connected", async () => {
  const metrics = memoryMetrics();
  harbour = await openHarbour({ metrics });
  harbour.server.handle("whistle", () => {});
  const client = await enterQuay("ada");
  await enterQuay("bob");
  const quay = harbour.server.to.quay("q1");
  await quay.emit("ship_loaded", load);
  await quay.emit("ship_loaded", load);
  await quay.emit("ship_loaded", { ...load, crates: "5" } as never);
  const levels = [quay.emit("tide_turned", { level: 1 }), quay.emit("tide_turned", { level: 2 })];
  expect(metrics.snapshot().gauges).toMatchObject({ connections: 2, rooms: 3, events_waiting: 1 });
  await Promise.all(levels);
  await client.send("whistle", { quay_id: "q1", tune: "la" });
  const { total, histograms } = metrics.snapshot();
  expect(total("connects")).toBe(2);
  expect(total("joins")).toBe(2);
  expect(total("emitted", "ship_loaded", "critical")).toBe(2);
  expect(total("delivered", "ship_loaded", "critical")).toBe(4);
  expect([total("emitted", "welcomed"), total("delivered", "welcomed")]).toEqual([2, 2]);
  expect(total("refused", "ship_loaded", "payload_invalid")).toBe(1);
  expect(total("emitted", "tide_turned")).toBe(2);
  expect(total("coalesced", "tide_turned", "normal")).toBe(1);
  expect(total("commands", "whistle")).toBe(1);
  expect(histograms).toMatchObject([{ histogram: "handler", event: "whistle", count: 1 }]);
  await harbour.close();
  expect(metrics.snapshot().gauges).toMatchObject({ connections: 0, rooms: 0, events_waiting: 0 });
});

it("counts who is refused as late as that can be, and who is closed, and tells the log", async () => {
  const metrics = memoryMetrics();
  const logged: unknown[] = [];
  const warn = ({ code }: object & { code?: unknown }, message: string) => logged.push([code, message]);
  const logger = { debug() {}, info() {}, warn, error() {} };
  harbour = await openHarbour({ metrics, logger, limits: { connectionsPerUser: 1, invalidFrames: 1 } });
  const passes: (() => void)[] = [];
  harbour.io.use((_socket, next) => void passes.push(next));
  const peers = [harbour.announced("ada"), harbour.announced("ada")];
  await expect.poll(() => passes).toHaveLength(2);
  for (const pass of passes) pass();
  await Promise.race(peers.map(({ socket }) => once(socket, "disconnect")));
  const [ada] = peers.filter(({ socket }) => socket.connected);
  for (let count = 0; count < 2; count++) ada?.socket.emit("nope");
  await once(ada?.socket as never, "disconnect");
  expect(ada?.events.map(([name]) => name)).toEqual(["$hello", "welcomed", "$bye"]);
  const { total } = metrics.snapshot();
  expect([total("rejected", "", "rate_limited"), total("rejected", "", "invalid_frames")]).toEqual([1, 1]);
  expect(logged).toEqual([
    ["rate_limited", "connection refused"],
    ["invalid_frames", "connection closed"],
  ]);
});

it("counts what goes to one connection, what waited for its batch, and what was not taken, under names of the contract", async () => {
  const metrics = memoryMetrics();
  const { backend, fail } = distantBackend(memoryBackend());
  harbour = await openHarbour({ metrics, backend });
  const peer = harbour.announced("ada");
  await peer.got("welcomed");
  const { total } = metrics.snapshot();
  const greeted = total("emitted", "docked");
  const { to } = harbour.server;
  await to.socket(peer.socket.id as string).emit("docked", { quay_id: "q1" });
  await to.socket(peer.socket.id as string).emit("docked", { quay_id: 1 } as never);
  await to.quay("q1").emit("made_up" as never, {} as never);
  await to.quay("q1").emit("tide_turned", { level: 1 });
  await to.quay("q1").emit("gull_seen", { count: 1 });
  await expect.poll(() => metrics.snapshot().total("batched", "gull_seen", "low")).toBe(1);
  fail("append");
  await to.quay("q1").emit("ship_loaded", load);
  const counted = metrics.snapshot();
  expect(counted.total("emitted", "docked", "normal")).toBe(greeted + 1);
  expect(counted.total("refused", "docked", "payload_invalid")).toBe(1);
  expect(counted.total("refused", "", "unknown_event")).toBe(1);
  expect(counted.total("batched")).toBe(1);
  expect(counted.total("refused", "ship_loaded", "backend_unavailable")).toBe(1);
});

it("counts what is replayed, by itself and in pages, and nothing where all of it was there", async () => {
  const metrics = memoryMetrics();
  harbour = await openHarbour({ metrics, backend: memoryBackend({ log: { maxRooms: 2 } }) });
  const { to } = harbour.server;
  const peer = harbour.announced("ada");
  const enter = (cursor?: object) => peer.socket.emitWithAck("$enter", { room: "quay_q1", cursor });
  const { epoch } = (await enter()) as { epoch: string };
  await to.quay("q1").emit("ship_loaded", load);
  expect(await enter({ epoch, seq: 1 })).toMatchObject({ recovered: true });
  expect(await enter({ epoch, seq: 0 })).toMatchObject({ recovered: true });
  const note = "x".repeat(30_000);
  for (let nth = 2; nth <= 5; nth++) await to.quay("q1").emit("ship_loaded", { ...load, note });
  expect(await enter({ epoch, seq: 1 })).toMatchObject({ recovered: true, paged: true });
  const page = (after: number) => peer.socket.emitWithAck("$page", { epoch, after, limit: 10 });
  expect(await page(1)).toMatchObject({ next: 3 });
  expect(metrics.snapshot().total("replayed")).toBe(3);
  // All five as they were emitted.
  expect(metrics.snapshot().total("delivered", "ship_loaded")).toBe(5);
  expect(metrics.snapshot().total("resync")).toBe(0);
  for (const other of ["q2", "q3"]) await to.quay(other).emit("ship_loaded", load);
  expect(await page(3)).toMatchObject({ ok: false });
  expect(metrics.snapshot().total("resync", "", "log_unknown")).toBe(1);
});

it("counts what is refused to a user who asks for too much, by command", async () => {
  const metrics = memoryMetrics();
  harbour = await openHarbour({ metrics, limits: { commandBurst: 1, commandsPerSecond: 0.001 } });
  harbour.server.handle("whistle", () => {});
  const { socket } = harbour.announced("ada");
  const whistle = () => socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" });
  expect(await whistle()).toMatchObject({ ok: true });
  expect(await whistle()).toMatchObject({ ok: false, error: { code: "rate_limited" } });
  const page = { epoch: "", after: 0, limit: 1 };
  for (let frame = 0; frame < 5; frame++) await socket.emitWithAck("$page", page);
  const { total } = metrics.snapshot();
  expect(total("rejected", "whistle", "rate_limited")).toBe(1);
  expect(total("rejected", "", "rate_limited")).toBe(1);
});

it("counts a command whose handler took too long", async () => {
  const metrics = memoryMetrics();
  harbour = await openHarbour({ metrics, commandTimeoutMs: 20 });
  harbour.server.handle("whistle", () => new Promise(() => {}));
  const answer = await harbour.announced("ada").socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" });
  expect(answer).toEqual({ ok: false, error: { code: "timeout" } });
  expect(metrics.snapshot().total("rejected", "whistle", "timeout")).toBe(1);
});

it("knows from clients' reports how long an event took to arrive, and to be handled", async () => {
  const metrics = memoryMetrics();
  harbour = await openHarbour({ metrics });
  const trips: number[] = [];
  const client = await enterQuay("ada", (clock) => {
    const report = deliveryReport(clock);
    const answered = (ms: number, answer: unknown) => {
      trips.push(ms);
      report.answered(ms, answer);
    };
    return { ...report, answered };
  });
  const measured: number[] = [];
  const latencyOf = (which: string) => {
    const { histograms } = metrics.snapshot();
    return histograms.find(({ histogram, event }) => histogram === which && event === "ship_loaded");
  };
  client.on("ship:loaded", (_payload, { at }) => {
    measured.push(Date.now() - (at as number));
    for (const begun = performance.now(); performance.now() - begun < 30; );
  });
  // Before the first round trip nothing is measured.
  while (!latencyOf("receive")) {
    await harbour.server.to.quay("q1").emit("ship_loaded", load);
    await new Promise((resolve) => client.once("ship:loaded", resolve));
  }
  await expect.poll(() => latencyOf("handled")?.count, { timeout: 10_000 }).toBe(latencyOf("receive")?.count);
  const [receive, handled] = [latencyOf("receive"), latencyOf("handled")];
  expect(receive?.lane).toBe("critical");
  // The clocks' difference is known to half of a round trip; and what would seem to arrive before it left counts as 0 ms,
  // though it is handled as much sooner.
  const errorMs = Math.max(...trips) / 2 + 2;
  expect(receive?.meanMs).toBeLessThan(Math.max(...measured) + errorMs);
  expect(handled?.meanMs).toBeGreaterThan((receive?.meanMs as number) + 29 - errorMs);
  expect(handled?.buckets.at(-1)).toEqual({ upToMs: Number.POSITIVE_INFINITY, count: handled?.count });
});

it("counts as delivered what cursors reach of what was addressed a report before, by event", async () => {
  const metrics = memoryMetrics();
  harbour = await openHarbour({ metrics });
  await enterQuay("ada");
  const deaf = harbour.announced("bob");
  const { epoch } = await deaf.socket.emitWithAck("$enter", { room: "quay_q1" });
  const quay = harbour.server.to.quay("q1");
  for (let crates = 0; crates < 3; crates++) await quay.emit("ship_loaded", { ...load, crates });
  await quay.emit("tide_turned", { level: 1 });
  // It stands at 2 of 4, whatever it was sent.
  const report = () => deaf.socket.emitWithAck("$heads", { cursors: [{ room: "quay_q1", epoch, seq: 2 }], stats: {} });
  await report();
  expect(metrics.snapshot().delivery.filter(({ event }) => event === "tide_turned")).toEqual([]);
  await expect
    .poll(
      async () => {
        await report();
        return metrics.snapshot().delivery;
      },
      { interval: 300, timeout: 10_000 },
    )
    .toEqual([
      { event: "ship_loaded", addressed: 6, reached: 5, rate: 5 / 6 },
      { event: "tide_turned", addressed: 2, reached: 1, rate: 1 / 2 },
    ]);
});

it("counts rooms that were not recovered by reason, whoever knows it", async () => {
  const metrics = memoryMetrics();
  harbour = await openHarbour({ metrics });
  const peer = harbour.announced("ada");
  await peer.got("welcomed");
  const cursor = { epoch: "AAAAAAAAAAA", seq: 3 };
  expect(await peer.socket.emitWithAck("$enter", { room: "quay_q1", cursor })).toMatchObject({ recovered: false });
  await peer.socket.emitWithAck("$heads", { cursors: [], stats: { resync: { gap_lost: 2, made_up: 9 } } });
  const { total } = metrics.snapshot();
  expect(total("resync", "", "epoch_changed")).toBe(1);
  expect(total("resync", "", "gap_lost")).toBe(2);
  expect(total("resync")).toBe(3);
});

it("tells a sink that only counts, and one that throws harms nobody", async () => {
  let emitted = 0;
  let told: () => void;
  const came = new Promise<void>((resolve) => {
    told = resolve;
  });
  harbour = await openHarbour({
    metrics: {
      count(counter, by) {
        if (counter !== "emitted") throw new Error("broken");
        emitted += by;
        told();
      },
    },
  });
  await harbour.server.to.quay("q1").emit("ship_loaded", load);
  expect(await harbour.server.to.quay("q1").emit("ship_loaded", load)).toMatchObject({ ok: true });
  await came;
  expect(emitted).toBe(2);
});

it("believes no client that measured more than it had time for, since each measurement may be a call", async () => {
  let calls = 0;
  const instrument = { add() {}, record: () => calls++ };
  const meter = {
    createCounter: () => instrument,
    createUpDownCounter: () => instrument,
    createHistogram: () => instrument,
  };
  const begun = Date.now();
  harbour = await openHarbour({ metrics: openTelemetryMetrics(meter as never) });
  const { socket } = harbour.announced("ada");
  const stats = { latency: { ship_loaded: [[0, 10_000, 5]] } };
  for (let reports = 0; reports < 4; reports++) await socket.emitWithAck("$heads", { cursors: [], stats });
  await expect.poll(() => calls).toBeGreaterThan(0);
  expect(calls).toBeLessThan(Date.now() - begun + 100);
});
