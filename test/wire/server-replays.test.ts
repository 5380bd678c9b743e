import { performance } from "node:perf_hooks";
import { type Backend, memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { distantBackend } from "../support/distant-backend.js";
import { type Harbour, openHarbour, type Peer } from "../support/harbour-server.js";
import { cratesOf, load } from "../support/ship-loads.js";
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

const long = { note: "x".repeat(30_000) };
const settled = (peer: Peer) => peer.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
const crates = (peer: Peer) => cratesOf(peer.named("ship_loaded").map(([payload]) => payload));

const envelopeOf = (peer: Peer) => peer.named("ship_loaded")[0]?.[1] as Entry;

/** A backend in memory, with some of its methods replaced; each is given what it stands for. */
function backendWith(
  methods: Partial<{ [TName in keyof Backend]: (real: Backend) => Backend[TName] }>,
  real = memoryBackend(),
): Backend {
  return new Proxy(real, {
    get(target, name: keyof Backend) {
      const replaced = methods[name]?.(real);
      if (replaced) return replaced;
      const value = target[name];
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}

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
  const enter = () => peer.socket.emitWithAck("$enter", { room: "quay_q1", cursor: { epoch, seq } });
  expect(await enter()).toMatchObject({ recovered: true, paged: true, seq: seq + 7 });
  const page = (after = seq, limit = 100) => peer.socket.emitWithAck("$page", { epoch, after, limit }) as Promise<Page>;
  return { peer, quay, enter, page };
}

/** Ada was in a room whose log becomes another as she comes back to it, before or after it is read. */
async function leaveLogThatBecomesAnother(when: "before" | "after") {
  let became = () => {};
  const backend = backendWith(
    {
      read:
        (real) =>
        async (...asked) => {
          if (when === "before") became();
          const events = await real.read(...asked);
          if (when === "after") became();
          return events;
        },
    },
    memoryBackend({ log: { maxRooms: 2 } }),
  );
  harbour = await openHarbour({ backend });
  const { to } = harbour.server;
  const ada = harbour.announced("ada");
  await ada.got("welcomed");
  await to.quay("q1").emit("ship_loaded", load(1));
  const { epoch } = (await ada.socket.emitWithAck("$enter", { room: "quay_q1" })) as Entry;
  await ada.socket.emitWithAck("undock", { quay_id: "q1" });
  became = () => {
    became = () => {};
    for (const other of ["q2", "q3", "q1"]) void to.quay(other).emit("ship_loaded", load(2));
  };
  return { ada, epoch };
}

describe("a replay in pages", () => {
  it("ends where the room's log became another between two of them, and what came since follows at once", async () => {
    stoppedClock();
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
    const { heads } = (await peer.socket.emitWithAck("$heads", {})) as { heads: object[] };
    expect(heads).toContainEqual({ room: "quay_q1", epoch: expect.any(String), seq: 1 });
  });

  it("ends where one of them cannot be read, and what came since follows at once", async () => {
    stoppedClock();
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

  it("ends where its user asked for too much to be given one of them, and what came since follows at once", async () => {
    stoppedClock();
    harbour = await openHarbour({ limits: { commandBurst: 1, commandsPerSecond: 0.001 } });
    const { peer, quay, page } = await behind();
    const { next } = await page();
    await quay.emit("ship_loaded", load(8));
    await peer.socket.emitWithAck("$heads", {});
    expect(await page(next)).toMatchObject({ ok: false, error: { code: "rate_limited" } });
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

  it("ends when not even the first of them was asked for in 15 s", async () => {
    const { pass } = stoppedClock();
    harbour = await openHarbour();
    const { peer, quay } = await behind();
    await quay.emit("ship_loaded", load(8));
    pass(14_000);
    await settled(peer);
    expect(crates(peer)).toEqual([]);
    pass(2_000);
    await peer.got("ship_loaded");
    expect(crates(peer)).toEqual([8]);
  });

  it.each(["left", "entered anew"])("makes room for what comes during the next, where its room is %s", async (by) => {
    harbour = await openHarbour();
    const { peer, quay, enter, page } = await behind();
    // Twice it would be too much.
    const come = async () => {
      for (let nth = 0; nth < 20; nth++) await quay.emit("ship_loaded", { ...load(nth), ...long });
    };
    await come();
    if (by === "left") await peer.socket.emitWithAck("undock", { quay_id: "q1" });
    expect(await enter()).toMatchObject({ recovered: true, paged: true });
    await come();
    expect(await page()).toMatchObject({ events: [{}, {}] });
  });

  it.each(["what was held", "what another room has"])(
    "ends without the connection that %s is too much for",
    async (by) => {
      const { pass } = stoppedClock();
      harbour = await openHarbour();
      const { peer, quay } = await behind();
      if (by === "what was held") await quay.emit("ship_loaded", load(8));
      const bob = harbour.announced("bob");
      await bob.socket.emitWithAck("$enter", { room: "quay_q1" });
      await peer.socket.emitWithAck("$enter", { room: "quay_q2" });
      stall(peer);
      overfill(harbour, peer, "q2");
      if (by !== "what was held") void harbour.server.to.quay("q2").emit("sailor_came", { sailor_id: "zoe" });
      pass(16_000);
      await bob.socket.emitWithAck("undock", { quay_id: "q1" });
      // The room of bob's own.
      expect(await harbour.server.health()).toMatchObject({ connections: 1, rooms: 1 });
    },
  );

  it("is told apart from what is held: none of that is in them, and the last says no next one", async () => {
    harbour = await openHarbour();
    const { peer, quay, page } = await behind();
    await quay.emit("ship_loaded", load(8));
    let { events, next }: Partial<Page> = await page(0, 1);
    expect(next).toBe(1);
    while (next !== undefined) ({ events, next } = await page(next));
    expect(events).toHaveLength(2);
    await peer.got("ship_loaded");
    expect(crates(peer)).toEqual([8]);
    // One who fills a gap has with the page what was asked for.
    expect(await peer.socket.emitWithAck("$page", { epoch: envelopeOf(peer).epoch, after: 6, limit: 1 })).toEqual({
      events: [expect.anything()],
    });
  });

  it("shows no more of the log than was granted, and nothing of it after the right was taken back", async () => {
    let reading: () => void = () => {};
    let read: (() => void) | undefined;
    const backend = backendWith({
      read:
        (real) =>
        async (room, ...rest) => {
          if (read)
            await new Promise<void>((resolve) => {
              read = resolve;
              reading();
            });
          return real.read(room, ...rest);
        },
    });
    harbour = await openHarbour({ backend, authorize: () => ({ history: 4 }) });
    const quay = harbour.server.to.quay("q1");
    for (let nth = 1; nth <= 7; nth++) await quay.emit("ship_loaded", { ...load(nth), ...long });
    const ada = harbour.announced("ada");
    const entry = (await ada.socket.emitWithAck("$enter", { room: "quay_q1" })) as Entry;
    expect(entry).toMatchObject({ paged: true, seq: 7, after: 3 });
    const page = (after: number) => ada.socket.emitWithAck("$page", { epoch: entry.epoch, after, limit: 100 });
    const forbidden = { ok: false, error: { code: "forbidden" } };
    for (const after of [0, 2, 7]) expect(await page(after)).toEqual(forbidden);
    expect(await page(3)).toMatchObject({ next: 5 });
    // Where it stands was told with the answer; live events are not there yet.
    expect(await ada.socket.emitWithAck("$heads", {})).toMatchObject({ heads: [{ room: "sailor_ada" }] });
    read = () => {};
    const asked = new Promise<void>((resolve) => {
      reading = resolve;
    });
    const answer = page(5);
    await asked;
    await harbour.server.revoke("ada", "quay_q1");
    read();
    expect(await answer).toEqual(forbidden);
  });
});

describe("an entry", () => {
  it("reads the log for nobody before the backend tells of the room", async () => {
    const calls: string[] = [];
    let tell: () => void = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const backend = backendWith({
      watch: () => (room) => {
        calls.push(`watch ${room}`);
        return room === "quay_q1" ? told : undefined;
      },
      generation: (real) => (room, userId) => {
        calls.push(`generation ${room}`);
        return real.generation(room, userId);
      },
      recover:
        (real) =>
        (room, ...rest) => {
          calls.push(`recover ${room}`);
          return real.recover(room, ...rest);
        },
    });
    harbour = await openHarbour({ backend });
    const peers = [harbour.announced("ada"), harbour.announced("bob")];
    for (const peer of peers) await peer.got("welcomed");
    calls.length = 0;
    const entries = peers.map(({ socket }) => socket.emitWithAck("$enter", { room: "quay_q1" }));
    await expect.poll(() => calls.filter((call) => call === "generation quay_q1")).toHaveLength(2);
    for (const peer of peers) await settled(peer);
    expect(calls).not.toContain("recover quay_q1");
    tell();
    expect(await Promise.all(entries)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(calls.filter((call) => call === "watch quay_q1")).toHaveLength(1);
  });

  it("says where the room stands also where its log became another while it was read", async () => {
    const { ada, epoch } = await leaveLogThatBecomesAnother("after");
    const request = { room: "quay_q1", cursor: { epoch, seq: 0 } };
    expect(await ada.socket.emitWithAck("$enter", request)).toMatchObject({ ok: true, epoch, seq: 1 });
    await ada.got("ship_loaded", 2);
    const [, envelope] = ada.named("ship_loaded")[1] as [object, Entry];
    const { heads } = (await ada.socket.emitWithAck("$heads", {})) as { heads: object[] };
    expect(heads).toContainEqual({ room: "quay_q1", epoch: envelope.epoch, seq: 1 });
    expect(envelope.epoch).not.toBe(epoch);
  });

  it("begins at the head where the log became another before it could be read, and says so", async () => {
    const { ada, epoch } = await leaveLogThatBecomesAnother("before");
    const entry = (await ada.socket.emitWithAck("$enter", { room: "quay_q1", cursor: { epoch, seq: 0 } })) as Entry;
    expect(entry).toMatchObject({ ok: true, recovered: false, reason: "replay_failed", seq: 1 });
    expect(entry.epoch).not.toBe(epoch);
    await harbour.server.to.quay("q1").emit("ship_loaded", load(3));
    await settled(ada);
    expect(ada.named("ship_loaded").map(([payload]) => payload)).toMatchObject([load(3)]);
  });

  it("says where the room stands also where its log became another while others were in it", async () => {
    harbour = await openHarbour({ backend: memoryBackend({ log: { maxRooms: 2 } }) });
    const { to } = harbour.server;
    const [ada, bob] = [harbour.announced("ada"), harbour.announced("bob")];
    for (const peer of [ada, bob]) await peer.got("welcomed");
    const enter = (peer: Peer) => peer.socket.emitWithAck("$enter", { room: "quay_q1" }) as Promise<Entry>;
    const { epoch: before } = await enter(bob);
    for (const other of ["q2", "q3"]) await to.quay(other).emit("ship_loaded", load(1));
    const { epoch } = await enter(ada);
    expect(epoch).not.toBe(before);
    const { heads } = (await ada.socket.emitWithAck("$heads", {})) as { heads: object[] };
    expect(heads).toContainEqual({ room: "quay_q1", epoch, seq: 0 });
  });

  it.each(["recover", "read"] as const)(
    "begins at the head where too much came during %s, and says so",
    async (during) => {
      let flood: (() => void) | undefined;
      const flooded = () => {
        flood?.();
        flood = undefined;
      };
      const backend = backendWith({
        recover:
          (real) =>
          async (...asked) => {
            const recovery = await real.recover(...asked);
            if (during === "recover") flooded();
            return recovery;
          },
        read:
          (real) =>
          async (...asked) => {
            const events = await real.read(...asked);
            if (during === "read") flooded();
            return events;
          },
      });
      harbour = await openHarbour({ backend });
      const quay = harbour.server.to.quay("q1");
      const first = harbour.announced("ada");
      const { epoch } = (await first.socket.emitWithAck("$enter", { room: "quay_q1" })) as Entry;
      for (let nth = 1; nth <= 7; nth++) await quay.emit("ship_loaded", { ...load(nth), ...long });
      const peer = harbour.announced("bob");
      await peer.got("welcomed");
      flood = () => {
        for (let nth = 8; nth < 48; nth++) void quay.emit("ship_loaded", { ...load(nth), ...long });
      };
      const answer = await peer.socket.emitWithAck("$enter", { room: "quay_q1", cursor: { epoch, seq: 0 } });
      expect(answer).toMatchObject({ ok: true, epoch, seq: 47, recovered: false, reason: "held_too_much" });
      await quay.emit("ship_loaded", load(48));
      await settled(peer);
      expect(crates(peer)).toEqual([48]);
    },
  );
});
