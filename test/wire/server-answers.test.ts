import { memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "../support/harbour-server.js";

let harbour: Harbour;
afterEach(() => harbour.close());

const crates = { quay_id: "q1", ship_id: "s1", crates: 3 };

describe("answers", () => {
  it("runs a command that comes twice once, while it runs and after, on whatever connection", async () => {
    harbour = await openHarbour();
    let calls = 0;
    let finish: () => void = () => {};
    harbour.server.handle("load_ship", async () => {
      calls++;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { on_board: calls };
    });
    const [one, two] = [harbour.announced("ada"), harbour.announced("ada")];
    const answers = [one.socket.emitWithAck("load_ship", crates, { id: "c1" })];
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (calls === 0) return;
        clearInterval(look);
        resolve();
      }, 1);
    });
    answers.push(
      one.socket.emitWithAck("load_ship", crates, { id: "c1" }),
      two.socket.emitWithAck("load_ship", crates, { id: "c1" }),
    );
    await two.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    finish();
    const applied = { ok: true, data: { on_board: 1 } };
    expect(await Promise.all(answers)).toEqual([applied, applied, applied]);
    expect(await two.socket.emitWithAck("load_ship", crates, { id: "c1" })).toEqual(applied);
    expect(calls).toBe(1);
  });

  it("gives what was begun its answer, however many wait, and refuses only what is new", async () => {
    let allow: (verdict: boolean) => void = () => {};
    const verdict = new Promise<boolean>((resolve) => {
      allow = resolve;
    });
    harbour = await openHarbour({
      authorize: ({ command }) => command !== "whistle" || verdict,
      limits: { commandBurst: 1_000 },
    });
    let calls = 0;
    harbour.server.handle("load_ship", () => ({ on_board: ++calls }));
    harbour.server.handle("whistle", () => {});
    const [one, two] = [harbour.announced("ada"), harbour.announced("ada")];
    const send = ({ socket }: typeof one, id: string) => socket.emitWithAck("load_ship", crates, { id });
    const whistle = ({ socket }: typeof one) => socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" });
    expect(await send(one, "applied")).toEqual({ ok: true, data: { on_board: 1 } });
    const waiting = [whistle(one), send(one, "waits")];
    await one.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    waiting.push(whistle(two), ...Array.from({ length: 255 }, (_, index) => send(two, `c${index}`)));
    const again = send(two, "waits");
    expect(await send(two, "applied")).toEqual({ ok: true, data: { on_board: 1 } });
    expect(await send(two, "new")).toEqual({ ok: false, error: { code: "rate_limited" } });
    expect(calls).toBe(1);
    allow(true);
    const answers = await Promise.all(waiting);
    expect(await again).toEqual(answers[1]);
    expect(new Set(answers.map(({ ok }) => ok))).toEqual(new Set([true]));
    expect(calls).toBe(257);
    expect(await send(two, "new")).toEqual({ ok: true, data: { on_board: 258 } });
  });

  it("gives what another server answered its answer, also to a user who has asked this one for too much", async () => {
    const backend = memoryBackend();
    const [before, limits] = [await openHarbour({ backend }), { commandBurst: 1, commandsPerSecond: 0.001 }];
    harbour = await openHarbour({ backend, limits });
    for (const { server } of [before, harbour]) server.handle("load_ship", () => ({ on_board: 7 }));
    const [one, two] = [before.announced("ada"), harbour.announced("ada")];
    const send = ({ socket }: typeof one, id: string) => socket.emitWithAck("load_ship", crates, { id });
    const applied = { ok: true, data: { on_board: 7 } };
    expect([await send(one, "c1"), await send(two, "c2"), await send(two, "c1")]).toEqual([applied, applied, applied]);
    expect(await send(two, "c3")).toMatchObject({ ok: false, error: { code: "rate_limited" } });
    expect(await send(one, "c3")).toEqual(applied);
    await before.close();
  });

  it("starts commands that are sent again on another connection in the order sent, though the first is still asked for", async () => {
    let asked: () => void = () => {};
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let allow: (verdict: boolean) => void = () => {};
    const verdict = new Promise<boolean>((resolve) => {
      allow = resolve;
    });
    let questions = 0;
    harbour = await openHarbour({
      authorize() {
        asked();
        return questions++ === 0 ? verdict : true;
      },
    });
    const tunes: string[] = [];
    harbour.server.handle("whistle", ({ tune }) => void tunes.push(tune));
    const whistle = (tune: string) => [{ quay_id: "q", tune }, { id: tune }] as const;
    const [old, again] = [harbour.announced("ada"), harbour.announced("ada")];
    for (const tune of ["a", "b"]) old.socket.emit("whistle", ...whistle(tune));
    await asking;
    const answers = ["a", "b", "c"].map((tune) => again.socket.emitWithAck("whistle", ...whistle(tune)));
    // A ping waits for no command: all of them have come by then.
    await again.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    allow(true);
    await Promise.all(answers);
    expect(tunes).toEqual(["a", "b", "c"]);
  });

  it("keeps a new connection no longer than a handler may take where what is sent again on it never starts", async () => {
    let asked: () => void = () => {};
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let questions = 0;
    harbour = await openHarbour({
      commandTimeoutMs: 50,
      authorize() {
        asked();
        return questions++ === 0 ? new Promise<never>(() => {}) : true;
      },
    });
    harbour.server.handle("whistle", () => {});
    const whistle = (tune: string) => [{ quay_id: "q", tune }, { id: tune }] as const;
    const [old, again] = [harbour.announced("ada"), harbour.announced("ada")];
    old.socket.emit("whistle", ...whistle("a"));
    await asking;
    again.socket.emit("whistle", ...whistle("a"));
    expect(await again.socket.emitWithAck("whistle", ...whistle("b"))).toEqual({ ok: true, data: {} });
    // The first is still counted as running.
    await harbour.server.close({ drainMs: 0 });
  });

  it("keeps answers by user: an id of somebody else's is a command of its own", async () => {
    harbour = await openHarbour();
    const seen: string[] = [];
    harbour.server.handle("whistle", (_command, { userId }) => {
      seen.push(userId);
    });
    for (const user of ["ada", "eve", "ada"])
      expect(
        await harbour.announced(user).socket.emitWithAck("whistle", { quay_id: "q", tune: "a" }, { id: "c1" }),
      ).toEqual({ ok: true, data: {} });
    expect(seen).toEqual(["ada", "eve"]);
  });

  it("lets nobody wait for a command of somebody else's that has the same id", async () => {
    let allow: (verdict: boolean) => void = () => {};
    const verdict = new Promise<boolean>((resolve) => {
      allow = resolve;
    });
    harbour = await openHarbour({ authorize: ({ user }) => user.userId !== "ada" || verdict });
    harbour.server.handle("load_ship", () => ({ on_board: 1 }));
    const [ada, eve] = [harbour.announced("ada"), harbour.announced("eve")];
    const asked = ada.socket.emitWithAck("load_ship", crates, { id: "c1" });
    await ada.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    const applied = { ok: true, data: { on_board: 1 } };
    expect(await eve.socket.emitWithAck("load_ship", crates, { id: "c1" })).toEqual(applied);
    allow(true);
    expect(await asked).toEqual(applied);
  });

  it.each([
    [undefined, 300_000],
    [1_000, 1_000],
    [Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER],
  ])("says for how long they are kept: with %s ms, %i", async (keepMs, answer_ms) => {
    harbour = await openHarbour({ backend: memoryBackend(keepMs === undefined ? {} : { answers: { keepMs } }) });
    const [hello] = await harbour.announced("ada").got("$hello");
    expect(hello).toMatchObject({ limits: { answer_ms } });
  });

  it("keeps refusals too, and takes a malformed id for none", async () => {
    harbour = await openHarbour();
    let calls = 0;
    harbour.server.handle("load_ship", () => {
      calls++;
      throw new Error("broken");
    });
    const { socket } = harbour.announced("ada");
    for (const id of ["c1", "c1", 7, "", "a b", "x".repeat(65)])
      expect(await socket.emitWithAck("load_ship", crates, { id })).toEqual({ ok: false, error: { code: "internal" } });
    expect(calls).toBe(5);
  });
});

