import { type Backend, memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Harbour, openHarbour } from "../support/harbour-server.js";
import { load } from "../support/ship-loads.js";

let harbour: Harbour;
afterEach(() => {
  vi.useRealTimers();
  return harbour.close();
});

const down = new Error("the line is down");
const never = () => new Promise<never>(() => {});

/** The memory of this process, but for what an application does in its own way. */
function own(methods: Partial<Record<keyof Backend, unknown>>): Backend {
  const near = memoryBackend();
  return new Proxy(near, {
    get: (target, name: keyof Backend) =>
      methods[name] ?? (target[name] as () => unknown).bind?.(target) ?? target[name],
  });
}

/** What the application was told of. */
function told() {
  const errors: (readonly [error: unknown, during: string])[] = [];
  return { errors, onError: (error: unknown, { during }: { during: string }) => void errors.push([error, during]) };
}

const ways = [
  [
    "throws",
    () => {
      throw down;
    },
  ],
  ["rejects", () => Promise.reject(down)],
] as const;

describe("a backend that an application wrote", () => {
  it.each(ways)("leaves no command without its answer where it %s as it is to keep that", async (_way, finish) => {
    const { errors, onError } = told();
    harbour = await openHarbour({ backend: own({ finish }), onError });
    harbour.server.handle("load_ship", () => ({ on_board: 1 }));
    const { socket } = harbour.announced("ada");
    for (const id of ["c-1", "c-2"])
      expect(await socket.emitWithAck("load_ship", { quay_id: "q1", ship_id: "s1", crates: 1 }, { id })).toEqual({
        ok: true,
        data: { on_board: 1 },
      });
    expect(errors).toEqual([
      [down, "backend"],
      [down, "backend"],
    ]);
  });

  it.each(ways)("keeps nobody in the other rooms where it %s as a room is left", async (_way, unwatch) => {
    const { errors, onError } = told();
    harbour = await openHarbour({ backend: own({ unwatch }), onError, presenceGraceMs: 0 });
    const { socket } = harbour.announced("ada");
    for (const room of ["quay_q1", "quay_q2"]) await socket.emitWithAck("$enter", { room });
    socket.disconnect();
    await expect.poll(async () => (await harbour.server.health()).rooms).toBe(0);
    await expect.poll(() => harbour.server.members("quay_q2")).toEqual([]);
    expect(errors.length).toBe(3);
    expect(errors.every(([error, during]) => error === down && during === "backend")).toBe(true);
  });

  it("answers a command that is sent again where nobody can say what became of it", async () => {
    const { errors, onError } = told();
    const begin = () => ({ do: "wait", answer: Promise.reject(down) });
    harbour = await openHarbour({ backend: own({ begin }), onError });
    const { socket } = harbour.announced("ada");
    expect(await socket.emitWithAck("load_ship", { quay_id: "q1", ship_id: "s1", crates: 1 }, { id: "c-1" })).toEqual({
      ok: false,
      error: { code: "backend_unavailable" },
    });
    expect(errors).toEqual([[down, "backend"]]);
  });

  it("is told of where it cannot be opened, at once or later", async () => {
    for (const [, open] of ways) {
      const { errors, onError } = told();
      harbour = await openHarbour({ backend: own({ open }), onError });
      await expect.poll(() => errors).toEqual([[down, "backend"]]);
      await harbour.close();
    }
  });

  it.each(ways)("keeps no server from closing where it %s as it is left", async (_way, close) => {
    const { errors, onError } = told();
    harbour = await openHarbour({ backend: own({ close }), onError });
    await harbour.server.close({ drainMs: 0 });
    expect(errors).toEqual([[down, "close"]]);
  });

  it("keeps no server from closing where it never answers, and is no healthy one", async () => {
    for (const name of ["open", "close"] as const) {
      const { errors, onError } = told();
      harbour = await openHarbour({ backend: own({ [name]: never, health: never }), onError });
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const health = harbour.server.health();
      const closed = harbour.server.close({ drainMs: 0 });
      await vi.advanceTimersByTimeAsync(4_999);
      expect(errors).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      await closed;
      vi.useRealTimers();
      expect(await health).toMatchObject({ ready: false, backend: false });
      expect(errors).toMatchObject([[{ code: "backend_unavailable" }, "close"]]);
    }
  });

  it("is waited for, whatever promises it gives", async () => {
    const near = memoryBackend();
    // As the promises of other libraries have it.
    const later = (then: Promise<unknown>["then"]) => ({ then });
    const append = (...given: Parameters<Backend["append"]>) => {
      const seq = Promise.resolve(near.append(...given));
      return later(seq.then.bind(seq));
    };
    const publish = () => later((_, reject) => Promise.resolve(reject?.(down)) as never);
    harbour = await openHarbour({ backend: own({ append, publish }) });
    expect(await harbour.server.to.quay("q1").emit("ship_loaded", load(1))).toEqual({ ok: true, seq: 1 });
    expect(await harbour.server.to.quay("q1").except("ada").emit("gull_seen", { count: 1 })).toMatchObject({
      ok: false,
      error: { code: "backend_unavailable" },
    });
  });
});
