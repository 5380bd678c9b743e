import { memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { connected, record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { createClient } from "../support/harbour-client.js";
import { createPeer, type Harbour, once, openHarbour, type Peer } from "../support/harbour-server.js";
import { aTick, movableClocks } from "../support/movable-clocks.js";
import { ScriptedServer } from "../support/scripted-server.js";

afterEach(async () => {
  vi.restoreAllMocks();
});

interface Given {
  readonly user: string;
  /** Unix ms */
  readonly until: number;
}

/** A server that believes who a client says it is, and until when. */
async function open(options: object = {}): Promise<Harbour> {
  return closedAtEnd(
    await openHarbour({
      authenticate: ({ auth }) => {
        const { user, until } = auth as unknown as Given;
        return typeof user === "string" ? { userId: user, expiresAt: until } : null;
      },
      expiryGraceMs: 200,
      ...options,
    }),
  );
}

const announce = (given: object) => ({
  ...given,
  $events: { v: 1, contract: "harbour@1.0.0", client: "c", cursors: [] },
});
const inMs = (ms: number): Given => ({ user: "ada", until: Date.now() + ms });
const gone = (socket: { once(name: string, listener: () => void): unknown }) => once(socket, "disconnect");

describe("a credential that ends while its connection is open", () => {
  it("is warned of, and the client hands over another one by itself, in the same connection", async () => {
    const clocks = movableClocks();
    const harbour = await open({ expiryWarningMs: 10_000 });
    const first = inMs(20_000);
    // One who was given the same and hands over no other is ended when that is over.
    const other = createPeer(harbour.url, announce({ ...first, user: "bob" }));
    const ended = gone(other.socket);
    let reads = 0;
    const client = createClient(harbour.url, { auth: () => (reads++ === 0 ? first : inMs(60_000)) });
    const heard = record(client, "ws:disconnected", "ws:error", "letter:came");
    await connected(client);
    await client.join(contract.rooms.quay("q"));
    clocks.pass(15_000);
    await expect.poll(() => reads).toBe(2);
    // Answered after what it handed over.
    await client.join(contract.rooms.quay("third"));
    clocks.pass(6_000);
    await ended;
    expect(reads).toBe(2);
    // Past the first end and its grace, it is still the same connection, and may still enter.
    await client.join(contract.rooms.quay("other"));
    await harbour.server.to.sailor("ada").emit("letter_came", { kind: "text", text: "still here" });
    await heard.atLeast(1);
    expect(heard.map(({ name }) => name)).toEqual(["letter:came"]);
  });

  it("is looked after no longer than its connection is open", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const harbour = await open();
    const { socket, got } = createPeer(harbour.url, announce(inMs(3_600_000)));
    await got("$hello");
    // The other looks after what the backend keeps.
    expect(vi.getTimerCount()).toBe(2);
    socket.disconnect();
    await expect.poll(async () => (await harbour.server.health()).connections).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(1);
    await createPeer(harbour.url, announce(inMs(3_600_000))).got("$hello");
    await harbour.server.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is not looked after where the connection went while that was judged", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    let asked = 0;
    let decide = () => {};
    const judged = new Promise<void>((resolve) => {
      decide = resolve;
    });
    const harbour = await open({
      authenticate: async () => {
        const isSecond = ++asked === 2;
        if (isSecond) await judged;
        return isSecond ? { userId: "ada", expiresAt: Date.now() + 3_600_000 } : { userId: "ada" };
      },
    });
    const { socket, got } = createPeer(harbour.url, announce({}));
    await got("$hello");
    const resting = vi.getTimerCount();
    socket.emit("$auth", { auth: {} }, () => {});
    await expect.poll(() => asked).toBe(2);
    socket.disconnect();
    await expect.poll(async () => (await harbour.server.health()).connections).toBe(0);
    decide();
    await createPeer(harbour.url, announce({})).got("$hello");
    expect(vi.getTimerCount()).toBe(resting);
  });

  it("ends it after the grace, and the client comes back with another one", async () => {
    const clocks = movableClocks();
    const harbour = await open({ expiryGraceMs: 10_000 });
    let auth: object = inMs(20_000);
    const client = createClient(harbour.url, { auth: () => auth });
    const heard = record(client, "ws:disconnected");
    await connected(client);
    clocks.pass(25_000);
    await aTick();
    expect(heard).toHaveLength(0);
    clocks.pass(5_000);
    await heard.atLeast(1);
    expect(heard.payloads("ws:disconnected")).toEqual([{ reason: "credential_expired" }]);
    auth = inMs(60_000);
    client.connect();
    await snapshot(client, { status: "connected" });
  });

  it("ends it where a time that was given for it is no number", async () => {
    const clocks = movableClocks();
    const harbour = await open({ expiryWarningMs: Number.NaN, expiryGraceMs: 0 });
    const peer = harbour.plain("x", { auth: announce(inMs(20_000)) });
    await peer.got("$hello");
    clocks.pass(20_000);
    await gone(peer.socket);
    expect(peer.named("$bye")).toMatchObject([[{ code: "credential_expired" }]]);
  });

  it("lets no room be entered from its end on, and ends after its grace", async () => {
    const clocks = movableClocks();
    const harbour = await open({ expiryGraceMs: 10_000 });
    const given = inMs(20_000);
    const peer = harbour.plain("x", { auth: announce(given) });
    await peer.got("$hello");
    expect(await peer.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: true });
    clocks.pass(20_000);
    expect(await peer.socket.emitWithAck("$enter", { room: "quay_q2" })).toEqual({
      ok: false,
      error: { code: "credential_expired" },
    });
    clocks.pass(10_000);
    await gone(peer.socket);
    expect(peer.named("$bye")).toEqual([[{ code: "credential_expired", retry_after_ms: 0, spread_ms: 0 }]]);
    // And it is not let in again with the same.
    const again = harbour.plain("x", { auth: announce(given) });
    const [error] = (await once(again.socket, "connect_error")) as [{ data: unknown }];
    expect(error.data).toEqual({ code: "credential_expired" });
  });

  it("lets none be entered that it was asked for before its end, either", async () => {
    const clocks = movableClocks();
    const authorize = async () => {
      clocks.pass(20_000);
      return true;
    };
    const harbour = await open({ authorize, expiryGraceMs: 20_000 });
    const peer = harbour.plain("x", { auth: announce(inMs(20_000)) });
    await peer.got("$hello");
    expect(await peer.socket.emitWithAck("$enter", { room: "quay_q1" })).toEqual({
      ok: false,
      error: { code: "credential_expired" },
    });
    expect(harbour.io.sockets.adapter.rooms.has("quay_q1")).toBe(false);
  });

  it("is what one is told of whose credential ended, and no refusal for good, where authorize says no to it", async () => {
    const clocks = movableClocks();
    const harbour = await open({
      authorize: ({ user }: { user: { expiresAt: number } }) => user.expiresAt > Date.now(),
      expiryGraceMs: 20_000,
    });
    const peer = harbour.plain("x", { auth: announce(inMs(20_000)) });
    await peer.got("$hello");
    clocks.pass(20_000);
    expect(await peer.socket.emitWithAck("$enter", { room: "quay_q1" })).toEqual({
      ok: false,
      error: { code: "credential_expired" },
    });
  });

  it("is warned of, too, where it ends before the connection is welcomed", async () => {
    const clocks = movableClocks();
    const given = inMs(20_000);
    const evict = async () => clocks.pass(20_000);
    const harbour = await open({ backend: Object.assign(memoryBackend(), { evict }), expiryGraceMs: 20_000 });
    const peer = harbour.plain("x", { auth: announce(given) });
    const [hello] = await peer.got("$hello");
    expect(Date.now()).toBeGreaterThanOrEqual(given.until);
    expect(hello).toMatchObject({ rooms: [{ room: "sailor_ada" }] });
    await peer.got("$warn");
    expect(await peer.socket.emitWithAck("$auth", { auth: inMs(60_000) })).toEqual({ ok: true });
    expect(await peer.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: true });
  });

  it("ends a plain peer's connection amid what it is sent, and tells it in its own way", async () => {
    const clocks = movableClocks();
    const harbour = await open();
    const peer = harbour.plain("x", { auth: inMs(20_000) });
    await peer.got("welcomed");
    const sending = setInterval(() => void harbour.server.to.sailor("ada").emit("letter_came", letter), 5);
    onTestFinished(() => clearInterval(sending));
    await peer.got("letter_came", 6);
    clocks.pass(20_200);
    await gone(peer.socket);
    expect(peer.named("refused")).toEqual([[{ message: "Sign in again." }]]);
    expect((await harbour.server.health()).connections).toBe(0);
  });

  it("is warned of again and again, ever closer to its end, where the client has no other", async () => {
    const clocks = movableClocks();
    const harbour = await open({ expiryWarningMs: 16_000, expiryGraceMs: 8_000 });
    const given = inMs(20_000);
    const peer = harbour.plain("x", { auth: announce(given) });
    await peer.got("$hello");
    clocks.pass(10_000);
    await peer.got("$warn");
    expect(await peer.socket.emitWithAck("$auth", { auth: given })).toEqual({ ok: true });
    // Half of what is left, each time.
    clocks.pass(5_000);
    await peer.got("$warn", 2);
    clocks.pass(2_500);
    await peer.got("$warn", 3);
    clocks.pass(10_500);
    await gone(peer.socket);
    expect(new Set(peer.named("$warn").map(([body]) => (body as { expires_at: number }).expires_at))).toEqual(
      new Set([given.until]),
    );
    expect(peer.named("$warn").length).toBeLessThan(15);
  });
});