it("gives what a command was refused for again where it is sent again, whatever it was refused for", async () => {
  let asked = 0;
  harbour = await openHarbour({ authorize: ({ command }) => ++asked > 0 && command === "load_ship" });
  const { socket } = harbour.announced("ada");
  for (const [name, payload, code] of [
    ["whistle", { quay_id: "q1", tune: "la" }, "forbidden"],
    ["whistle", { quay_id: "q1", tune: "" }, "payload_invalid"],
    ["load_ship", crates, "not_handled"],
  ] as const) {
    for (let times = 0; times < 2; times++)
      expect(await socket.emitWithAck(name, payload, { id: code })).toMatchObject({ ok: false, error: { code } });
  }
  expect(asked).toBe(2);
});

/** A handler of `load_ship` that has begun once `started` is fulfilled, and answers after `finish()`. */
function holdLoading(): { started: Promise<void>; finish: () => void } {
  let finish: () => void = () => {};
  const started = new Promise<void>((begun) => {
    harbour.server.handle("load_ship", async () => {
      begun();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { on_board: 1 };
    });
  });
  return { started, finish: () => finish() };
}

describe("connections", () => {
  it("ends the half-open link of the same client, and leaves another tab alone", async () => {
    harbour = await openHarbour();
    const [old, tab, eve] = [
      harbour.announced("ada", { client: "a" }),
      harbour.announced("ada", { client: "b" }),
      harbour.announced("eve", { client: "a" }),
    ];
    await Promise.all([old, tab, eve].map((peer) => peer.got("welcomed")));
    const watcher = harbour.plain("watcher");
    await watcher.socket.emitWithAck("dock", { quay_id: "q1" });
    await old.socket.emitWithAck("$enter", { room: "quay_q1" });
    const gone = new Promise((resolve) => old.socket.once("disconnect", resolve));
    const again = harbour.announced("ada", { client: "a" });
    await again.socket.emitWithAck("$enter", { room: "quay_q1" });
    await gone;
    expect(old.named("$bye")).toEqual([[{ code: "evicted", retry_after_ms: 0, spread_ms: 0 }]]);
    await watcher.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    expect(watcher.named("sailor_came")).toHaveLength(1);
    expect(watcher.named("sailor_went")).toHaveLength(0);
    expect([tab.socket.connected, eve.socket.connected]).toEqual([true, true]);
  });

  it("closes gracefully: running commands are answered, later ones are left to the next server, clients are told to spread", async () => {
    harbour = await openHarbour();
    const { started, finish } = holdLoading();
    const [ada, bob] = [harbour.announced("ada"), harbour.plain("bob")];
    await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    const running = ada.socket.emitWithAck("load_ship", crates, { id: "c1" });
    await started;
    const gone = Promise.all(
      [ada, bob].map(({ socket }) => new Promise((resolve) => socket.once("disconnect", resolve))),
    );
    const closed = harbour.server.close({ drainMs: 5_000 });
    expect(await harbour.server.health()).toMatchObject({ ready: false, draining: true });
    let later: unknown;
    ada.socket.emit("load_ship", crates, { id: "c2" }, (answer: unknown) => {
      later = answer;
    });
    expect(await bob.socket.emitWithAck("load_ship", crates)).toEqual({ ok: false, error: { code: "server_closing" } });
    const late = harbour.announced("zoe");
    const refusal = new Promise((resolve) =>
      late.socket.once("connect_error", (error) => resolve((error as Error & { data?: unknown }).data)),
    );
    expect(await refusal).toEqual({ code: "server_closing" });
    void harbour.server.to.quay("q1").emit("tide_turned", { level: 7 });
    finish();
    expect(await running).toEqual({ ok: true, data: { on_board: 1 } });
    await closed;
    await gone;
    expect(later).toBeUndefined();
    expect(ada.named("$bye")).toEqual([[{ code: "server_closing", retry_after_ms: 0, spread_ms: 5_000 }]]);
    expect(bob.named("tide_turned")).toHaveLength(1);
  });

  it("waits for every running command as it closes, not for the first alone", async () => {
    harbour = await openHarbour();
    const { started, finish } = holdLoading();
    let whistled = () => {};
    const whistling = new Promise<void>((begun) => {
      harbour.server.handle("whistle", async () => {
        begun();
        await new Promise<void>((resolve) => {
          whistled = resolve;
        });
      });
    });
    const { socket } = harbour.announced("ada");
    const loading = socket.emitWithAck("load_ship", crates);
    const whistle = socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" });
    await Promise.all([started, whistling]);
    const closed = harbour.server.close({ drainMs: 5_000 });
    whistled();
    expect(await whistle).toEqual({ ok: true, data: {} });
    finish();
    expect(await loading).toEqual({ ok: true, data: { on_board: 1 } });
    await closed;
  });

  it.each([
    [Number.POSITIVE_INFINITY, { ok: true, data: { on_board: 1 } }, 2 ** 31 - 1],
    [Number.NaN, { ok: true, data: { on_board: 1 } }, 10_000],
    [-5, "not answered", 0],
  ])("takes %s ms to drain for a time that there is", async (drainMs, answer, spread_ms) => {
    harbour = await openHarbour();
    const { started, finish } = holdLoading();
    const ada = harbour.announced("ada");
    const running = ada.socket.emitWithAck("load_ship", crates, { id: "c1" }).catch(() => "not answered");
    await started;
    const closed = harbour.server.close({ drainMs });
    // Longer than a timer that went off at once.
    await new Promise((resolve) => setTimeout(resolve, 50));
    finish();
    expect(await running).toEqual(answer);
    await closed;
    expect(ada.named("$bye")).toEqual([[{ code: "server_closing", retry_after_ms: 0, spread_ms }]]);
  });
});
