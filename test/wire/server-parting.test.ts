import { ContractError } from "@gestaloka/events";
import { memoryBackend } from "@gestaloka/events/server";
import type { Socket } from "socket.io";
import { afterEach, describe, expect, it } from "vitest";
import { connectionOf } from "../../src/server/connection-of.js";
import { distantBackend } from "../support/distant-backend.js";
import { type Harbour, once, openHarbour, type Peer } from "../support/harbour-server.js";
import { load } from "../support/ship-loads.js";
import { stall } from "../support/stalled-peer.js";

let harbour: Harbour;
afterEach(() => harbour.close());

// With a few of them a loopback connection that nobody reads is full.
const large = "x".repeat(200_000);

/** A peer that reads nothing until it is told to, with so much written to it that the network is full. */
async function stalled(peer: Peer) {
  await peer.socket.emitWithAck("$enter", { room: "quay_q1" });
  const serverSide = harbour.io.sockets.sockets.get(peer.socket.id as string) as Socket;
  const { transport } = serverSide.conn as unknown as { transport: { socket: WebSocket } };
  const { resume } = stall(peer);
  let crates = 0;
  const waiting = () => {
    connectionOf(serverSide)?.measure();
    return connectionOf(serverSide)?.outflow.buffered ?? 0;
  };
  while (waiting() < 700_000) {
    if (crates > 400) throw new Error("never full");
    await harbour.server.to.quay("q1").emit("ship_loaded", load(++crates, large));
  }
  return { crates, serverSide, socket: transport.socket, resume };
}

