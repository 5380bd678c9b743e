import { type EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { cutUntilLost, nextLocal, record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { startFaultProxy } from "../support/fault-proxy.js";
import { createClient } from "../support/harbour-client.js";
import { ScriptedServer } from "../support/scripted-server.js";

async function startProxy(server: ScriptedServer) {
  return closedAtEnd(await startFaultProxy(server.port));
}

describe("the transport", () => {
  it("is WebSocket from the first request", async () => {
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    const client = createClient(proxy.url);
    await snapshot(client, { status: "connected", transport: "websocket", mode: "announced", userId: "ada" });
    expect(proxy.counters).toMatchObject({ requests: 1, upgrades: 1 });
  });

  it("is polling where a proxy refuses the upgrade", async () => {
    const server = await ScriptedServer.start();
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
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    proxy.set({ upgrade: "hang" });
    /** How many handshakes had hung when one by polling came through. */
    const hung: number[] = [];
    server.io.engine.on("connection", () => hung.push(proxy.counters.upgradesHung));
    const started = performance.now();
    const client = createClient(proxy.url, { handshakeTimeoutMs: 500 });
    await snapshot(client, { status: "connected", transport: "polling" });
    expect(performance.now() - started).toBeGreaterThan(490);
    // Once it is connected it tries for the upgrade.
    await expect.poll(() => proxy.counters.upgradesHung).toBe(2);
    await cutUntilLost(client, () => proxy.cut());
    await snapshot(client, { status: "connected", transport: "polling" });
    expect(hung).toEqual([1, 2]);
  });

  it("stays WebSocket where the server is slow, which is asked once whether it is, and nothing is remembered", async () => {
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    proxy.set({ toServer: { mode: "stall" } });
    const client = createClient(proxy.url, { handshakeTimeoutMs: 300 });
    await expect.poll(() => proxy.counters.accepted, { interval: 2, timeout: 5_000 }).toBe(2);
    expect(client.connection.getSnapshot()).toMatchObject({ status: "connecting", attempt: 0, reason: undefined });
    proxy.clear();
    await snapshot(client, { status: "connected", transport: "websocket", attempt: 0 });
    expect(proxy.counters).toMatchObject({ accepted: 2, upgrades: 1 });
    expect(server.io.engine.clientsCount).toBe(1);
    await cutUntilLost(client, () => proxy.cut());
    await snapshot(client, { status: "connected", transport: "websocket" });
    expect(proxy.counters).toMatchObject({ accepted: 3, upgrades: 2 });
  });

  it("is found out by a question that keeps the query of a URL, or the option, and opens nothing", async () => {
    for (const [path, query] of [
      ["/?berth=7", {}],
      ["", { berth: 7 }],
    ] as const) {
      const server = await ScriptedServer.start();
      const questions: unknown[] = [];
      server.io.engine.on("connection_error", ({ req, context }) => questions.push([context.sid, req._query.berth]));
      const proxy = await startProxy(server);
      proxy.set({ upgrade: "hang" });
      const client = createClient(proxy.url + path, { handshakeTimeoutMs: 200, socket: { query } });
      await snapshot(client, { status: "connected", transport: "polling" });
      expect(questions).toEqual([["0", "7"]]);
      expect(server.io.engine.clientsCount).toBe(1);
    }
  });

  it("is asked about only where polling may follow: not where it hangs itself", async () => {
    for (const transports of [["polling"], ["polling", "websocket"], ["websocket"]]) {
      const proxy = await startProxy(await ScriptedServer.start());
      proxy.set({ toServer: { mode: "stall" } });
      const client = createClient(proxy.url, { handshakeTimeoutMs: 50, socket: { transports } });
      await snapshot(client, { status: "connecting", attempt: 1, reason: "connection_failed" });
      expect(proxy.counters.accepted).toBe(1);
    }
  });

  it("is asked about no more once the client is closed", async () => {
    const begun = vi.spyOn(globalThis, "setTimeout");
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    onTestFinished(() => void vi.restoreAllMocks());
    const proxy = await startProxy(await ScriptedServer.start());
    proxy.set({ toServer: { mode: "stall" } });
    const client = createClient(proxy.url, { handshakeTimeoutMs: 12_345 });
    await expect.poll(() => proxy.counters.accepted).toBe(1);
    client.close();
    const question = begun.mock.results[begun.mock.calls.findIndex(([, ms]) => ms === 12_345)]?.value;
    expect(question).toBeDefined();
    expect(cleared.mock.calls.flat()).toContain(question);
  });

  it.each([2 ** 31 - 1, Number.POSITIVE_INFINITY])("may wait for a handshake for %d ms", async (handshakeTimeoutMs) => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url, { handshakeTimeoutMs });
    await snapshot(client, { status: "connected", transport: "websocket", attempt: 0, reason: undefined });
    expect(server.auths).toHaveLength(1);
  });

  it("throws nothing that nobody can catch where a server answered nothing, given up or closed", async () => {
    const uncaught = vi.fn();
    process.on("uncaughtException", uncaught);
    onTestFinished(() => void process.off("uncaughtException", uncaught));
    for (const handshakeTimeoutMs of [50, 12_345]) {
      const silent = createNetServer().listen(0, "127.0.0.1");
      onTestFinished(() => void silent.close());
      await once(silent, "listening");
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const client = createClient(url, { handshakeTimeoutMs, socket: { transports: ["polling"] } });
      const [asking] = (await once(silent, "connection")) as [Socket];
      await once(asking, "data");
      if (handshakeTimeoutMs === 50) await nextLocal(client, "ws:error");
      client.close();
      const gone = once(asking, "close");
      asking.destroy();
      await gone;
    }
    expect(uncaught).not.toHaveBeenCalled();
  });

  it("is tried for again as a WebSocket where a server answered nothing for as long as a handshake may take", async () => {
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    proxy.set({ toServer: { mode: "stall" } });
    const client = createClient(proxy.url, { handshakeTimeoutMs: 100 });
    await snapshot(client, { status: "connecting", attempt: 1, reason: "connection_failed" });
    proxy.clear();
    proxy.cut();
    const begun = proxy.counters.accepted;
    await snapshot(client, { status: "connected", transport: "websocket" });
    expect(proxy.counters.accepted).toBe(begun + 1);
  });

  it("is upgraded from polling once the upgrade goes through", async () => {
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    proxy.set({ upgrade: "hang" });
    const client = createClient(proxy.url, { handshakeTimeoutMs: 200 });
    await snapshot(client, { status: "connected", transport: "polling" });
    proxy.clear();
    await cutUntilLost(client, () => proxy.cut());
    await snapshot(client, { status: "connected", transport: "websocket" });
  });

  it("is none once the client is closed, though an upgrade that was under way comes to its end", async () => {
    const server = await ScriptedServer.start();
    const { engine } = server.io;
    const front = createServer((request, response) => engine.handleRequest(request as never, response));
    const upgrade = new Promise<() => void>((resolve) => {
      front.on("upgrade", (request, socket, head) =>
        resolve(() => engine.handleUpgrade(request as never, socket as never, head)),
      );
    });
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    closedAtEnd(front);
    let upgraded: Promise<unknown> | undefined;
    const debug = (engine: EventEmitter) => {
      engine.on("upgrading", () => client.close());
      upgraded = once(engine, "upgrade");
    };
    const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    const client = createClient(url, { debug, socket: { transports: ["polling", "websocket"] } });
    // Only one that was let in is told of its upgrade.
    await snapshot(client, { status: "connected", transport: "polling" });
    (await upgrade)();
    await upgraded;
    expect(client.connection.getSnapshot()).toMatchObject({ status: "idle", transport: undefined });
  });

  it("waits 5 s for a hung handshake by default", async () => {
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    proxy.set({ upgrade: "hang" });
    const timers = vi.spyOn(globalThis, "setTimeout");
    onTestFinished(() => timers.mockRestore());
    const started = performance.now();
    const client = createClient(proxy.url);
    await snapshot(client, { status: "connected", transport: "polling" }, 12_000);
    expect(performance.now() - started).toBeGreaterThan(4_900);
    // No later, however long it took to be seen.
    expect(timers.mock.calls.map(([, ms]) => ms)).toContain(5_000);
  });

  it.each([
    ["first", ["websocket", "polling"]],
    ["last, which then is first", ["polling", "websocket"]],
  ])(
    "says so where polling meets a node that does not know the session, and goes on by a WebSocket that comes %s",
    async (_, transports) => {
      const server = await ScriptedServer.start();
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
      closedAtEnd(balancer);
      let upgrades = 0;
      balancer.on("upgrade", (request, socket) => {
        upgrades++;
        if (upgrades === 1) socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
        else server.io.engine.handleUpgrade(request, socket as never, Buffer.alloc(0));
      });
      const url = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
      const client = createClient(url, { socket: { transports } });
      const errors = record(client, "ws:error");
      await snapshot(client, { status: "connected", transport: "websocket" });
      const codes = errors.payloads("ws:error").map((error) => (error as { code: string }).code);
      expect(new Set(codes)).toEqual(new Set(["sticky_session"]));
    },
  );

  it.each([
    [400, '{"code":3,"message":"Bad request"}'],
    [400, '{"code":10}'],
    [400, ""],
    [502, '{"code":1}'],
  ])("says nothing of other nodes where a request is refused with %d %s", async (status, body) => {
    const refusing = createServer((_, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    closedAtEnd(refusing);
    const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const client = createClient(url, { socket: { transports: ["polling"] } });
    expect(await snapshot(client, { attempt: 1 })).toMatchObject({ reason: "connection_failed" });
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
    closedAtEnd(front);
    front.on("upgrade", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    state.url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    return state;
  }

  it("is polling again where no WebSocket gets through, and a session was not known since it had ended", async () => {
    const front = await startPollingFront(await ScriptedServer.start());
    front.stray = true;
    const client = createClient(front.url);
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected", transport: "polling" });
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "sticky_session" }]);
  });

  it.each([
    ["has met another node where a session that was only just opened is not known", 2_999, "sticky_session"],
    [
      "is lost as any other is where a session ends that was served for a while: browsers ask again what was cut",
      3_000,
      "transport error",
    ],
  ])("%s", async (_, ms, reason) => {
    const server = await ScriptedServer.start();
    const front = await startPollingFront(server);
    const opened = performance.now();
    const now = vi.spyOn(performance, "now").mockReturnValue(opened);
    onTestFinished(() => now.mockRestore());
    const client = createClient(front.url);
    await snapshot(client, { status: "connected", transport: "polling" });
    const lost = nextLocal(client, "ws:disconnected");
    now.mockReturnValue(opened + ms);
    front.stray = true;
    server.sockets[0]?.emit("welcomed", { sid: "s" });
    expect(await lost).toEqual({ reason });
  });

  it("is only what the application allows", async () => {
    const server = await ScriptedServer.start();
    const proxy = await startProxy(server);
    const client = createClient(proxy.url, { socket: { transports: ["polling"] } });
    await snapshot(client, { status: "connected", transport: "polling" });
    expect(proxy.counters.upgrades).toBe(0);
  });
});
