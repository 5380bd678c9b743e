import { type Backend, type MemoryMetrics, memoryBackend, memoryMetrics } from "@gestaloka/events/server";
import type { Socket } from "socket.io";
import { afterEach, describe, expect, it } from "vitest";
import { connectionOf } from "../../src/server/connection-of.js";
import { type Harbour, openHarbour, type Peer } from "../support/harbour-server.js";
import { load } from "../support/ship-loads.js";
import { fill, overfill, stall } from "../support/stalled-peer.js";

let harbour: Harbour;
afterEach(() => harbour.close());

async function entered({ announced }: Harbour): Promise<Peer> {
  const slow = announced("slow");
  await slow.socket.emitWithAck("$enter", { room: "quay_q1" });
  return slow;
}

/** Stalls a peer, and emits 200 low events of which a first frame is on its way, and the others wait for it. */
async function holdGulls(slow: Peer, metrics: MemoryMetrics): Promise<{ readonly resume: () => void }> {
  const quay = harbour.server.to.quay("q1");
  const { conn } = harbour.io.sockets.sockets.get(slow.socket.id as string) as Socket;
  const { transport } = conn as unknown as { transport: { socket: { bufferedAmount: number } } };
  const stalled = stall(slow);
  while (transport.socket.bufferedAmount === 0) void quay.emit("ship_loaded", load(1, "x".repeat(50_000)));
  for (const batch of [0, 100]) {
    for (let count = batch; count < batch + 100; count++) void quay.emit("gull_seen", { count });
    await new Promise((resolve) => setImmediate(resolve));
  }
  // A machine that is slow enough cuts batches by time: more than two.
  await expect.poll(() => metrics.snapshot().gauges.events_waiting).toBe(0);
  await new Promise((resolve) => setImmediate(resolve));
  return stalled;
}

