import { afterEach, describe, expect, it } from "vitest";
import { type Harbour, openHarbour, type Peer } from "../support/harbour-server.js";
import { load } from "../support/ship-loads.js";

let harbour: Harbour;
afterEach(() => harbour.close());

// With a few of them a loopback connection that nobody reads is full.
const large = "x".repeat(200_000);

async function enter(options: object = {}): Promise<{ peer: Peer; conn: Conn; written: () => number }> {
  const peer = harbour.announced("ada", { options });
  await peer.socket.emitWithAck("$enter", { room: "quay_q1" });
  const socket = harbour.io.sockets.sockets.get(peer.socket.id as string);
  const conn = socket?.conn as unknown as Conn;
  let written = 0;
  const { write } = conn;
  conn.write = function (this: Conn, data: string, ...args: unknown[]) {
    if (data.includes('"ship_loaded"')) written++;
    return write.call(this, data, ...args);
  };
  return { peer, conn, written: () => written };
}

interface Conn {
  write(data: string, ...args: unknown[]): unknown;
  on(name: string, listener: (packet: { data?: string }) => void): void;
  readonly writeBuffer: readonly unknown[];
  readonly transport: { readonly socket: { readonly bufferedAmount: number } };
}

const cratesOf = (peer: Peer) =>
  peer.events.flatMap(([name, payload]) => {
    if (name === "ship_loaded") return [(payload as { crates: number }).crates];
    return name === "said" ? [payload as number] : [];
  });

describe("a frame for one connection", () => {
  it("does not pass through Engine.IO's buffer while nothing waits there", async () => {
    harbour = await openHarbour();
    const { peer, written } = await enter();
    for (let crates = 1; crates <= 5; crates++) await harbour.server.to.quay("q1").emit("ship_loaded", load(crates));
    await peer.got("ship_loaded", 5);
    expect(written()).toBe(0);
  });

  it("keeps its place among what the application writes itself, through a network that is full and empties", async () => {
    harbour = await openHarbour();
    const { peer, conn, written } = await enter();
    const { ws } = peer.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } };
    const socket = harbour.io.sockets.sockets.get(peer.socket.id as string);
    let crates = 0;
    const both = async (note?: string) => {
      await harbour.server.to.quay("q1").emit("ship_loaded", load(++crates, note));
      socket?.emit("said" as never, ++crates as never);
    };
    await both();
    expect(written()).toBe(0);
    ws._socket.pause();
    while (conn.writeBuffer.length < 2) {
      if (crates > 400) throw new Error("never full");
      await both(large);
    }
    await both();
    expect(written()).toBeGreaterThan(0);
    ws._socket.resume();
    await peer.got("said", crates / 2);
    const before = written();
    await both();
    await peer.got("said", crates / 2);
    expect(written()).toBe(before);
    expect(cratesOf(peer)).toEqual(Array.from({ length: crates }, (_, index) => index + 1));
  });

  it("waits for a reader that is slow below that buffer, without its text, and is counted there", async () => {
    harbour = await openHarbour();
    const { peer, conn, written } = await enter();
    const { ws } = peer.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } };
    ws._socket.pause();
    const waiting = () => conn.transport.socket.bufferedAmount;
    let crates = 0;
    while (waiting() < large.length) {
      if (crates > 400) throw new Error("never full");
      await harbour.server.to.quay("q1").emit("ship_loaded", load(++crates, large));
    }
    for (let more = 0; more < 3; more++) await harbour.server.to.quay("q1").emit("ship_loaded", load(++crates, large));
    expect(waiting()).toBeGreaterThan(3 * large.length);
    expect(written()).toBe(0);
    expect(conn.writeBuffer).toEqual([]);
    ws._socket.resume();
    await peer.got("ship_loaded", crates);
    expect(cratesOf(peer)).toEqual(Array.from({ length: crates }, (_, index) => index + 1));
  });

  it("is told to whoever listens to Engine.IO's packets", async () => {
    harbour = await openHarbour();
    const { peer, conn } = await enter();
    const packets: unknown[] = [];
    conn.on("packetCreate", ({ data }) => packets.push(data));
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    await peer.got("ship_loaded");
    expect(packets).toEqual([expect.stringMatching(/^2\["ship_loaded",\{"ship_id":"s1"/)]);
  });

  it.each([
    ["compression", { perMessageDeflate: { threshold: 0 } }, {}, "perMessageDeflate" as const],
    ["polling", {}, { transports: ["polling"] }, undefined],
  ])("goes through Engine.IO where there is %s", async (_, ioOptions, options, unsafe) => {
    harbour = await openHarbour({ allowUnsafe: unsafe ? [unsafe] : [] }, ioOptions);
    const { peer, written } = await enter(options);
    await harbour.server.to.quay("q1").emit("ship_loaded", load(7));
    await peer.got("ship_loaded");
    expect(cratesOf(peer)).toEqual([7]);
    expect(written()).toBe(1);
  });
});
