import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { lost, nextLocal, record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { startFaultProxy } from "../support/fault-proxy.js";
import { createClient } from "../support/harbour-client.js";
import { ScriptedServer } from "../support/scripted-server.js";

async function startProxy(server: ScriptedServer) {
  return closedAtEnd(await startFaultProxy(server.port));
}

/** Counts the attempts to connect, each of which reads the credential first, and lets a minute pass at once. */
function watchAttempts() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  onTestFinished(() => void vi.useRealTimers());
  let count = 0;
  return {
    auth: () => ({ token: `ada-${++count}` }),
    /** How many are made within a minute from now, longer than any wait between two. */
    async inAMinute() {
      const before = count;
      await vi.advanceTimersByTimeAsync(60_000);
      return count - before;
    },
  };
}

/** What a browser would tell of its network, until the test is over. */
function openPage() {
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  onTestFinished(() => void vi.unstubAllGlobals());
  const show = (persisted: boolean) => page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
  return Object.assign(page, { show });
}

describe("reconnecting", () => {
  it("reads auth again for every attempt, and keeps the client's id", async () => {
    const server = await ScriptedServer.start();
    let reads = 0;
    const client = createClient(server.url, { auth: async () => ({ token: `t${++reads}` }) });
    await snapshot(client, { status: "connected" });
    await lost(client, () => server.drop());
    await snapshot(client, { status: "connected" });
    expect(server.auths.map(({ token }) => token)).toEqual(["t1", "t2"]);
    const ids = server.auths.map(({ $events }) => ($events as { client: string }).client);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[0]).toMatch(/^[\w-]{20}$/);
  });

  it("reads the options of Socket.IO's client once the credential is there, which may stand in a header as well", async () => {
    const server = await ScriptedServer.start();
    const socket: { extraHeaders?: Record<string, string> } = {};
    const auth = async () => {
      socket.extraHeaders = { "x-token": "t" };
      return { token: "t" };
    };
    const client = createClient(server.url, { socket, auth });
    await snapshot(client, { status: "connected" });
    expect(server.sockets[0]?.handshake.headers).toMatchObject({ "x-token": "t" });
  });

  it("has a line of its own beside a client of another namespace, whose options are not its own", async () => {
    const server = await ScriptedServer.start();
    for (const name of ["/quay", "/sea"]) {
      server.io.of(name);
      await snapshot(createClient(server.url + name, { helloTimeoutMs: 10 }), { status: "connected" });
    }
    expect(server.io.engine.clientsCount).toBe(2);
  });

  it("gives a handshake its usual time where 0 or no number is said for it", async () => {
    const server = await ScriptedServer.start();
    for (const handshakeTimeoutMs of [0, Number.NaN])
      await snapshot(createClient(server.url, { handshakeTimeoutMs }), { status: "connected", attempt: 0 });
  });

  it("goes on when auth fails, and tells of it", async () => {
    const server = await ScriptedServer.start();
    let reads = 0;
    const client = createClient(server.url, {
      auth: () => {
        if (++reads === 1) throw new Error("no token yet");
        return { token: "t" };
      },
    });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected", attempt: 0 });
    expect(errors.payloads("ws:error")).toMatchObject([
      { code: "unauthenticated", error: { message: "no token yet" } },
    ]);
  });

  it("asks for auth again where it hangs, as a request may in a line that is dead, and takes no late one", async () => {
    const server = await ScriptedServer.start();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    onTestFinished(() => void vi.useRealTimers());
    const asked: ((credential: object) => void)[] = [];
    const client = createClient(server.url, { auth: () => new Promise<object>((resolve) => asked.push(resolve)) });
    await expect.poll(() => asked.length).toBe(1);
    vi.advanceTimersByTime(60_000);
    await snapshot(client, { status: "connecting", reason: "connection_failed", attempt: 1 });
    await expect.poll(() => asked.length, { timeout: 5_000 }).toBe(2);
    asked[0]?.({ token: "late" });
    asked[1]?.({ token: "t" });
    await snapshot(client, { status: "connected" });
    expect(server.auths).toMatchObject([{ token: "t" }]);
  });

  it("goes on where what looks at its frames throws, and tells of it", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url, {
      debug() {
        throw new Error("no console");
      },
    });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "internal", error: { message: "no console" } }]);
  });

  it("is offline where it is gone and the browser says so, and tried at once when that is over", async () => {
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    const page = openPage();
    const tell = (onLine: boolean) => {
      vi.stubGlobal("navigator", { onLine });
      page.dispatchEvent(new Event(onLine ? "online" : "offline"));
    };
    const client = createClient(proxy.url);
    const now = () => client.connection.getSnapshot();
    await snapshot(client, { status: "connected" });
    // A line may well outlive what the browser says.
    tell(false);
    expect(now().status).toBe("connected");
    tell(true);
    proxy.set({ accept: "reset" });
    proxy.cut();
    const waiting = await snapshot(client, { status: "reconnecting", attempt: 2 });
    tell(false);
    expect(now()).toEqual({ ...waiting, status: "offline" });
    await snapshot(client, { status: "offline", attempt: 3 });
    proxy.set({ accept: "pass" });
    tell(true);
    expect(now()).toMatchObject({ status: "reconnecting", attempt: 0 });
    await snapshot(client, { status: "connected" });
  });

  it("connects anew where the page comes out of the back/forward cache, and not as it is shown at first", async () => {
    const server = await ScriptedServer.start();
    const { show } = openPage();
    const client = createClient(server.url);
    const told = record(client, "ws:connected", "ws:disconnected");
    await snapshot(client, { status: "connected" });
    show(false);
    expect(client.connection.getSnapshot().status).toBe("connected");
    show(true);
    expect(client.connection.getSnapshot()).toMatchObject({ status: "reconnecting", reason: "closed" });
    await told.atLeast(3);
    expect(told.map(({ name }) => name)).toEqual(["ws:connected", "ws:disconnected", "ws:connected"]);
    expect(server.sockets).toHaveLength(2);
    client.close();
    show(true);
    expect(client.connection.getSnapshot().status).toBe("idle");
  });

  it("writes nothing to the line that it gives up there, though what was asked on it comes to nothing", async () => {
    const server = await ScriptedServer.start();
    const { show } = openPage();
    const client = createClient(server.url);
    const heard = record(client, "ws:command");
    client.join(contract.rooms.quay("q")).catch(() => {});
    await server.next("$enter");
    void client.send("load_ship", { quay_id: "q", ship_id: "s", crates: 1 }).catch(() => {});
    show(true);
    expect(heard.payloads("ws:command")).toMatchObject([{ state: "queued" }]);
  });

  it("tries at once where the page comes out of the back/forward cache while another attempt is waited for", async () => {
    const server = await ScriptedServer.start();
    const { show } = openPage();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    await lost(client, () => {
      server.sockets[0]?.emit("$bye", { code: "server_closing", retry_after_ms: 60_000, spread_ms: 0 });
      server.sockets[0]?.disconnect();
    });
    show(true);
    await snapshot(client, { status: "connected" });
    expect(server.auths).toHaveLength(2);
  });

  it("begins its waits anew when the browser finds a network, which may take some moments to work", async () => {
    // Each wait is the longest that may be drawn: a tenth one of 30 s.
    const random = vi.spyOn(Math, "random").mockReturnValue(0.999);
    onTestFinished(() => random.mockRestore());
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    proxy.set({ accept: "reset" });
    const page = openPage();
    const client = createClient(proxy.url);
    // As long as the network is not there, each attempt fails and makes the waits longer.
    for (let failed = 1; failed <= 8; failed++) {
      await snapshot(client, { status: "connecting", reason: "connection_failed", attempt: failed });
      client.connect();
    }
    await snapshot(client, { attempt: 9 });
    page.dispatchEvent(new Event("online"));
    await snapshot(client, { attempt: 1 });
    proxy.set({ accept: "pass" });
    await snapshot(client, { status: "connected" });
  });

  it("shows how many attempts failed, tries at once on connect(), and is idle after close()", async () => {
    const server = await ScriptedServer.start();
    const { port } = server;
    await server.close();
    const client = createClient(server.url);
    const statuses: string[] = [];
    client.connection.subscribe(() => statuses.push(client.connection.getSnapshot().status));
    const waiting = await snapshot(client, { status: "connecting", attempt: 3, reason: "connection_failed" });
    expect(client.connection.getSnapshot()).toBe(waiting);
    const again = await ScriptedServer.start({}, port);
    client.connect();
    await snapshot(client, { status: "connected", attempt: 0, reason: undefined });
    // Counted anew from here.
    again.drop();
    await snapshot(client, { status: "reconnecting", attempt: 0 });
    client.close();
    expect(client.connection.getSnapshot()).toMatchObject({ status: "idle", mode: undefined, transport: undefined });
    expect(new Set(statuses)).toEqual(new Set(["connecting", "connected", "reconnecting", "idle"]));
  });

  it("stays closed when it is closed in the turn that made it, until connect is called", async () => {
    const server = await ScriptedServer.start();
    let asked = 0;
    const auth = () => {
      asked++;
      return { token: "ada" };
    };
    const client = createClient(server.url, { auth });
    client.close();
    await sleep(0);
    expect(asked).toBe(0);
    expect(client.connection.getSnapshot().status).toBe("idle");
    client.connect();
    await snapshot(client, { status: "connected" });
  });

  it("stays closed when it is closed as a connection ends, an attempt fails or another is waited for", async () => {
    const server = await ScriptedServer.start();
    const attempts = watchAttempts();
    const client = createClient(server.url, { auth: attempts.auth });
    await snapshot(client, { status: "connected" });
    let times = 0;
    client.connection.subscribe(() => {
      if (client.connection.getSnapshot().reason === undefined) return;
      times++;
      client.close();
    });
    await server.close();
    await expect.poll(() => times).toBe(1);
    client.connect();
    await expect.poll(() => times).toBe(2);
    const waiting = createClient("http://127.0.0.1:1", { auth: attempts.auth });
    await snapshot(waiting, { attempt: 1 });
    waiting.close();
    expect(await attempts.inAMinute()).toBe(0);
    expect(client.connection.getSnapshot().status).toBe("idle");
    expect(waiting.connection.getSnapshot().status).toBe("idle");
  });

  it("is one alone where a handler that is told of its end closes and connects again", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    const off = client.on("ws:disconnected", () => {
      off();
      client.close();
      client.connect();
    });
    server.sockets[0]?.emit("$bye", { code: "server_closing", retry_after_ms: 60_000, spread_ms: 0 });
    server.sockets[0]?.disconnect();
    await server.connection();
    await snapshot(client, { status: "connected" });
    // Where another attempt were waited for, that would be now.
    client.connect();
    expect(client.connection.getSnapshot().status).toBe("connected");
  });

  it("has failed, and lost nothing, where a line is closed before it is let in", async () => {
    const server = await ScriptedServer.start();
    server.io.engine.on("connection", (line) => line.close());
    const client = createClient(server.url);
    expect(await snapshot(client, { attempt: 1 })).toMatchObject({ status: "connecting", reason: "connection_failed" });
  });

  it("is refused by codes that another attempt cannot change, and goes on after the others", async () => {
    const server = await ScriptedServer.start();
    server.refusal = { code: "backend_unavailable" };
    const attempts = watchAttempts();
    const client = createClient(server.url, { auth: attempts.auth });
    await snapshot(client, { status: "connecting", reason: "backend_unavailable" });
    server.refusal = { code: "unauthenticated" };
    client.connect();
    await snapshot(client, { status: "refused", reason: "unauthenticated" });
    expect(await attempts.inAMinute()).toBe(0);
    server.refusal = undefined;
    client.connect();
    await snapshot(client, { status: "connected" });
  });

  it.each([undefined, null, 7, { code: 5 }, { code: ["gone"] }, { code: "Gone" }, { code: "a".repeat(65) }])(
    "is refused where a server's middleware says no, and says no code: %j",
    async (data) => {
      const server = await ScriptedServer.start();
      server.io.use((_, next) => next(Object.assign(new Error("no"), { data })));
      await snapshot(createClient(server.url), { status: "refused", reason: "refused" });
    },
  );

  it("keeps to the hint of $bye, and stays away where its code says so", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    const started = performance.now();
    const gone = nextLocal(client, "ws:disconnected");
    server.sockets[0]?.emit("$bye", { code: "server_closing", retry_after_ms: 400, spread_ms: 200 });
    server.sockets[0]?.disconnect();
    expect(await gone).toEqual({ reason: "server_closing" });
    await snapshot(client, { status: "reconnecting", reason: "server_closing" });
    await snapshot(client, { status: "connected" });
    expect(performance.now() - started).toBeGreaterThan(395);
    // Meant for an older connection of this client, since nobody else has its id: it goes on, and waits as after any kick.
    server.sockets[1]?.emit("$bye", { code: "evicted", retry_after_ms: 0, spread_ms: 0 });
    server.sockets[1]?.disconnect();
    await snapshot(client, { status: "reconnecting", reason: "evicted" });
    await snapshot(client, { status: "connected" });
    // Also where the connection ends without Socket.IO's own goodbye.
    server.sockets[2]?.emit("$bye", { code: "revoked", retry_after_ms: 0, spread_ms: 0 });
    server.sockets[2]?.conn.close();
    await snapshot(client, { status: "refused", reason: "revoked" });
    client.connect();
    await snapshot(client, { status: "connected" });
    server.sockets[3]?.emit("$bye", { code: 5, retry_after_ms: "soon" });
    server.sockets[3]?.conn.close();
    await server.connection();
    await snapshot(client, { status: "connected" });
  });

  it("stays away where it is told to before it is greeted", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const client = createClient(server.url);
    const socket = await server.connection();
    socket.emit("$bye", { code: "revoked", retry_after_ms: 0, spread_ms: 0 });
    socket.disconnect(true);
    await nextLocal(client, "ws:disconnected");
    expect(client.connection.getSnapshot()).toMatchObject({ status: "refused", reason: "revoked" });
  });

  it.each([
    ["cannot be served, as while a backend is down", { code: "backend_unavailable", retry_after_ms: 0, spread_ms: 0 }],
    ["is put out without a word", undefined],
  ])("waits longer each time that it is let in and then %s", async (_, words) => {
    const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
    onTestFinished(() => random.mockRestore());
    const server = await ScriptedServer.start();
    server.hello = undefined;
    createClient(server.url);
    const times: number[] = [];
    while (times.length < 3) {
      const socket = await server.connection();
      times.push(performance.now());
      if (words) socket.emit("$bye", words);
      socket.disconnect(true);
    }
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThan(495);
    expect(third - second).toBeGreaterThan(995);
  });

  it("refuses a server whose contract has another major", async () => {
    const server = await ScriptedServer.start();
    server.hello = { contract: "harbour@2.0.0" };
    const client = createClient(server.url);
    await snapshot(client, { status: "refused", reason: "version_mismatch" });
    for (const spoken of ["sea.harbour@2.0.0", "sea.port@1.0.0"]) {
      server.hello = { contract: spoken };
      const dotted = createClient(server.url, { contract: { ...contract, name: "sea.harbour" } });
      await snapshot(dotted, { status: "refused", reason: "version_mismatch" });
    }
    server.hello = { contract: "harbour@1.9.0" };
    client.connect();
    await snapshot(client, { status: "connected", mode: "announced" });
  });

  it("finds the connection gone when the link dies without a word, by the server's pings", async () => {
    const server = await ScriptedServer.start({ pingInterval: 100, pingTimeout: 100 });
    const proxy = await startProxy(server);
    const client = createClient(proxy.url, { handshakeTimeoutMs: 500 });
    await snapshot(client, { status: "connected" });
    expect(await lost(client, () => proxy.blackhole())).toEqual({ reason: "ping timeout" });
    proxy.clear();
    proxy.cut();
    await snapshot(client, { status: "connected" });
  });

  it("ends what was asked on a line whose pings are overdue, as after a page slept, with the line", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    const joined = client.join(contract.rooms.quay("q"));
    const data = { quay_id: "q", members: [] };
    (await server.next("$enter")).answer({ ok: true, epoch: "AAAAAAAAAAA", seq: 0, recovered: false, data });
    await joined;
    const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    onTestFinished(() => now.mockRestore());
    await client.leave(contract.rooms.quay("q"));
    await snapshot(client, { status: "connected" });
  });

  it("is one connection where a clock stands at 0, as a test's own may", async () => {
    const server = await ScriptedServer.start();
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    onTestFinished(() => now.mockRestore());
    const client = createClient(server.url);
    const heard = record(client, "ws:connected", "gull:seen");
    const socket = await server.connection();
    socket.emit("gull_seen", { count: 3 });
    await heard.atLeast(2);
    expect(heard.payloads("ws:connected")).toEqual([{ mode: "announced", userId: "ada" }]);
    await snapshot(client, { status: "connected", mode: "announced" });
  });
});