describe("another credential in band", () => {
  const answerTo = async (body: unknown, options: object = {}) => {
    const harbour = await open(options);
    const peer = harbour.plain("x", { auth: announce(inMs(60_000)) });
    await peer.got("$hello");
    return { harbour, peer, answer: await peer.socket.emitWithAck("$auth", body) };
  };
  const refusal = (code: string) => ({ ok: false, error: { code } });

  it("is refused where it is malformed, wrong, over, or somebody else's, and the connection stays what it is", async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(200)}1${"}".repeat(200)}`) as object;
    const polluted = JSON.parse('{"user":"ada","__proto__":{"admin":true}}') as object;
    for (const body of [undefined, null, 1, "x", [], {}, { auth: null }, { auth: [] }, { auth: "ada" }]) {
      let asked = 0;
      const authenticate = () => asked++ < 2 && { userId: "ada" };
      expect((await answerTo(body, { authenticate })).answer).toEqual(refusal("unauthenticated"));
      // It is nobody's: the application is not asked.
      expect(asked).toBe(1);
    }
    expect((await answerTo({ auth: {} })).answer).toEqual(refusal("unauthenticated"));
    for (const auth of [deep, { ...inMs(1_000), deep }, polluted])
      expect((await answerTo({ auth })).answer).toEqual(refusal("unauthenticated"));
    expect((await answerTo({ auth: inMs(-1) })).answer).toEqual(refusal("credential_expired"));
    const { harbour, peer, answer } = await answerTo({ auth: { ...inMs(60_000), user: "eve" } });
    expect(answer).toEqual(refusal("identity_mismatch"));
    await harbour.server.to.sailor("eve").emit("letter_came", letter);
    await harbour.server.to.sailor("ada").emit("letter_came", letter);
    await peer.got("letter_came");
    expect(peer.named("letter_came")).toHaveLength(1);
  });

  it("that does not end keeps the connection past the end of the one before", async () => {
    const clocks = movableClocks();
    const harbour = await open({ expiryWarningMs: 100, expiryGraceMs: 10_000 });
    const [kept, other] = ["kept", "other"].map((user) =>
      harbour.plain("x", { auth: announce({ ...inMs(20_000), user }) }),
    ) as [Peer, Peer];
    await Promise.all([kept, other].map((peer) => peer.got("$hello")));
    expect(await kept.socket.emitWithAck("$auth", { auth: { user: "kept" } })).toEqual({ ok: true });
    clocks.pass(20_000);
    await other.got("$warn");
    clocks.pass(10_000);
    await gone(other.socket);
    expect(await kept.socket.emitWithAck("$enter", { room: "quay_q1" })).toMatchObject({ ok: true });
    expect(kept.named("$warn")).toEqual([]);
  });

  it("is judged one at a time", async () => {
    let decide: (user: { userId: string }) => void = () => {};
    let asked = 0;
    const harbour = closedAtEnd(
      await openHarbour({
        authenticate: () =>
          asked++ === 0
            ? { userId: "ada" }
            : new Promise<{ userId: string }>((resolve) => {
                decide = resolve;
              }),
      }),
    );
    const peer = harbour.announced("ada");
    await peer.got("$hello");
    const first = peer.socket.emitWithAck("$auth", { auth: {} });
    expect(await peer.socket.emitWithAck("$auth", { auth: {} })).toEqual(refusal("rate_limited"));
    decide({ userId: "ada" });
    expect(await first).toEqual({ ok: true });
    expect(asked).toBe(2);
  });

  it("is refused where authenticate never answers, so that another one may come", async () => {
    const errors: unknown[] = [];
    let asked = 0;
    const harbour = closedAtEnd(
      await openHarbour({
        authenticate: () => (++asked === 2 ? new Promise(() => {}) : { userId: "ada" }),
        commandTimeoutMs: 50,
        onError: (error, { during }) => errors.push([during, error]),
      }),
    );
    const peer = harbour.announced("ada");
    await peer.got("$hello");
    expect(await peer.socket.emitWithAck("$auth", { auth: {} })).toEqual(refusal("backend_unavailable"));
    expect(errors).toMatchObject([["authenticate", { code: "backend_unavailable" }]]);
    expect(await peer.socket.emitWithAck("$auth", { auth: {} })).toEqual({ ok: true });
  });

  it("is refused where what authenticate gives cannot be read, and the application is told why", async () => {
    const told: unknown[] = [];
    let asked = 0;
    const unreadable = {
      get userId(): string {
        throw new Error("unreadable");
      },
    };
    const { answer } = await answerTo(
      { auth: {} },
      {
        authenticate: () => (asked++ === 0 ? { userId: "ada" } : unreadable),
        onError: (error: Error, { during }: { during: string }) => told.push([during, error.message]),
      },
    );
    expect(answer).toEqual(refusal("internal"));
    expect(told).toEqual([["authenticate", "unreadable"]]);
  });

  it("is what later questions are asked with", async () => {
    const users: unknown[] = [];
    const { harbour, peer } = await answerTo(
      { auth: { user: "ada", until: Date.now() + 60_000, level: 2 } },
      {
        authenticate: ({ auth }: { auth: Record<string, unknown> }) => ({ userId: "ada", level: auth.level ?? 1 }),
        authorize: ({ user }: { user: unknown }) => users.push(user) > 0,
      },
    );
    harbour.server.handle("whistle", (_command, { user }) => {
      users.push(user);
    });
    await peer.socket.emitWithAck("$enter", { room: "quay_q1" });
    await peer.socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" });
    expect(users).toEqual([1, 2, 3].map(() => ({ userId: "ada", level: 2 })));
  });
});

describe("a client's credential", () => {
  it("is read again by itself when the server warns, and handed over in the connection", async () => {
    const server = await ScriptedServer.start();
    let reads = 0;
    const client = createClient(server.url, { auth: () => ({ token: ++reads }) });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    server.sockets[0]?.emit("$warn", { expires_at: Date.now() + 1_000 });
    const asked = await server.next("$auth");
    expect(asked.body).toEqual({ auth: { token: 2 } });
    asked.answer({ ok: true });
    server.sockets[0]?.emit("$warn", { expires_at: Date.now() + 1_000 });
    (await server.next("$auth")).answer({ ok: false, error: { code: "unauthenticated" } });
    await errors.atLeast(1);
    expect(errors.payloads("ws:error")).toMatchObject([
      { code: "unauthenticated", error: { message: expect.stringMatching(/\(docs\/errors\.md#unauthenticated\)$/) } },
    ]);
    expect(client.connection.getSnapshot().status).toBe("connected");
  });

  it("is handed over by the next connection where this one goes meanwhile, and that is no error", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    server.sockets[0]?.emit("$warn", { expires_at: Date.now() + 1_000 });
    await server.next("$auth");
    server.drop();
    await snapshot(client, { status: "reconnecting" });
    await snapshot(client, { status: "connected" });
    expect(errors.payloads("ws:error")).toEqual([]);
  });

  it("is told of where it cannot be read while connected", async () => {
    const server = await ScriptedServer.start();
    const signedOut = new Error("signed out");
    const auths = [async () => ({ token: "ada" }), () => Promise.reject(signedOut)];
    const client = createClient(server.url, { auth: () => auths.shift()?.() });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    server.sockets[0]?.emit("$warn", { expires_at: Date.now() + 1_000 });
    await errors.atLeast(1);
    expect(errors.payloads("ws:error")).toEqual([{ code: "unauthenticated", error: signedOut }]);
    expect(client.connection.getSnapshot().status).toBe("connected");
  });

  it("is missed by nobody where it cannot be read once the client is closed", async () => {
    const server = await ScriptedServer.start();
    const reads: ((error: Error) => void)[] = [];
    const client = createClient(server.url, {
      auth: () =>
        client.connection.getSnapshot().status === "connected"
          ? new Promise<object>((_, reject) => reads.push(reject))
          : { token: "ada" },
    });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    server.sockets[0]?.emit("$warn", { expires_at: Date.now() + 1_000 });
    await expect.poll(() => reads.length).toBe(1);
    client.close();
    reads[0]?.(new Error("signed out"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors.payloads("ws:error")).toEqual([]);
  });
});

describe("the clock", () => {
  it.each([-600_000, 600_000])(
    "may be set by %i ms while connected: no connection ends sooner or later",
    async (step) => {
      const real = Date.now.bind(Date);
      const clocks = movableClocks();
      const harbour = await open({ expiryWarningMs: 100, expiryGraceMs: 10_000 });
      const peer = harbour.plain("x", { auth: announce(inMs(20_000)) });
      await peer.got("$hello");
      vi.spyOn(Date, "now").mockImplementation(() => real() + step);
      clocks.pass(25_000);
      await aTick();
      expect(peer.socket.connected).toBe(true);
      clocks.pass(5_000);
      await gone(peer.socket);
    },
  );

  it("counts lifetimes of years, longer than any timer", async () => {
    const clocks = movableClocks();
    const harbour = await open({ expiryWarningMs: 100 });
    const peers = [2 ** 31, 2 ** 32 + 50, 2 ** 45].map((ms, index) =>
      harbour.plain("x", { auth: announce({ user: `ada-${index}`, until: Date.now() + ms }) }),
    );
    await Promise.all(peers.map((peer) => peer.got("welcomed")));
    // A timer that was set for longer than it can count would have gone off by then.
    const bob = harbour.plain("x", { auth: announce({ ...inMs(20_000), user: "bob" }) });
    await bob.got("$hello");
    clocks.pass(20_000);
    await bob.got("$warn");
    for (const peer of peers) {
      expect(peer.socket.connected).toBe(true);
      expect(peer.named("$warn")).toEqual([]);
    }
  });
});

const letter = { kind: "text", text: "hello" } as const;
