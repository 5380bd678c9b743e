import { createEventClient } from "@gestaloka/events/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { contract } from "../fixtures/contract.js";
import { connected, record } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { createClient, openBehindProxy } from "../support/harbour-client.js";
import { openHarbour } from "../support/harbour-server.js";
import { ScriptedServer } from "../support/scripted-server.js";
import { cratesOf, load, upTo } from "../support/ship-loads.js";

const quay = contract.rooms.quay("q");
const command = { quay_id: "q", ship_id: "s", crates: 1 };

describe("acknowledgements that nobody should send", () => {
  it("count once: the first answer stands, one for a command that has expired is nobody's", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    const states = record(client, "ws:command");
    const answer = client.send("load_ship", command);
    const first = await server.next("load_ship");
    first.answer({ ok: true, data: { on_board: 1 } });
    first.answer({ ok: true, data: { on_board: 2 } });
    expect(await answer).toEqual({ on_board: 1 });
    const late = client.send("load_ship", command, { ttlMs: 50 });
    const second = await server.next("load_ship");
    await expect(late).rejects.toMatchObject({ code: "expired" });
    second.answer({ ok: true, data: { on_board: 3 } });
    const last = client.send("load_ship", command);
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 4 } });
    expect(await last).toEqual({ on_board: 4 });
    expect(states.map(({ payload }) => (payload as { state: string }).state)).toEqual([
      "queued",
      "sent",
      "applied",
      "queued",
      "sent",
      "expired",
      "queued",
      "sent",
      "applied",
    ]);
  });

  it("are passed over by the server, whatever id they carry", async () => {
    const harbour = closedAtEnd(await openHarbour());
    harbour.server.handle("load_ship", () => ({ on_board: 7 }));
    const socket = new WebSocket(`${harbour.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    onTestFinished(() => socket.terminate());
    const frames: string[] = [];
    const came = (part: string) =>
      expect.poll(() => frames.some((frame) => frame.includes(part)), { interval: 2 }).toBe(true);
    socket.on("message", (data) => frames.push(String(data)));
    await came('"sid"');
    socket.send('40{"token":"ada"}');
    await came("welcomed");
    for (const forged of ["430[]", "431[1]", "4399999999[{}]", "43[]", '430[{"ok":true}]']) socket.send(forged);
    socket.send('421["load_ship",{"quay_id":"q","ship_id":"s","crates":1}]');
    await came('431[{"on_board":7}]');
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe("what comes and goes ten thousand times", () => {
  it("leaves no listener behind, nor a room", { timeout: 60_000 }, async () => {
    const harbour = closedAtEnd(await openHarbour({ limits: { commandBurst: 10_000 } }));
    const client = createClient(harbour.url);
    let calls = 0;
    const heard = record(client, "ship:loaded");
    await client.join(quay);
    for (let round = 0; round < 10_000; round++) {
      const off = client.on("ship:loaded", () => calls++);
      const handler = () => calls++;
      client.once("letter:came", handler);
      off();
      client.off("letter:came", handler);
    }
    await harbour.server.to.quay("q").emit("ship_loaded", load(1));
    await heard.atLeast(1);
    expect(calls).toBe(0);
    const socket = [...harbour.io.sockets.sockets.values()][0];
    const listeners = () => socket?.eventNames().reduce((sum, name) => sum + socket.listenerCount(name as string), 0);
    const before = {
      listeners: listeners(),
      rooms: harbour.io.sockets.adapter.rooms.size,
      health: await harbour.server.health(),
    };
    for (let round = 0; round < 1_000; round++) {
      await client.join(contract.rooms.quay(`other-${round}`));
      await client.leave(contract.rooms.quay(`other-${round}`));
    }
    expect({
      listeners: listeners(),
      rooms: harbour.io.sockets.adapter.rooms.size,
      health: await harbour.server.health(),
    }).toEqual(before);
  });

  it("is let in and stays, in more rooms at once than its user may enter", async () => {
    const { url } = closedAtEnd(await openHarbour({ limits: { commandBurst: 25, commandsPerSecond: 250 } }));
    const client = createClient(url);
    const heard = record(client, "ws:disconnected", "ws:room-closed");
    await connected(client);
    await Promise.all(upTo(600).map((index) => client.join(contract.rooms.quay(`q${index}`))));
    expect([...heard]).toEqual([]);
  });

  it("leaves no connection behind", { timeout: 60_000 }, async () => {
    const harbour = closedAtEnd(await openHarbour({ presenceGraceMs: 20 }));
    for (let round = 0; round < 20; round++) {
      const clients = upTo(25).map((index) =>
        createEventClient(harbour.url, { contract, auth: { token: `u${index}` } }),
      );
      await Promise.all(clients.map((client) => client.join(quay)));
      for (const client of clients) client.close();
      await expect.poll(() => harbour.io.sockets.sockets.size, { interval: 2, timeout: 5_000 }).toBe(0);
    }
    await expect.poll(() => harbour.server.members(quay), { interval: 5, timeout: 5_000 }).toEqual([]);
    expect(await harbour.server.health()).toMatchObject({ connections: 0, rooms: 0 });
    expect(harbour.io.sockets.adapter.rooms.size).toBe(0);
    // Engine.IO lets go of a connection some turns after Socket.IO does.
    await expect.poll(() => harbour.io.engine.clientsCount, { interval: 5, timeout: 5_000 }).toBe(0);
  });
});

describe("a herd", () => {
  it("that is cut in one moment comes back spread out, and misses nothing", { timeout: 60_000 }, async () => {
    const { server, proxy } = await openBehindProxy();
    const clients = upTo(100).map((index) => createClient(proxy.url, { auth: { token: `u${index}` } }));
    const heard = clients.map((client) => record(client, "ship:loaded", "ws:resync"));
    await Promise.all(clients.map((client) => client.join(quay)));
    const dials: number[] = [];
    proxy.onConnection = () => dials.push(performance.now());
    proxy.cut();
    const begun = performance.now();
    for (const count of upTo(20)) await server.to.quay("q").emit("ship_loaded", load(count));
    await Promise.all(heard.map((one) => one.atLeast(20, 20_000)));
    for (const one of heard) {
      expect(cratesOf(one.payloads("ship:loaded"))).toEqual(upTo(20));
      expect(one.payloads("ws:resync")).toEqual([]);
    }
    // Full jitter within the first half second: no two fifths of it hold nearly all of them.
    const early = dials.filter((at) => at - begun < 200).length;
    expect(dials.length).toBeGreaterThanOrEqual(100);
    expect(early).toBeLessThan(80);
    await Promise.all(clients.map((client) => connected(client)));
  });
});