describe("a slow consumer", () => {
  it("is cut once more than the cap waits for it, while the others get everything", async () => {
    harbour = await openHarbour();
    const [slow, other] = [harbour.announced("slow"), harbour.announced("other")];
    for (const { socket } of [slow, other]) await socket.emitWithAck("$enter", { room: "quay_q1" });
    const serverSide = (await harbour.io.in("quay_q1").fetchSockets()).find(({ id }) => id === slow.socket.id);
    stall(slow);
    let emitted = 0;
    while (
      (await harbour.server.members("quay_q1")).length === 2 &&
      harbour.io.sockets.sockets.has(slow.socket.id as string)
    ) {
      if (++emitted > 200) throw new Error("never cut");
      await harbour.server.to.quay("q1").emit("ship_loaded", fill);
      await other.got("ship_loaded", emitted);
    }
    expect(serverSide).toBeDefined();
    expect(harbour.io.sockets.adapter.rooms.get("quay_q1")?.size).toBe(1);
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    await other.got("ship_loaded", emitted + 1);
    expect(other.socket.connected).toBe(true);
  });

  it("is cut like that where another parser writes bytes", async () => {
    const parser = await import("socket.io-parser");
    class Encoder extends parser.Encoder {
      override encode(packet: object): never[] {
        return [Buffer.from(JSON.stringify(packet)) as never];
      }
    }
    class Decoder extends parser.Decoder {
      override add(bytes: Uint8Array): void {
        this.emitReserved("decoded", JSON.parse(Buffer.from(bytes).toString()) as never);
      }
    }
    const inBytes = { ...parser, Encoder, Decoder };
    harbour = await openHarbour({}, { parser: inBytes });
    const slow = harbour.announced("slow", { options: { parser: inBytes } });
    await slow.socket.emitWithAck("$enter", { room: "quay_q1" });
    const { conn } = harbour.io.sockets.sockets.get(slow.socket.id as string) as Socket;
    stall(slow);
    for (let emitted = 0; conn.readyState === "open"; emitted++) {
      if (emitted > 100) throw new Error("never cut");
      await harbour.server.to.quay("q1").emit("ship_loaded", fill);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await harbour.server.health()).connections).toBe(0);
  });

  it("is cut like that where it asks for pages and takes none of them", async () => {
    harbour = await openHarbour();
    const slow = harbour.announced("slow");
    const { epoch } = (await slow.socket.emitWithAck("$enter", { room: "quay_q1" })) as { epoch: string };
    for (let nth = 1; nth <= 4; nth++)
      await harbour.server.to.quay("q1").emit("ship_loaded", load(1, "x".repeat(15_000)));
    await slow.got("ship_loaded", 4);
    const socket = harbour.io.sockets.sockets.get(slow.socket.id as string) as Socket;
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    const { transport } = socket.conn as unknown as { transport: { socket: { bufferedAmount: number } } };
    let most = 0;
    socket.conn.on("packetCreate", () => {
      most = Math.max(most, transport.socket.bufferedAmount);
    });
    // Nothing else that is written to it has it looked after.
    await expect.poll(() => connectionOf(socket)?.watched).toBe(false);
    stall(slow);
    for (let pages = 0; pages < 600; pages++) slow.socket.emit("$page", { epoch, after: 0, limit: 1_000 }, () => {});
    await gone;
    // The cap, and the page that passed it.
    expect(most).toBeLessThan(1_200_000);
  });

  it("is taken out of a room once, where what the room still had for it is too much", async () => {
    const calls: string[] = [];
    const backend = new Proxy(memoryBackend(), {
      get(target, name: keyof Backend) {
        if (name === "watch" || name === "unwatch") return (room: string) => void calls.push(`${name} ${room}`);
        const value = target[name];
        return typeof value === "function" ? (value as () => unknown).bind(target) : value;
      },
    });
    harbour = await openHarbour({ backend });
    const slow = await entered(harbour);
    stall(slow);
    overfill(harbour, slow, "q1");
    void harbour.server.to.quay("q1").emit("sailor_came", { sailor_id: "zoe" });
    await harbour.server.revoke("slow", "quay_q1");
    expect(await harbour.server.health()).toMatchObject({ connections: 0, rooms: 0 });
    expect(calls.filter((call) => call.endsWith("quay_q1"))).toEqual(["watch quay_q1", "unwatch quay_q1"]);
  });

  it("is cut once where several frames at a time are too much for it, and that is logged once", async () => {
    const warned: string[] = [];
    const logger = { debug() {}, info() {}, warn: (_: object, text: string) => warned.push(text), error() {} };
    harbour = await openHarbour({ logger });
    const slow = await entered(harbour);
    stall(slow);
    overfill(harbour, slow, "q1");
    // They leave together, and are no one pack: the first has no number.
    void harbour.server.to.quay("q1").emit("sailor_came", { sailor_id: "zoe" });
    void harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    await expect.poll(async () => (await harbour.server.health()).connections).toBe(0);
    expect(warned).toEqual(["connection cut"]);
  });

  it("is written one frame of low events at a time: what is critical waits behind no more", async () => {
    harbour = await openHarbour();
    const slow = await entered(harbour);
    const { conn } = harbour.io.sockets.sockets.get(slow.socket.id as string) as Socket;
    const link = conn as unknown as { transport: { socket: { bufferedAmount: number } }; writeBuffer: unknown[] };
    const waiting = () => link.writeBuffer.length + link.transport.socket.bufferedAmount;
    const quay = harbour.server.to.quay("q1");
    const stalled = stall(slow);
    while (waiting() === 0) void quay.emit("ship_loaded", load(1, "x".repeat(50_000)));
    const waited: number[] = [];
    conn.on("packetCreate", ({ data }: { data: string }) => {
      if (data.includes("gull_seen")) waited.push(waiting());
    });
    for (let count = 0; count < 5_000; count++) void quay.emit("gull_seen", { count });
    await new Promise((resolve) => setImmediate(resolve));
    stalled.resume();
    const gulls = () =>
      slow
        .named("$pack")
        .reduce((sum, [, items]) => sum + (items as [string][]).filter(([name]) => name === "gull_seen").length, 0);
    while (gulls() < 5_000) await new Promise((resolve) => slow.socket.once("$pack", resolve));
    expect(waited.length).toBeGreaterThan(2);
    // The first goes behind what was written before.
    expect(waited.slice(1)).toEqual(waited.slice(1).map(() => 0));
  });

  it("is spared low events that it is too slow for, counted, and gets the latest of what coalesces", async () => {
    let emittedToNetwork = 0;
    const metrics = memoryMetrics();
    const lost = () => metrics.snapshot().total("lost", "gull_seen", "slow_consumer");
    harbour = await openHarbour({ metrics });
    const slow = await entered(harbour);
    const stalled = stall(slow);
    const quay = harbour.server.to.quay("q1");
    const { conn } = harbour.io.sockets.sockets.get(slow.socket.id as string) as Socket;
    const { transport } = conn as unknown as { transport: { socket: { bufferedAmount: number } } };
    while (transport.socket.bufferedAmount < 2 * fill.note.length) {
      if (++emittedToNetwork > 200) throw new Error("never full");
      await quay.emit("ship_loaded", fill);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const addressed = 500;
    for (let count = 0; count < addressed; count++) await quay.emit("gull_seen", { count });
    stalled.resume();
    await slow.got("ship_loaded", emittedToNetwork);
    await quay.emit("ship_loaded", load(1));
    await slow.got("ship_loaded", emittedToNetwork + 1);
    const gulls = () =>
      slow.events
        .flatMap(([name, , items]) =>
          name === "gull_seen"
            ? [1]
            : name === "$pack"
              ? (items as [string][]).map(([each]) => (each === "gull_seen" ? 1 : 0))
              : [],
        )
        .reduce((sum: number, one) => sum + one, 0);
    expect(lost()).toBeGreaterThan(0);
    while (gulls() + lost() < addressed) await new Promise((resolve) => slow.socket.once("$pack", resolve));
    expect(gulls() + lost()).toBe(addressed);
    expect(metrics.snapshot().total("delivered", "gull_seen")).toBe(gulls());
    expect(slow.socket.connected).toBe(true);
  });

  it("loses what is low of what it was cut for, and of what came with it, counted", async () => {
    const metrics = memoryMetrics();
    harbour = await openHarbour({ metrics });
    const slow = await entered(harbour);
    const quay = harbour.server.to.quay("q1");
    stall(slow);
    overfill(harbour, slow, "q1");
    void quay.emit("tide_turned", { level: 1 });
    // A batch of them leaves at once, after what waited for its like, and before anybody reads what the network has taken.
    for (let count = 0; count < 100; count++) void quay.emit("gull_seen", { count });
    await expect.poll(async () => (await harbour.server.health()).connections).toBe(0);
    const { total } = metrics.snapshot();
    expect(total("lost", "gull_seen", "slow_consumer")).toBe(100);
    expect(total("delivered", "gull_seen")).toBe(0);
  });

  it("is looked after no more once it is gone, with all that waited for it", async () => {
    const metrics = memoryMetrics();
    harbour = await openHarbour({ metrics });
    const slow = await entered(harbour);
    const socket = harbour.io.sockets.sockets.get(slow.socket.id as string) as Socket;
    const waiting = () => metrics.snapshot().gauges.bytes_waiting;
    const stalled = stall(slow);
    while (waiting() === 0) {
      await harbour.server.to.quay("q1").emit("ship_loaded", fill);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    socket.disconnect(true);
    await gone;
    expect(waiting()).toBe(0);
    stalled.resume();
  });

  it("is given none of the low events that waited for it in a room that it was put out of, and each is counted", async () => {
    const metrics = memoryMetrics();
    harbour = await openHarbour({ metrics });
    const slow = await entered(harbour);
    const stalled = await holdGulls(slow, metrics);
    await harbour.server.revoke("slow", "quay_q1");
    stalled.resume();
    await slow.got("$left");
    await slow.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    const packs = slow.named("$pack") as [unknown, [string, { count: number }][]][];
    const gulls = packs.flatMap(([, items]) => items.filter(([name]) => name === "gull_seen"));
    const lost = metrics.snapshot().total("lost", "gull_seen", "slow_consumer");
    expect(lost).toBeGreaterThanOrEqual(100);
    expect(gulls.map(([, { count }]) => count)).toEqual(Array.from({ length: 200 - lost }, (_, count) => count));
    expect(metrics.snapshot().total("delivered", "gull_seen")).toBe(gulls.length);
  });

  it.each(["closed", "cut"])("is %s, and each low event that waited for it is counted", async (end) => {
    const metrics = memoryMetrics();
    harbour = await openHarbour({ metrics });
    const slow = await entered(harbour);
    const socket = harbour.io.sockets.sockets.get(slow.socket.id as string) as Socket;
    const stalled = await holdGulls(slow, metrics);
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    if (end === "closed") socket.disconnect(true);
    else overfill(harbour, slow, "q1");
    await gone;
    stalled.resume();
    const { total } = metrics.snapshot();
    expect(total("lost", "gull_seen", "slow_consumer")).toBeGreaterThanOrEqual(100);
    expect(total("delivered", "gull_seen") + total("lost", "gull_seen")).toBe(200);
  });

  it("is cut once where its rooms have more for it as it leaves them", async () => {
    const lines: unknown[] = [];
    const ignore = () => {};
    const logger = { debug: ignore, info: ignore, warn: (_: object, line: string) => lines.push(line), error: ignore };
    harbour = await openHarbour({ logger });
    const slow = await entered(harbour);
    const socket = harbour.io.sockets.sockets.get(slow.socket.id as string) as Socket;
    const stalled = stall(slow);
    overfill(harbour, slow, "q1");
    void harbour.server.to.quay("q1").emit("sailor_came", { sailor_id: "ada" });
    expect(connectionOf(socket)?.takesAnswers()).toBe(false);
    stalled.resume();
    expect(lines.filter((line) => line === "connection cut")).toHaveLength(1);
  });
});
