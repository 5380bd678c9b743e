import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createEventClient } from "@gestaloka/events/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { nextLocal, record, snapshot } from "../support/awaited-client.js";
import { startFaultProxy } from "../support/fault-proxy.js";
import { ScriptedServer } from "../support/scripted-server.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(...options: Parameters<typeof ScriptedServer.start>): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(...options);
  closers.push(() => server.close());
  return server;
}

async function startProxy(server: ScriptedServer) {
  const proxy = await startFaultProxy(server.port);
  closers.push(() => proxy.close());
  return proxy;
}

/** A long poll may be between two requests at the moment of a cut, and then nothing is lost. */
async function cutUntilGone(client: ReturnType<typeof createClient>, proxy: Awaited<ReturnType<typeof startProxy>>) {
  let isGone = false;
  const gone = nextLocal(client, "ws:disconnected").then(() => {
    isGone = true;
  });
  while (!isGone) {
    proxy.cut();
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 10))]);
  }
}

function createClient(url: string, options: object = {}) {
  const client = createEventClient(url, { contract, auth: { token: "ada" }, ...options });
  closers.push(() => client.close());
  return client;
}

describe("the transport", () => {
  it("is WebSocket from the first request", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    const client = createClient(proxy.url);
    await snapshot(client, { status: "connected", transport: "websocket", mode: "announced", userId: "ada" });
    expect(proxy.counters).toMatchObject({ requests: 1, upgrades: 1 });
  });

  it("is polling where a proxy refuses the upgrade", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    proxy.set({ upgrade: { status: 403 } });
    const client = createClient(proxy.url);
    await snapshot(client, { status: "connected", transport: "polling", attempt: 0 });
    expect(proxy.counters.upgradesRefused).toBe(1);
    const joined = client.join("quay_q");
    const asked = await server.next("$enter");
    asked.answer({ ok: true, epoch: "AAAAAAAAAAA", seq: 0, recovered: false, data: { quay_id: "q", members: [] } });
    expect(await joined).toEqual({ quay_id: "q", members: [] });
  });

  it("is polling, after one timeout, where a proxy swallows the upgrade, and that is remembered", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    proxy.set({ upgrade: "hang" });
    const started = performance.now();
    const client = createClient(proxy.url, { handshakeTimeoutMs: 2_000 });
    await snapshot(client, { status: "connected", transport: "polling" });
    const first = performance.now() - started;
    expect(first).toBeGreaterThan(1_990);
    expect(first).toBeLessThan(5_000);
    await cutUntilGone(client, proxy);
    const lost = performance.now();
    await snapshot(client, { status: "connected", transport: "polling" });
    // A jittered wait of at most 500 ms, and no further handshake that hangs before it.
    expect(performance.now() - lost).toBeLessThan(1_990);
    expect(proxy.counters.upgradesHung).toBeGreaterThan(1);
  });

  it("is upgraded from polling once the upgrade goes through", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    proxy.set({ upgrade: "hang" });
    const client = createClient(proxy.url, { handshakeTimeoutMs: 200 });
    await snapshot(client, { status: "connected", transport: "polling" });
    proxy.clear();
    await cutUntilGone(client, proxy);
    await snapshot(client, { status: "connected", transport: "websocket" });
  });

  it("waits 5 s for a hung handshake by default", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    proxy.set({ upgrade: "hang" });
    const started = performance.now();
    const client = createClient(proxy.url);
    await snapshot(client, { status: "connected", transport: "polling" }, 12_000);
    expect(performance.now() - started).toBeGreaterThan(4_900);
    expect(performance.now() - started).toBeLessThan(8_000);
  });

  it("says so where polling meets a node that does not know the session, and goes on by WebSocket", async () => {
    const server = await startServer();
    // A balancer that never sends two requests of a session to one node.
    const balancer = createServer((request, response) => {
      if (new URL(request.url as string, "http://x").searchParams.has("sid")) {
        response.writeHead(400, { "content-type": "application/json" });
        response.end(JSON.stringify({ code: 1, message: "Session ID unknown" }));
      } else {
        response.writeHead(200, { "content-type": "text/plain" });
        response.end('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
      }
    });
    await new Promise<void>((resolve) => balancer.listen(0, "127.0.0.1", resolve));
    closers.push(() => balancer.close());
    let upgrades = 0;
    balancer.on("upgrade", (request, socket) => {
      upgrades++;
      if (upgrades === 1) socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      else server.io.engine.handleUpgrade(request, socket as never, Buffer.alloc(0));
    });
    const client = createClient(`http://127.0.0.1:${(balancer.address() as AddressInfo).port}`);
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected", transport: "websocket" });
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "sticky_session" }]);
  });

  /** A way to a server that lets no WebSocket through, and once answers as if the server did not know a session. */
  async function startPollingFront(server: ScriptedServer) {
    const state = { stray: false, url: "" };
    const front = createServer((request, response) => {
      const isStray = state.stray && new URL(request.url as string, "http://x").searchParams.has("sid");
      if (!isStray) return server.io.engine.handleRequest(request as never, response);
      state.stray = false;
      response.writeHead(400).end(JSON.stringify({ code: 1, message: "Session ID unknown" }));
    });
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    closers.push(() => front.close());
    front.on("upgrade", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    state.url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    return state;
  }

  it("is polling again where no WebSocket gets through, and a session was not known since it had ended", async () => {
    const front = await startPollingFront(await startServer());
    front.stray = true;
    const client = createClient(front.url);
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected", transport: "polling" });
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "sticky_session" }]);
  });

  it("is lost as any other is where a session ends that was served for a while: browsers ask again what was cut", async () => {
    const server = await startServer();
    const front = await startPollingFront(server);
    const client = createClient(front.url);
    await snapshot(client, { status: "connected", transport: "polling" });
    const lost = nextLocal(client, "ws:disconnected");
    const now = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 3_000);
    closers.push(() => now.mockRestore());
    front.stray = true;
    server.sockets[0]?.emit("welcomed", { sid: "s" });
    expect(await lost).toEqual({ reason: "transport error" });
  });

  it("is only what the application allows", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    const client = createClient(proxy.url, { socket: { transports: ["polling"] } });
    await snapshot(client, { status: "connected", transport: "polling" });
    expect(proxy.counters.upgrades).toBe(0);
  });
});