describe("closing from within", () => {
  /** Everything that is thrown where nobody catches it. */
  function catchAll(): unknown[] {
    const errors: unknown[] = [];
    const caught = (error: unknown) => errors.push(error);
    process.on("uncaughtException", caught);
    onTestFinished(() => void process.off("uncaughtException", caught));
    return errors;
  }

  it("is over where a subscriber closes as soon as the connection is up", async () => {
    const server = await ScriptedServer.start();
    const errors = catchAll();
    const client = createClient(server.url);
    const heard = record(client, "ws:connected", "ws:disconnected");
    client.connection.subscribe(() => {
      if (client.connection.getSnapshot().status === "connected") client.close();
    });
    await expect.poll(() => server.sockets[0]?.connected).toBe(false);
    expect(heard.map(({ name }) => name)).toEqual(["ws:disconnected"]);
    expect(errors).toEqual([]);
  });

  it("is over where what looks at its frames closes it, and no timer keeps the process up, or ends one that was let in", async () => {
    const server = await ScriptedServer.start();
    const begun = vi.spyOn(globalThis, "setTimeout");
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    onTestFinished(() => void vi.restoreAllMocks());
    const closed = new Promise<void>((resolve) => {
      const debug = () => {
        client.close();
        resolve();
      };
      const client = createClient(server.url, { debug });
    });
    await closed;
    await sleep(0);
    await snapshot(createClient(server.url), { status: "connected" });
    // So long an attempt may take.
    const waits = begun.mock.results.filter((_, i) => begun.mock.calls[i]?.[1] === 60_000).map(({ value }) => value);
    expect(waits).toHaveLength(2);
    expect(cleared.mock.calls.flat()).toEqual(expect.arrayContaining(waits));
    server.hello = undefined;
    const unknown = createClient(server.url, { helloTimeoutMs: 12_345 });
    (await server.connection()).conn.close();
    await nextLocal(unknown, "ws:disconnected");
    const hello = begun.mock.results[begun.mock.calls.findIndex(([, ms = 0]) => Math.round(ms) === 12_345)]?.value;
    expect(hello).toBeDefined();
    expect(cleared.mock.calls.flat()).toContain(hello);
  });

  it("is over where a subscriber closes as soon as the transport is known, or the connection lost", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const attempts = watchAttempts();
    for (const seen of [{ transport: "websocket" }, { status: "reconnecting" }]) {
      const client = createClient(server.url, { auth: attempts.auth, helloTimeoutMs: 10 });
      const heard = record(client, "ws:connected");
      const closed = new Promise<void>((resolve) => {
        const off = client.connection.subscribe(() => {
          if (!Object.entries(seen).every(([key, value]) => ({ ...client.connection.getSnapshot() })[key] === value))
            return;
          off();
          client.close();
          resolve();
        });
      });
      const socket = await server.connection();
      if ("status" in seen) {
        await heard.atLeast(1);
        socket.conn.close();
      }
      await closed;
      // Longer than a hello is waited for as well.
      expect(await attempts.inAMinute()).toBe(0);
      expect(heard).toHaveLength("status" in seen ? 1 : 0);
      expect(client.connection.getSnapshot().status).toBe("idle");
    }
    expect(server.sockets).toHaveLength(2);
  });

  it("is over where a subscriber closes as another attempt after a refusal begins", async () => {
    const server = await ScriptedServer.start();
    server.refusal = { code: "unauthenticated" };
    let asked = 0;
    const auth = () => {
      asked++;
      return { token: "ada" };
    };
    const client = createClient(server.url, { auth, onError() {} });
    await snapshot(client, { status: "refused" });
    const off = client.connection.subscribe(() => {
      off();
      client.close();
    });
    client.connect();
    // The application would be asked no sooner than in a moment.
    await sleep(0);
    expect(asked).toBe(1);
    expect(client.connection.getSnapshot().status).toBe("idle");
  });

  it("is over where a view closes that is told of a resync, and nothing of it is in the next connection's way", async () => {
    const server = await ScriptedServer.start();
    const errors = catchAll();
    const rooms = (seq: number) =>
      ["AAAAAAAAAAA", "BBBBBBBBBBE"].map((epoch) => ({ room: `sailor_${epoch}`, epoch, seq, recovered: false }));
    server.hello = { rooms: rooms(1) };
    const client = createClient(server.url, { headsIntervalMs: 20 });
    await snapshot(client, { status: "connected" });
    const heard = record(client, "ws:connected", "ws:disconnected", "ws:resync");
    client.once("ws:resync", () => client.close());
    server.hello = { rooms: rooms(2) };
    server.drop();
    await heard.atLeast(3);
    // Longer than a head is compared after, and than a gap is held back.
    await sleep(250);
    expect(heard.map(({ name }) => name)).toEqual(["ws:disconnected", "ws:resync", "ws:disconnected"]);
    expect(errors).toEqual([]);
    const cursors = ({ $events }: Record<string, unknown>) => ($events as { cursors: { seq: number }[] }).cursors;
    client.connect();
    await snapshot(client, { status: "connected" });
    expect(cursors(server.auths.at(-1) ?? {}).map(({ seq }) => seq)).toEqual([2, 1]);
  });
});