/** Enters as one that asks for what comes by hand, and gives the address to ask at. */
async function enterByPolling(): Promise<string> {
  const path = `${harbour.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(path)).text()).slice(1)) as { sid: string };
  const address = `${path}&sid=${sid}`;
  await fetch(address, { method: "POST", body: '40{"token":"ada"}' });
  await expect.poll(async () => (await harbour.server.health()).connections).toBe(1);
  return address;
}

describe("a slow reader that is parted with", () => {
  it("gets what was written before a server closes, and why it closes, where it takes that soon", async () => {
    harbour = await openHarbour();
    const peer = harbour.announced("ada");
    const { crates, serverSide, resume } = await stalled(peer);
    const gone = new Promise((resolve) => peer.socket.once("disconnect", resolve));
    serverSide.once("disconnect", () => setImmediate(resume));
    await Promise.all([harbour.server.close({ drainMs: 0 }), gone]);
    expect([peer.named("ship_loaded").length, peer.named("$bye").length]).toEqual([crates, 1]);
  });

  it("is cut as the server has closed, though it takes nothing", async () => {
    harbour = await openHarbour();
    const { socket } = await stalled(harbour.announced("ada"));
    const cut = new Promise((resolve) => socket.addEventListener("close", resolve));
    await harbour.server.close({ drainMs: 0 });
    await cut;
  });

  it("is cut after a second where it may not stay", async () => {
    harbour = await openHarbour();
    const peer = harbour.announced("ada");
    const { socket } = await stalled(peer);
    const cut = new Promise((resolve) => socket.addEventListener("close", resolve));
    await harbour.server.disconnectUser("ada");
    await cut;
  });

  it("is cut after a second where it may not stay, though it polls for nothing any more", async () => {
    harbour = await openHarbour();
    const { io, server } = harbour;
    await enterByPolling();
    await server.disconnectUser("ada");
    await expect.poll(() => io.engine.clientsCount).toBe(0);
  });

  it.each(["closed", "put it out"] as const)(
    "holds nothing any more once the server %s, though it polls for nothing after the last word",
    async (end) => {
      harbour = await openHarbour();
      const { io, server } = harbour;
      const address = await enterByPolling();
      const poll = async () => (await fetch(address)).text();
      while (!(await poll()).includes("welcomed"));
      if (end === "closed") await server.close();
      else {
        const word = poll();
        await expect.poll(() => io.sockets.sockets.values().next().value?.conn.transport.writable).toBe(true);
        await server.disconnectUser("ada");
        expect(await word).toContain("41");
        await expect.poll(() => io.engine.clientsCount, { timeout: 5_000 }).toBe(0);
      }
      expect(io.engine.clientsCount).toBe(0);
      harbour.http.closeAllConnections();
    },
  );
});

describe("a client of Socket.IO alone", () => {
  it("comes back by itself after the server that it was at closed", async () => {
    harbour = await openHarbour();
    const peer = harbour.plain("ada", { reconnection: true });
    await peer.got("welcomed");
    const gone = once(peer.socket as never, "disconnect");
    await harbour.server.close();
    await gone;
    expect(peer.socket.active).toBe(true);
  });

  it("tries again where it came as the server was closing", async () => {
    harbour = await openHarbour();
    const ada = harbour.plain("ada");
    await ada.got("welcomed");
    const begun = new Promise<void>((resolve) =>
      harbour.server.handle("load_ship", () => {
        resolve();
        return new Promise(() => {});
      }),
    );
    ada.socket.emit("load_ship", { quay_id: "q1", ship_id: "s1", crates: 1 });
    await begun;
    const closed = harbour.server.close({ drainMs: 1_000 });
    const bob = harbour.plain("bob", { reconnection: true });
    const turnedAway = once(bob.socket as never, "connect_error");
    await Promise.race([turnedAway, once(bob.socket.io as never, "close")]);
    expect(bob.socket.active).toBe(true);
    await closed;
  });

  it("tries again where its own room could not be entered for now", async () => {
    const distant = distantBackend(memoryBackend());
    distant.fail("recover");
    harbour = await openHarbour({ backend: distant.backend });
    const peer = harbour.plain("ada", { reconnection: true });
    await once(peer.socket as never, "disconnect");
    expect(peer.socket.active).toBe(true);
  });

  it("tries again where its credential could not be judged for now", async () => {
    harbour = await openHarbour({
      authenticate: () => {
        throw new ContractError("backend_unavailable", "no keys to be had");
      },
    });
    const peer = harbour.plain("ada", { reconnection: true });
    const turnedAway = once(peer.socket as never, "connect_error");
    await Promise.race([turnedAway, once(peer.socket.io as never, "close")]);
    expect(peer.socket.active).toBe(true);
  });

  it("keeps its link where it came too late for one namespace, and is in another", async () => {
    harbour = await openHarbour({}, {}, "/harbour");
    await harbour.server.close();
    const late = harbour.plain("ada", { reconnection: true, autoConnect: false });
    const elsewhere = late.socket.io.socket("/").connect();
    const lost: unknown[] = [];
    elsewhere.on("disconnect", (reason) => lost.push(reason));
    await once(elsewhere, "connect");
    const turnedAway = Promise.race([once(late.socket, "connect_error"), once(late.socket, "disconnect")]);
    late.socket.connect();
    expect(await turnedAway).toMatchObject([{ message: "server_closing" }]);
    expect(lost).toEqual([]);
  });

  it("is out of its rooms once the server closed, though it asks for nothing any more", async () => {
    harbour = await openHarbour();
    const at = `${harbour.url}/socket.io/?EIO=4&transport=polling`;
    const poll = async (sid: string) => (await fetch(`${at}&sid=${sid}`)).text();
    const say = async (sid: string, body: string) => (await fetch(`${at}&sid=${sid}`, { method: "POST", body })).text();
    const { sid } = JSON.parse((await (await fetch(at)).text()).slice(1)) as { sid: string };
    await say(sid, '40{"token":"ada"}');
    await poll(sid);
    await say(sid, '420["dock",{"quay_id":"q1"}]');
    expect(await poll(sid)).toContain("docked");
    await harbour.server.close();
    expect(await harbour.server.health()).toMatchObject({ connections: 0, rooms: 0 });
    harbour.http.closeAllConnections();
  });

  it.each(["disconnecting", "disconnect"] as const)(
    "goes with all others though a listener of the application for %s throws each time",
    async (event) => {
      const caught: unknown[] = [];
      harbour = await openHarbour({ onError: (error) => caught.push((error as Error).message) });
      harbour.io.on("connection", (socket) =>
        socket.on(event, () => {
          throw new Error("broken");
        }),
      );
      const peers = [harbour.plain("ada"), harbour.plain("bob")];
      await Promise.all(peers.map((peer) => peer.got("welcomed")));
      const gone = Promise.all(peers.map(({ socket }) => once(socket as never, "disconnect")));
      await harbour.server.close();
      expect(await gone).toEqual([
        ["transport close", expect.anything()],
        ["transport close", expect.anything()],
      ]);
      expect(caught).toContain("broken");
    },
  );

  it("stays away where it was put out", async () => {
    harbour = await openHarbour();
    const peer = harbour.plain("ada", { reconnection: true });
    await peer.got("welcomed");
    const gone = once(peer.socket as never, "disconnect");
    await harbour.server.disconnectUser("ada");
    await gone;
    expect(peer.socket.active).toBe(false);
  });
});
