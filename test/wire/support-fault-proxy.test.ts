import { once } from "node:events";
import { Agent, createServer as createHttpServer, request } from "node:http";
import { type AddressInfo, connect, createServer, type Server as NetServer, type Socket } from "node:net";
import { Server } from "socket.io";
import { type Socket as ClientSocket, io } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { closedAtEnd } from "../support/closed-at-end.js";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.js";

async function proxyTo(targetPort: number): Promise<FaultProxy> {
  return closedAtEnd(await startFaultProxy(targetPort));
}

type Wire = { server: Server; proxy: FaultProxy; open: (options?: object) => ClientSocket };

/** A real Socket.IO server that echoes, a proxy in front of it, and clients through that proxy. */
async function startWire(options: object = {}): Promise<Wire> {
  const http = createHttpServer();
  const server = new Server(http, options);
  server.on("connection", (socket) => {
    socket.on("echo", (value: unknown, ack: (value: unknown) => void) => ack(value));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  closedAtEnd(server);
  const proxy = await proxyTo((http.address() as AddressInfo).port);
  const open = (clientOptions: object = {}): ClientSocket => {
    const socket = io(proxy.url, { transports: ["websocket"], reconnection: false, forceNew: true, ...clientOptions });
    onTestFinished(() => void socket.disconnect());
    return socket;
  };
  return { server, proxy, open };
}

function until(socket: ClientSocket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve));
}

type Tcp = { proxy: FaultProxy; accepted: Promise<Socket>; open: () => Promise<Socket> };

/** A bare TCP server, without any HTTP, behind a proxy. */
async function startTcp(onSocket: (socket: Socket) => void = () => {}): Promise<Tcp> {
  let take: (socket: Socket) => void = () => {};
  const accepted = new Promise<Socket>((resolve) => {
    take = resolve;
  });
  const sockets = new Set<Socket>();
  const server: NetServer = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
    take(socket);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const proxy = await proxyTo((server.address() as AddressInfo).port);
  const open = async (): Promise<Socket> => {
    const socket = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  return { proxy, accepted, open };
}

/** Connects, and resolves when the connection is gone, be it before or after it was made. */
function closed(port: number): Promise<unknown> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  return new Promise((resolve) => socket.once("close", resolve));
}

/** Collects what arrives, until the other end finishes or the socket closes. */
async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await Promise.race([once(socket, "end"), once(socket, "close")]);
  return Buffer.concat(chunks);
}

const echo = (socket: Socket): unknown => socket.pipe(socket);