describe("announcing", () => {
  it("takes a late $hello for what it is", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const client = createClient(server.url, { helloTimeoutMs: 100 });
    await snapshot(client, { status: "connected", mode: "plain", userId: undefined });
    server.hello = {};
    server.sayHello(server.sockets[0] as never);
    await snapshot(client, { status: "connected", mode: "announced", userId: "ada" });
  });

  it.each([2 ** 31, Number.POSITIVE_INFINITY])("may be waited for %d ms", async (helloTimeoutMs) => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const client = createClient(server.url, { helloTimeoutMs });
    const modes: unknown[] = [];
    client.on("ws:connected", ({ mode }) => modes.push(mode));
    const sent = client.send("load_ship", { quay_id: "q", ship_id: "s1", crates: 1 });
    const { conn } = await server.connection();
    // A round trip later, a timer of 1 ms would have gone off.
    await new Promise((resolve) => {
      conn.once("heartbeat", resolve);
      (conn as unknown as { sendPacket(type: "ping"): void }).sendPacket("ping");
    });
    server.hello = {};
    server.sayHello(server.sockets[0] as never);
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    await sent;
    expect(modes).toEqual(["announced"]);
  });

  it("goes by no limit that is an object, which is no number either", async () => {
    const server = await ScriptedServer.start();
    const limit = { valueOf: 1, toString: 1 };
    server.hello = { limits: { payload_bytes: limit, answer_ms: limit } };
    const client = createClient(server.url);
    await snapshot(client, { status: "connected", mode: "announced" });
  });

  it("enters a room once that a subscriber joins as a server announces itself late", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const client = createClient(server.url, { helloTimeoutMs: 10 });
    await snapshot(client, { mode: "plain" });
    client.connection.subscribe(() => void client.join(contract.rooms.quay("q")).catch(() => {}));
    server.hello = {};
    server.sayHello(server.sockets[0] as never);
    const entry = await server.next("$enter");
    const sent = client.send("load_ship", { quay_id: "q", ship_id: "s1", crates: 1 });
    entry.answer({ ok: true, epoch: "AAAAAAAAAAA", seq: 0, recovered: false, data: { quay_id: "q", members: [] } });
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    await sent;
    expect(server.asked.map(({ name }) => name)).toEqual([]);
  });

  it("goes on from where its rooms stood when a server announces itself late after a reconnect", async () => {
    const server = await ScriptedServer.start();
    const [own, quay] = ["sailor_ada", contract.rooms.quay("q")];
    const at = (seq: number, recovered: boolean) => ({ epoch: "AAAAAAAAAAA", seq, recovered });
    server.hello = { rooms: [{ room: own, ...at(4, false) }] };
    const client = createClient(server.url, { helloTimeoutMs: 10 });
    const heard = record(client, "letter:came", "gull:seen");
    const resyncs = record(client, "ws:resync");
    const joined = client.join(quay);
    const data = { quay_id: "q", members: ["ada"] };
    (await server.next("$enter")).answer({ ok: true, ...at(7, false), epoch: "BBBBBBBBBBE", data });
    await joined;
    server.hello = undefined;
    server.drop();
    await snapshot(client, { status: "connected", mode: "plain" });
    server.hello = { rooms: [{ room: own, ...at(5, true) }] };
    server.sayHello(server.sockets[1] as never);
    server.sockets[1]?.emit("letter_came", { kind: "text", text: "5" }, { epoch: "AAAAAAAAAAA", seq: 5, at: 1 });
    const asked = await server.next("$enter");
    expect(asked.body).toEqual({ room: quay, cursor: { epoch: "BBBBBBBBBBE", seq: 7 } });
    asked.answer({ ok: true, ...at(8, true), epoch: "BBBBBBBBBBE", data });
    server.sockets[1]?.emit("gull_seen", { count: 8 }, { epoch: "BBBBBBBBBBE", seq: 8, at: 1 });
    await heard.atLeast(2);
    expect(heard.map(({ name, meta }) => [name, (meta as { seq: number }).seq])).toEqual([
      ["letter:came", 5],
      ["gull:seen", 8],
    ]);
    // Nothing was missed, but while the server was taken for a plain one that could not be known.
    expect(resyncs.payloads("ws:resync")).toEqual([{ room: own, reason: "plain" }]);
  });

  it("gives a server that has announced itself before longer, and keeps its user's commands meanwhile", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url, { helloTimeoutMs: 100 });
    await snapshot(client, { status: "connected", mode: "announced" });
    server.hello = undefined;
    server.drop();
    const sent = client.send("load_ship", { quay_id: "q", ship_id: "s1", crates: 1 });
    const socket = await server.connection();
    await sleep(300);
    expect(client.connection.getSnapshot().mode).toBeUndefined();
    server.sayHello(socket);
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    expect(await sent).toEqual({ on_board: 1 });
  });

  it("is plain as soon as another event comes first, and hands that event on", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const client = createClient(server.url);
    const heard = record(client, "harbour:welcomed");
    (await server.connection()).emit("welcomed", { sid: "s" });
    await heard.atLeast(1);
    expect(client.connection.getSnapshot()).toMatchObject({ status: "connected", mode: "plain" });
  });

  it("is plain where it speaks another version of the wire, whose frames say nothing", async () => {
    const server = await ScriptedServer.start();
    server.hello = { v: 2 };
    const client = createClient(server.url, { helloTimeoutMs: 10 });
    const heard = record(client, "ws:room-closed", "harbour:welcomed");
    await snapshot(client, { status: "connected", mode: "plain" });
    const joined = client.join("quay_q");
    (await server.next("dock")).answer({});
    await joined;
    server.sockets[0]?.emit("$left", { room: "quay_q", code: "revoked" });
    server.sockets[0]?.emit("welcomed", { sid: "s" });
    await heard.atLeast(1);
    expect(heard.map(({ name }) => name)).toEqual(["harbour:welcomed"]);
  });

  it("hands the event that showed a plain server on to nobody where a handler closes at that", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const client = createClient(server.url);
    const heard = record(client, "harbour:welcomed", "ws:disconnected");
    client.on("ws:connected", () => client.close());
    (await server.connection()).emit("welcomed", { sid: "s" });
    await heard.atLeast(1);
    expect(heard.map(({ name }) => name)).toEqual(["ws:disconnected"]);
  });

  it("takes no last word of a line that a handler closed by what came before it", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    server.io.use((socket, next) => {
      // Both come before the socket is let in.
      if (server.auths.length === 1) {
        socket.emit("welcomed", { sid: "s" });
        socket.emit("$bye", { code: "revoked" });
      }
      next();
    });
    const client = createClient(server.url, { helloTimeoutMs: 10 });
    client.on("harbour:welcomed", () => {
      client.close();
      client.connect();
    });
    await server.connection();
    await server.connection();
    await snapshot(client, { status: "connected" });
    await lost(client, () => server.drop());
    expect(client.connection.getSnapshot().status).toBe("reconnecting");
  });
});
