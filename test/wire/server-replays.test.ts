import { performance } from "node:perf_hooks";
import { memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { distantBackend } from "../support/distant-backend.js";
import { type Harbour, openHarbour, type Peer } from "../support/harbour-server.js";
import { overfill, stall } from "../support/stalled-peer.js";

let harbour: Harbour;
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await harbour.close();
});

interface Entry {
  readonly epoch: string;
  readonly seq: number;
}
interface Page {
  readonly events: unknown[];
  readonly next: number;
}

const load = (crates: number) => ({ ship_id: "s1", cargo: "salt", crates, added: 0, manifest: {} }) as const;
const long = { note: "x".repeat(30_000) };
const settled = (peer: Peer) => peer.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
const crates = (peer: Peer) => peer.named("ship_loaded").map(([payload]) => (payload as { crates: number }).crates);

/** Stops what the server does again and again, and the clock it reads, until time is said to pass. */
function stoppedClock() {
  const now = performance.now.bind(performance);
  let ahead = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now() + ahead);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  return {
    pass(ms: number) {
      ahead += ms;
      vi.advanceTimersByTime(1_000);
    },
  };
}

/** Enters a room of which seven long events were missed, which have to be asked for in pages. */
async function behind(userId = "ada") {
  const first = harbour.announced(userId);
  const { epoch, seq } = (await first.socket.emitWithAck("$enter", { room: "quay_q1" })) as Entry;
  const quay = harbour.server.to.quay("q1");
  for (let nth = 1; nth <= 7; nth++) await quay.emit("ship_loaded", { ...load(nth), ...long });
  first.socket.disconnect();
  const peer = harbour.announced(userId);
  const answer = await peer.socket.emitWithAck("$enter", { room: "quay_q1", cursor: { epoch, seq } });
  expect(answer).toMatchObject({ recovered: true, paged: true, seq: seq + 7 });
  const page = (after = seq) => peer.socket.emitWithAck("$page", { epoch, after, limit: 100 }) as Promise<Page>;
  return { peer, quay, page };
}

describe("a replay in pages", () => {
  it("ends where the room's log became another between two of them, and what came since follows at once", async () => {
    // Of three rooms the log keeps two.
    harbour = await openHarbour({ backend: memoryBackend({ log: { maxRooms: 2 } }) });
    const { peer, quay, page } = await behind();
    const { next } = await page();
    expect(next).toBeGreaterThan(0);
    for (const other of ["q2", "q3"]) await harbour.server.to.quay(other).emit("ship_loaded", load(0));
    expect(await quay.emit("ship_loaded", load(8))).toEqual({ ok: true, seq: 1 });
    expect(await page(next)).toEqual({ ok: false, error: { code: "log_unknown" } });
    await peer.got("ship_loaded");
    expect(crates(peer)).toEqual([8]);
  });

  it("ends where one of them cannot be read, and what came since follows at once", async () => {
    const { backend, fail } = distantBackend(memoryBackend());
    harbour = await openHarbour({ backend });
    const { peer, quay, page } = await behind();
    const { next } = await page();
    await quay.emit("ship_loaded", load(8));
    fail("read");
    expect(await page(next)).toEqual({ ok: false, error: { code: "internal" } });
    fail();
    await peer.got("ship_loaded");
    expect(crates(peer)).toEqual([8]);
  });

  it("ends when no page was asked for in 15 s, and not before: each gives as long again", async () => {
    const { pass } = stoppedClock();
    harbour = await openHarbour();
    for (const userId of ["ada", "bob"]) {
      const { peer, quay, page } = await behind(userId);
      await quay.emit("ship_loaded", load(8));
      pass(14_000);
      const { next } = await page();
      pass(14_000);
      await settled(peer);
      expect(crates(peer)).toEqual([]);
      pass(2_000);
      await peer.got("ship_loaded");
      // It may still ask for the rest, as for any gap.
      expect(await page(next)).toMatchObject({ events: [{}, {}], next: next + 2 });
      await quay.emit("ship_loaded", load(9));
      await settled(peer);
      expect(crates(peer)).toEqual([8, 9]);
      peer.socket.disconnect();
      pass(31_000);
      // The sweeper of the backend: nobody is looked after any more.
      await expect.poll(() => vi.getTimerCount()).toBe(1);
    }
  });

  it("ends without the connection that is cut as it ends", async () => {
    const { pass } = stoppedClock();
    harbour = await openHarbour();
    const { peer } = await behind();
    const bob = harbour.announced("bob");
    await bob.socket.emitWithAck("$enter", { room: "quay_q1" });
    await peer.socket.emitWithAck("$enter", { room: "quay_q2" });
    stall(peer);
    overfill(harbour, peer, "q2");
    pass(16_000);
    await bob.socket.emitWithAck("undock", { quay_id: "q1" });
    // The room of bob's own.
    expect(await harbour.server.health()).toMatchObject({ connections: 1, rooms: 1 });
  });
});