describe("reconnecting", () => {
  it("reads auth again for every attempt, and keeps the client's id", async () => {
    const server = await startServer();
    let reads = 0;
    const client = createClient(server.url, { auth: async () => ({ token: `t${++reads}` }) });
    await snapshot(client, { status: "connected" });
    const gone = nextLocal(client, "ws:disconnected");
    server.sockets[0]?.conn.close();
    await gone;
    await snapshot(client, { status: "connected" });
    expect(server.auths.map(({ token }) => token)).toEqual(["t1", "t2"]);
    const ids = server.auths.map(({ $events }) => ($events as { client: string }).client);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[0]).toMatch(/^[\w-]{20}$/);
  });

  it("reads the options of Socket.IO's client once the credential is there, which may stand in a header as well", async () => {
    const server = await startServer();
    const socket: { extraHeaders?: Record<string, string> } = {};
    const auth = async () => {
      socket.extraHeaders = { "x-token": "t" };
      return { token: "t" };
    };
    const client = createClient(server.url, { socket, auth });
    await snapshot(client, { status: "connected" });
    expect(server.sockets[0]?.handshake.headers).toMatchObject({ "x-token": "t" });
  });

  it("goes on when auth fails, and tells of it", async () => {
    const server = await startServer();
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
    const server = await startServer();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    closers.push(() => vi.useRealTimers());
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
    const server = await startServer();
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
    const server = await startServer();
    const proxy = await startProxy(server);
    const page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
    closers.push(() => vi.unstubAllGlobals());
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

  it("begins its waits anew when the browser finds a network, which may take some moments to work", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    proxy.set({ accept: "reset" });
    const page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
    closers.push(() => vi.unstubAllGlobals());
    const client = createClient(proxy.url);
    // As long as the network is not there, each attempt fails and makes the waits longer.
    for (let failed = 1; failed <= 8; failed++) {
      await snapshot(client, { status: "connecting", reason: "connection_failed", attempt: failed });
      client.connect();
    }
    await snapshot(client, { attempt: 9 });
    page.dispatchEvent(new Event("online"));
    await snapshot(client, { attempt: 1 });
    const found = performance.now();
    proxy.set({ accept: "pass" });
    await snapshot(client, { status: "connected" });
    expect(performance.now() - found).toBeLessThan(1_500);
  });

  it("shows how many attempts failed, tries at once on connect(), and is idle after close()", async () => {
    const server = await startServer();
    const { port } = server;
    await server.close();
    const client = createClient(server.url);
    const statuses: string[] = [];
    client.connection.subscribe(() => statuses.push(client.connection.getSnapshot().status));
    const waiting = await snapshot(client, { status: "connecting", attempt: 3, reason: "connection_failed" });
    expect(client.connection.getSnapshot()).toBe(waiting);
    const again = await ScriptedServer.start({}, port);
    closers.push(() => again.close());
    client.connect();
    await snapshot(client, { status: "connected", attempt: 0, reason: undefined });
    // Counted anew from here.
    again.sockets[0]?.conn.close();
    await snapshot(client, { status: "reconnecting", attempt: 0 });
    client.close();
    expect(client.connection.getSnapshot()).toMatchObject({ status: "idle", mode: undefined, transport: undefined });
    expect(new Set(statuses)).toEqual(new Set(["connecting", "connected", "reconnecting", "idle"]));
  });

  it("stays closed when it is closed in the turn that made it, until connect is called", async () => {
    const server = await startServer();
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
    const server = await startServer();
    const { port } = server;
    const client = createClient(server.url);
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
    const waiting = createClient("http://127.0.0.1:1");
    await snapshot(waiting, { attempt: 1 });
    waiting.close();
    const again = await ScriptedServer.start({}, port);
    closers.push(() => again.close());
    await sleep(1_500);
    expect(client.connection.getSnapshot().status).toBe("idle");
    expect(waiting.connection.getSnapshot().status).toBe("idle");
    expect(again.auths).toHaveLength(0);
  });

  it("is one alone where a handler that is told of its end closes and connects again", async () => {
    const server = await startServer();
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

  it("is refused by codes that another attempt cannot change, and goes on after the others", async () => {
    const server = await startServer();
    server.refusal = { code: "backend_unavailable" };
    const client = createClient(server.url);
    await snapshot(client, { status: "connecting", reason: "backend_unavailable" });
    server.refusal = { code: "unauthenticated" };
    client.connect();
    await snapshot(client, { status: "refused", reason: "unauthenticated" });
    const attempts = server.auths.length;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(server.auths).toHaveLength(attempts);
    server.refusal = undefined;
    client.connect();
    await snapshot(client, { status: "connected" });
  });

  it("keeps to the hint of $bye, and stays away where its code says so", async () => {
    const server = await startServer();
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
    expect(performance.now() - started).toBeLessThan(1_500);
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
    const server = await startServer();
    server.hello = undefined;
    const client = createClient(server.url);
    const socket = await server.connection();
    socket.emit("$bye", { code: "revoked", retry_after_ms: 0, spread_ms: 0 });
    socket.disconnect(true);
    await nextLocal(client, "ws:disconnected");
    expect(client.connection.getSnapshot()).toMatchObject({ status: "refused", reason: "revoked" });
  });

  it("waits longer each time that it is let in and then cannot be served, as while a backend is down", async () => {
    const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
    closers.push(() => random.mockRestore());
    const server = await startServer();
    server.hello = undefined;
    createClient(server.url);
    const times: number[] = [];
    while (times.length < 3) {
      const socket = await server.connection();
      times.push(performance.now());
      socket.emit("$bye", { code: "backend_unavailable", retry_after_ms: 0, spread_ms: 0 });
      socket.disconnect(true);
    }
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThan(495);
    expect(third - second).toBeGreaterThan(995);
  });

  it("refuses a server whose contract has another major", async () => {
    const server = await startServer();
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
    const server = await startServer({ pingInterval: 100, pingTimeout: 100 });
    const proxy = await startProxy(server);
    const client = createClient(proxy.url, { handshakeTimeoutMs: 500 });
    await snapshot(client, { status: "connected" });
    const gone = nextLocal(client, "ws:disconnected");
    proxy.blackhole();
    expect(await gone).toEqual({ reason: "ping timeout" });
    proxy.clear();
    proxy.cut();
    await snapshot(client, { status: "connected" });
  });

  it("is one connection where a clock stands at 0, as a test's own may", async () => {
    const server = await startServer();
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    closers.push(() => now.mockRestore());
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
    closers.push(() => process.off("uncaughtException", caught));
    return errors;
  }

  it("is over where a subscriber closes as soon as the connection is up", async () => {
    const server = await startServer();
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
    const server = await startServer();
    const begun = vi.spyOn(globalThis, "setTimeout");
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    closers.push(() => vi.restoreAllMocks());
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
    const hello = begun.mock.results[begun.mock.calls.findIndex(([, ms]) => ms === 12_345)]?.value;
    expect(hello).toBeDefined();
    expect(cleared.mock.calls.flat()).toContain(hello);
  });

  it("is over where a subscriber closes as soon as the transport is known, or the connection lost", async () => {
    const server = await startServer();
    server.hello = undefined;
    for (const seen of [{ transport: "websocket" }, { status: "reconnecting" }]) {
      const client = createClient(server.url, { helloTimeoutMs: 10 });
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
      // Longer than a hello is waited for, and than the first wait for another attempt.
      await sleep(600);
      expect(heard).toHaveLength("status" in seen ? 1 : 0);
      expect(client.connection.getSnapshot().status).toBe("idle");
    }
    expect(server.sockets).toHaveLength(2);
  });

  it("is over where a subscriber closes as another attempt after a refusal begins", async () => {
    const server = await startServer();
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
    const server = await startServer();
    const errors = catchAll();
    const rooms = (seq: number) =>
      ["AAAAAAAAAAA", "BBBBBBBBBBE"].map((epoch) => ({ room: `sailor_${epoch}`, epoch, seq, recovered: false }));
    server.hello = { rooms: rooms(1) };
    const client = createClient(server.url, { headsIntervalMs: 20 });
    await snapshot(client, { status: "connected" });
    const heard = record(client, "ws:connected", "ws:disconnected", "ws:resync");
    client.once("ws:resync", () => client.close());
    server.hello = { rooms: rooms(2) };
    server.sockets[0]?.conn.close();
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
    const server = await startServer();
    server.hello = undefined;
    const client = createClient(server.url, { helloTimeoutMs: 100 });
    await snapshot(client, { status: "connected", mode: "plain", userId: undefined });
    server.hello = {};
    server.sayHello(server.sockets[0] as never);
    await snapshot(client, { status: "connected", mode: "announced", userId: "ada" });
  });

  it("goes by no limit that is an object, which is no number either", async () => {
    const server = await startServer();
    const limit = { valueOf: 1, toString: 1 };
    server.hello = { limits: { payload_bytes: limit, answer_ms: limit } };
    const client = createClient(server.url);
    await snapshot(client, { status: "connected", mode: "announced" });
  });

  it("enters a room once that a subscriber joins as a server announces itself late", async () => {
    const server = await startServer();
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
    const server = await startServer();
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
    server.sockets[0]?.conn.close();
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
    const server = await startServer();
    const client = createClient(server.url, { helloTimeoutMs: 100 });
    await snapshot(client, { status: "connected", mode: "announced" });
    server.hello = undefined;
    server.sockets[0]?.conn.close();
    const sent = client.send("load_ship", { quay_id: "q", ship_id: "s1", crates: 1 });
    const socket = await server.connection();
    await sleep(300);
    expect(client.connection.getSnapshot().mode).toBeUndefined();
    server.sayHello(socket);
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    expect(await sent).toEqual({ on_board: 1 });
  });

  it("is plain as soon as another event comes first, and hands that event on", async () => {
    const server = await startServer();
    server.hello = undefined;
    const client = createClient(server.url);
    const heard = record(client, "harbour:welcomed");
    (await server.connection()).emit("welcomed", { sid: "s" });
    await heard.atLeast(1);
    expect(client.connection.getSnapshot()).toMatchObject({ status: "connected", mode: "plain" });
  });

  it("is plain where it speaks another version of the wire, whose frames say nothing", async () => {
    const server = await startServer();
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
    const server = await startServer();
    server.hello = undefined;
    const client = createClient(server.url);
    const heard = record(client, "harbour:welcomed", "ws:disconnected");
    client.on("ws:connected", () => client.close());
    (await server.connection()).emit("welcomed", { sid: "s" });
    await heard.atLeast(1);
    expect(heard.map(({ name }) => name)).toEqual(["ws:disconnected"]);
  });
});