describe("the fault proxy, with nothing set", () => {
  it("carries a WebSocket session and an upgrade from polling", async () => {
    const { proxy, open } = await startWire();
    const direct = open();
    const upgraded = open({ transports: ["polling", "websocket"] });
    await Promise.all([until(direct, "connect"), until(upgraded, "connect")]);
    if (upgraded.io.engine.transport.name !== "websocket") {
      await new Promise((resolve) => upgraded.io.engine.once("upgrade", resolve));
    }
    expect(await direct.emitWithAck("echo", "今日は")).toBe("今日は");
    expect(await upgraded.emitWithAck("echo", { a: [1] })).toEqual({ a: [1] });
    expect(proxy.counters.upgrades).toBe(2);
    expect(proxy.websockets).toHaveLength(2);
    expect(proxy.counters.requests).toBeGreaterThan(2);
  });

  it("gives each byte once and in order over a slow reader, and ends when the sender ends", async () => {
    const sent = Buffer.alloc(8 * 1024 * 1024, "0123456789abcdef");
    const { proxy, open } = await startTcp((socket) => socket.end(sent));
    const socket = await open();
    socket.pause();
    const arrived = readAll(socket);
    await new Promise((resolve) => setImmediate(resolve));
    socket.resume();
    expect((await arrived).equals(sent)).toBe(true);
    expect(proxy.counters.bytesToClient).toBe(sent.length);
  });

  it("pushes back on the sender when the receiver does not read", async () => {
    const sent = Buffer.alloc(32 * 1024 * 1024, "b");
    const { proxy, accepted, open } = await startTcp((socket) => socket.end(sent));
    const socket = await open();
    const peer = await accepted;
    // Until nothing moves any more: the buffers of the kernel are full, and the proxy's own with them.
    let moved = -1;
    await expect
      .poll(
        () => {
          const still = proxy.counters.bytesToClient === moved;
          moved = proxy.counters.bytesToClient;
          return still && moved > 0;
        },
        { interval: 50, timeout: 10_000 },
      )
      .toBe(true);
    expect(peer.writableLength).toBeGreaterThan(sent.length / 4);
    socket.destroy();
  });

  it("recognises an upgrade behind other requests on one kept-alive connection", async () => {
    const bodies: string[] = [];
    const http = createHttpServer((incoming, response) => {
      incoming.setEncoding("utf8").on("data", (text: string) => bodies.push(text));
      incoming.on("end", () => response.end("ok"));
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    closedAtEnd(http);
    const proxy = await proxyTo((http.address() as AddressInfo).port);
    proxy.set({ upgrade: { status: 403 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ask = async (headers: Record<string, string>, body: string[]): Promise<number | undefined> => {
      const outgoing = request({ port: proxy.port, host: "127.0.0.1", method: "POST", agent, headers });
      for (const part of body) outgoing.write(part);
      outgoing.end();
      const [response] = await once(outgoing, "response");
      response.resume();
      await once(response, "end");
      return response.statusCode;
    };
    const decoy = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
    expect(await ask({ "content-length": String(decoy.length) }, [decoy])).toBe(200);
    expect(await ask({ "transfer-encoding": "chunked" }, ["one", decoy])).toBe(200);
    expect(await ask({ connection: "Upgrade", upgrade: "WebSocket", "content-length": "0" }, [])).toBe(403);
    expect(bodies.join("")).toBe(`${decoy}one${decoy}`);
    expect(proxy.counters).toMatchObject({ accepted: 1, requests: 3, upgrades: 1, upgradesRefused: 1 });
  });
});

describe("the fault proxy, ending connections", () => {
  it("cuts one connection and leaves the others alone", async () => {
    const { proxy, open } = await startWire();
    const first = open();
    await until(first, "connect");
    const second = open();
    await until(second, "connect");
    const lost = until(first, "disconnect");
    proxy.websockets[0]?.cut();
    expect(await lost).toBe("transport close");
    expect(await second.emitWithAck("echo", 1)).toBe(1);
    expect(proxy.counters.cut).toBe(1);
  });

  it("cuts all of them, and lets the next ones through", async () => {
    const { proxy, open } = await startWire();
    const sockets = [open(), open()];
    await Promise.all(sockets.map((socket) => until(socket, "connect")));
    const lost = Promise.all(sockets.map((socket) => until(socket, "disconnect")));
    proxy.cut();
    await lost;
    const again = open();
    await until(again, "connect");
    expect(proxy.counters.cut).toBe(2);
  });

  it("resets a connection, so that both ends see ECONNRESET", async () => {
    const { proxy, accepted, open } = await startTcp(echo);
    const socket = await open();
    socket.write("x");
    await once(socket, "data");
    const errors = Promise.all([once(socket, "error"), once(await accepted, "error")]);
    proxy.reset();
    expect((await errors).map(([error]) => error.code)).toEqual(["ECONNRESET", "ECONNRESET"]);
    expect(proxy.counters.reset).toBe(1);
  });

  it("passes a reset by one end on to the other", async () => {
    const { accepted, open } = await startTcp();
    const socket = await open();
    socket.write("x");
    const failed = once(await accepted, "error");
    socket.resetAndDestroy();
    expect((await failed)[0].code).toBe("ECONNRESET");
  });

  it("half-closes one direction while the other one goes on", async () => {
    const { proxy, accepted, open } = await startTcp();
    const socket = await open();
    const peer = await accepted;
    const rest = readAll(socket);
    peer.resume();
    const finished = once(peer, "end");
    [...proxy.connections][0]?.halfClose("server");
    await finished;
    peer.end("still here");
    expect((await rest).toString()).toBe("still here");
  });

  it("cuts after exactly so many bytes", async () => {
    const { proxy, open } = await startTcp((socket) => socket.write(Buffer.alloc(100_000, "a")));
    proxy.set({ toClient: { cutAfterBytes: 12_345 } });
    const socket = await open();
    expect(await readAll(socket)).toHaveLength(12_345);
    expect(proxy.counters).toMatchObject({ cut: 1, bytesToClient: 12_345 });
  });

  it("resets a new connection when told to, and a client of a target that is down", async () => {
    const { proxy } = await startTcp();
    proxy.set({ accept: "reset" });
    await closed(proxy.port);
    proxy.set({ accept: "pass" });
    const unused = createServer().listen(0, "127.0.0.1");
    await once(unused, "listening");
    proxy.targetPort = (unused.address() as AddressInfo).port;
    unused.close();
    await once(unused, "close");
    await closed(proxy.port);
    expect(proxy.counters).toMatchObject({ accepted: 2, closed: 1 });
    expect(proxy.connections.size).toBe(0);
  });
});

describe("the fault proxy, with a link that is bad", () => {
  it("swallows everything in a black hole: the client's end is not seen by the server", async () => {
    const { server, proxy, open } = await startWire({ pingInterval: 300, pingTimeout: 300 });
    const socket = open();
    await until(socket, "connect");
    const [peer] = [...server.sockets.sockets.values()];
    const reason = new Promise((resolve) => peer?.once("disconnect", resolve));
    proxy.blackhole();
    socket.disconnect();
    expect(await reason).toBe("ping timeout");
    expect(proxy.counters.droppedToClient).toBeGreaterThan(0);
    expect(proxy.counters.droppedToServer).toBeGreaterThan(0);
  });

  it("swallows one direction only", async () => {
    const { proxy, open } = await startWire();
    const socket = open();
    await until(socket, "connect");
    proxy.set({ toClient: { mode: "blackhole" } });
    const before = proxy.counters.bytesToServer;
    await expect(socket.timeout(100).emitWithAck("echo", 1)).rejects.toThrow("timed out");
    expect(proxy.counters.bytesToServer).toBeGreaterThan(before);
    expect(proxy.counters.droppedToClient).toBeGreaterThan(0);
  });

  it("lets the other end learn of a close once the black hole is gone", async () => {
    const { proxy, accepted, open } = await startTcp();
    const socket = await open();
    socket.write("x");
    const peer = await accepted;
    await once(peer, "data");
    let ended = false;
    peer.once("end", () => {
      ended = true;
    });
    proxy.blackhole();
    socket.end("lost");
    const [connection] = proxy.connections;
    await expect.poll(() => connection?.toServer.dropped).toBe(4);
    expect(ended).toBe(false);
    const end = once(peer, "end");
    proxy.clear();
    await end;
  });

  it("hides a reset while the link is a black hole, and passes it on afterwards", async () => {
    const { proxy, accepted, open } = await startTcp();
    const socket = await open();
    socket.write("x");
    const peer = await accepted;
    await once(peer, "data");
    let failed = false;
    peer.once("error", () => {
      failed = true;
    });
    proxy.blackhole();
    socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(failed).toBe(false);
    const error = once(peer, "error");
    proxy.clear();
    await error;
  });

  it("stalls: the sender's buffer fills, and nothing is lost when it goes on", async () => {
    const sent = Buffer.alloc(12 * 1024 * 1024, "z");
    const { proxy, accepted, open } = await startTcp();
    proxy.set({ toClient: { mode: "stall" } });
    const socket = await open();
    const arrived = readAll(socket);
    const peer = await accepted;
    peer.end(sent);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(peer.writableLength).toBeGreaterThan(0);
    expect(socket.bytesRead).toBe(0);
    proxy.clear();
    expect((await arrived).equals(sent)).toBe(true);
  });

  it("delays each way and keeps the order", async () => {
    const { proxy, open } = await startWire();
    const socket = open();
    await until(socket, "connect");
    proxy.set({ toServer: { delayMs: 60 }, toClient: { delayMs: 60 } });
    const start = performance.now();
    const answers: number[] = [];
    await Promise.all(
      [1, 2, 3, 4, 5].map(async (value) => answers.push((await socket.emitWithAck("echo", value)) as number)),
    );
    const took = performance.now() - start;
    expect(answers).toEqual([1, 2, 3, 4, 5]);
    expect(took).toBeGreaterThanOrEqual(119);
  });

  it("throttles to so many bytes a second, and takes the limit off while bytes wait", async () => {
    const sent = Buffer.alloc(300_000, "t");
    const { proxy, open } = await startTcp((socket) => socket.end(sent));
    proxy.set({ toClient: { bytesPerSecond: 100_000 } });
    const start = performance.now();
    const socket = await open();
    const arrived = readAll(socket);
    await expect.poll(() => socket.bytesRead, { interval: 5 }).toBeGreaterThan(20_000);
    const took = performance.now() - start;
    expect(took).toBeGreaterThan(150);
    expect(socket.bytesRead).toBeLessThan(300_000);
    proxy.clear();
    expect((await arrived).equals(sent)).toBe(true);
  });
});

describe("the fault proxy, with WebSockets in the way", () => {
  it("answers an upgrade with 403 while polling goes through", async () => {
    const { proxy, open } = await startWire();
    proxy.set({ upgrade: { status: 403 } });
    const websocketOnly = open();
    const error = (await until(websocketOnly, "connect_error")) as Error;
    expect(error.message).toBe("websocket error");
    const falling = open({ transports: ["websocket", "polling"], tryAllTransports: true });
    await until(falling, "connect");
    expect(falling.io.engine.transport.name).toBe("polling");
    expect(await falling.emitWithAck("echo", 1)).toBe(1);
    expect(proxy.counters.upgradesRefused).toBe(2);
    expect(proxy.websockets).toHaveLength(0);
  });

  it("hangs an upgrade while polling goes through, and frees it by a cut", async () => {
    const { proxy, open } = await startWire();
    proxy.set({ upgrade: "hang" });
    const hanging = open();
    const polling = open({ transports: ["polling"] });
    await until(polling, "connect");
    expect(await polling.emitWithAck("echo", 1)).toBe(1);
    await expect.poll(() => proxy.counters.upgradesHung).toBe(1);
    expect(hanging.connected).toBe(false);
    const failed = until(hanging, "connect_error");
    for (const connection of proxy.connections) if (connection.kind === "hung") connection.cut();
    await failed;
  });

  it("forgets a hung client that gives up", async () => {
    const { proxy, open } = await startWire();
    proxy.set({ upgrade: "hang" });
    const hanging = open({ timeout: 80 });
    await until(hanging, "connect_error");
    await expect.poll(() => proxy.connections.size).toBe(0);
    expect(proxy.counters.upgradesHung).toBe(1);
  });

  it("sets faults on a new connection before its first byte", async () => {
    const { proxy, open } = await startWire();
    let seen = 0;
    proxy.onConnection = (connection) => {
      seen += 1;
      if (seen === 1) connection.set({ toClient: { cutAfterBytes: 0 } });
    };
    await until(open(), "connect_error");
    await until(open(), "connect");
    expect(seen).toBe(2);
  });
});

describe("the fault proxy, with a crowd", () => {
  it("carries 2,000 connections at once and cuts them all", async () => {
    const { proxy, open } = await startTcp(echo);
    const sockets = await Promise.all(Array.from({ length: 2_000 }, open));
    await Promise.all(
      sockets.map(async (socket, index) => {
        socket.write(String(index));
        const [answer] = await once(socket, "data");
        expect(String(answer)).toBe(String(index));
      }),
    );
    const ends = Promise.all(sockets.map((socket) => once(socket, "end")));
    proxy.cut();
    await ends;
    expect(proxy.counters).toMatchObject({ accepted: 2_000, cut: 2_000, closed: 2_000 });
    expect(proxy.connections.size).toBe(0);
  });
});
