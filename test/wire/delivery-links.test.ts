import { describe, expect, it, onTestFinished } from "vitest";
import { contract } from "../fixtures/contract.js";
import { connected, cutUntilLost, lost, record, snapshot } from "../support/awaited-client.js";
import { createClient, openBehindProxy } from "../support/harbour-client.js";
import { cratesOf, load, upTo } from "../support/ship-loads.js";

async function open(pings: object = {}) {
  const harbour = await openBehindProxy({}, pings);
  const runs = new Map<string, number>();
  harbour.server.handle("load_ship", ({ ship_id }) => {
    runs.set(ship_id, (runs.get(ship_id) ?? 0) + 1);
    return { on_board: 1 };
  });
  return { ...harbour, runs };
}

const quay = contract.rooms.quay("q");

describe("a link that ends in the middle of a frame", () => {
  it("costs no event and doubles none, whichever byte was the last", { timeout: 60_000 }, async () => {
    const { server, proxy } = await open();
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "ws:resync");
    await client.join(quay);
    await server.to.quay("q").emit("ship_loaded", load(1));
    await heard.atLeast(1);
    const before = proxy.counters.bytesToClient;
    await server.to.quay("q").emit("ship_loaded", load(2));
    await heard.atLeast(2);
    const frameBytes = proxy.counters.bytesToClient - before;
    expect(frameBytes).toBeGreaterThan(100);
    for (let bytes = 1; bytes <= frameBytes; bytes++) {
      for (const connection of proxy.websockets) connection.set({ toClient: { cutAfterBytes: bytes } });
      await lost(client, () => void server.to.quay("q").emit("ship_loaded", load(bytes + 2)));
      await connected(client);
    }
    await heard.atLeast(frameBytes + 2);
    expect(cratesOf(heard.payloads("ship:loaded"))).toEqual(upTo(frameBytes + 2));
    expect(heard.payloads("ws:resync")).toEqual([]);
  });

  it("lets a command be carried out once, whichever of its bytes was the last", { timeout: 60_000 }, async () => {
    const { proxy, runs } = await open();
    const client = createClient(proxy.url);
    await client.join(quay);
    const send = (ship: number) => client.send("load_ship", { quay_id: "q", ship_id: String(ship), crates: 1 });
    const before = proxy.counters.bytesToServer;
    await send(1);
    const frameBytes = proxy.counters.bytesToServer - before;
    expect(frameBytes).toBeGreaterThan(60);
    for (let bytes = 1; bytes <= frameBytes; bytes++) {
      for (const connection of proxy.websockets) connection.set({ toServer: { cutAfterBytes: bytes } });
      const answer = send(bytes + 1);
      await lost(client, () => {});
      await connected(client);
      expect(await answer).toEqual({ on_board: 1 });
    }
    expect([...runs.values()]).toEqual(upTo(frameBytes + 1).map(() => 1));
  });
});

describe("a link that is dead without a word", () => {
  it("is recovered from, and leaves no ghost of the client on the server", async () => {
    // The server would wait for longer than the test takes; the client gives the link up by itself.
    const { server, proxy, io } = await open({ pingInterval: 300, pingTimeout: 20_000 });
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "ws:resync");
    await client.join(quay);
    await server.to.quay("q").emit("ship_loaded", load(1));
    await heard.atLeast(1);
    for (const connection of proxy.websockets) connection.blackhole();
    for (const count of [2, 3, 4]) await server.to.quay("q").emit("ship_loaded", load(count));
    expect(heard).toHaveLength(1);
    await lost(client, () => {
      for (const connection of proxy.websockets) connection.halfClose("client");
    });
    await snapshot(client, { status: "connected" });
    await heard.atLeast(4);
    await server.to.quay("q").emit("ship_loaded", load(5));
    await heard.atLeast(5);
    expect(cratesOf(heard.payloads("ship:loaded"))).toEqual([1, 2, 3, 4, 5]);
    expect(heard.payloads("ws:resync")).toEqual([]);
    expect(io.sockets.sockets.size).toBe(1);
    expect(io.sockets.adapter.rooms.get(quay)?.size).toBe(1);
    expect(await server.members(quay)).toEqual(["ada"]);
  });
});

describe("a link that comes and goes faster than a round trip", () => {
  it("loses no command that waits, however often it is tried", { timeout: 60_000 }, async () => {
    const { proxy, runs } = await open();
    const client = createClient(proxy.url);
    await client.join(quay);
    proxy.set({ toServer: { delayMs: 40 }, toClient: { delayMs: 40 } });
    const answers = upTo(20).map((ship) =>
      client.send("load_ship", { quay_id: "q", ship_id: String(ship), crates: 1 }),
    );
    for (let cuts = 0; cuts < 300; cuts++) {
      proxy.cut();
      client.connect();
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    proxy.set({ toServer: { delayMs: 0 }, toClient: { delayMs: 0 } });
    await connected(client);
    expect(await Promise.all(answers)).toEqual(answers.map(() => ({ on_board: 1 })));
    expect(upTo(20).map((ship) => runs.get(String(ship)))).toEqual(upTo(20).map(() => 1));
  });
});

describe("an upgrade from polling", () => {
  it("keeps the order of events, and one that is cut midway costs none", { timeout: 60_000 }, async () => {
    const { server, proxy } = await open();
    const client = createClient(proxy.url, { socket: { transports: ["polling", "websocket"] } });
    const heard = record(client, "ship:loaded", "ws:resync");
    await client.join(quay);
    let emitted = 0;
    const flood = setInterval(() => void server.to.quay("q").emit("ship_loaded", load(++emitted)), 2);
    onTestFinished(() => clearInterval(flood));
    for (let round = 0; round < 12; round++) {
      // Cut within the upgrade's own few frames, at another byte each time.
      let harmed = false;
      const watch = setInterval(() => {
        for (const connection of proxy.websockets) {
          if (harmed) continue;
          harmed = true;
          connection.set({ toClient: { cutAfterBytes: 1 + round * 12 } });
        }
      }, 1);
      await cutUntilLost(client, () => proxy.cut());
      await connected(client);
      await expect.poll(() => harmed, { timeout: 10_000, interval: 2 }).toBe(true);
      clearInterval(watch);
      await connected(client);
    }
    // An upgrade that failed leaves its connection polling; the next one is upgraded.
    await cutUntilLost(client, () => proxy.cut());
    await snapshot(client, { status: "connected", transport: "websocket" });
    clearInterval(flood);
    await heard.atLeast(emitted);
    expect(cratesOf(heard.payloads("ship:loaded"))).toEqual(upTo(emitted));
    expect(heard.payloads("ws:resync")).toEqual([]);
  });

  it("that is refused for good leaves a client that polls, and recovers like any other", {
    timeout: 60_000,
  }, async () => {
    const { server, proxy } = await open();
    proxy.set({ upgrade: { status: 403 } });
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "ws:resync");
    await client.join(quay);
    let emitted = 0;
    for (let round = 0; round < 10; round++) {
      for (let index = 0; index < 5; index++) await server.to.quay("q").emit("ship_loaded", load(++emitted));
      await cutUntilLost(client, () => proxy.reset());
      for (let index = 0; index < 5; index++) await server.to.quay("q").emit("ship_loaded", load(++emitted));
      await connected(client);
    }
    await heard.atLeast(emitted);
    expect(cratesOf(heard.payloads("ship:loaded"))).toEqual(upTo(emitted));
    expect(heard.payloads("ws:resync")).toEqual([]);
    expect(client.connection.getSnapshot().transport).toBe("polling");
  });
});
