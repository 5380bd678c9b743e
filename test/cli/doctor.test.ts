import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryBackend } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { describe, expect, it, onTestFinished } from "vitest";
import { openBackend } from "../redis/backends.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { describeRedis } from "../support/describe-redis.js";
import { startFaultProxy } from "../support/fault-proxy.js";
import { openHarbour } from "../support/harbour-server.js";
import { hasPythonSocketio, startPlainServer } from "../support/python-process.js";
import { RedisProcess } from "../support/redis-process.js";
import { requireOrSkip } from "../support/required-service.js";
import { startRoundRobin } from "../support/round-robin.js";
import { ScriptedServer } from "../support/scripted-server.js";
import { runCli } from "./cli-run.js";

const harbourContract = ["--contract", "test/fixtures/contract.ts"];

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly found: string;
  readonly advice?: string;
}

async function examined(url: string, argv: readonly string[] = harbourContract, token = "ada") {
  const { code, stdout } = await runCli(["doctor", url, "--json", ...argv], { env: { GESTALOKA_TOKEN: token } });
  const findings = JSON.parse(stdout) as Finding[];
  const of = (check: string) => findings.find((finding) => finding.check === check);
  return { code, of, verdicts: findings.map(({ check, verdict }) => `${check}: ${verdict}`) };
}

async function openOne(...options: Parameters<typeof openHarbour>) {
  return closedAtEnd(await openHarbour(...options));
}

describe("doctor", () => {
  it("finds nothing wrong with a server of this library", async () => {
    const { url } = await openOne();
    const { code, of, verdicts } = await examined(url);
    expect(verdicts).toEqual([
      "connection: ok",
      "server: ok",
      "contract: ok",
      "round trip: ok",
      "clock: ok",
      "recovery: ok",
      "websocket: ok",
      "polling: ok",
      "sticky sessions: ok",
      "large frames: ok",
      "upgrade: ok",
    ]);
    expect(code).toBe(0);
    expect(of("connection")?.found).toBe("open by websocket");
    expect(of("server")?.found).toMatch(/^announced, as ada: recovery, packs, answers; frames up to 65536 bytes/);
    expect(of("recovery")?.found).toBe("sailor_ada recovered after each of 3 losses");
    expect(of("clock")?.found).toMatch(/^the server's is \d+(\.\d)? ms (ahead|behind)$/);
  }, 60_000);

  it("sees servers that share neither sessions nor a backend, and says what to do", async () => {
    const nodes = [await openOne(), await openOne()];
    const balancer = closedAtEnd(await startRoundRobin(nodes.map(({ http }) => (http.address() as AddressInfo).port)));
    const { code, of } = await examined(balancer.url);
    expect(code).toBe(1);
    expect(of("sticky sessions")).toMatchObject({
      verdict: "fail",
      found: "6 of 6 sessions came to a server that did not know them",
      advice: expect.stringContaining("@socket.io/sticky") as string,
    });
    expect(of("recovery")).toMatchObject({
      verdict: "fail",
      advice: expect.stringContaining("redisBackend") as string,
    });
    expect(of("recovery")?.found).toBe("sailor_ada was not recovered: epoch_changed");
  }, 60_000);

  it("sees a server among others that lets nobody in, or knows nothing of this library", async () => {
    const { http } = await openOne();
    const stranger = await ScriptedServer.start();
    stranger.hello = undefined;
    const ports = [(http.address() as AddressInfo).port, stranger.port];
    const balancer = closedAtEnd(await startRoundRobin(ports));
    const { of } = await examined(balancer.url);
    expect(of("recovery")).toMatchObject({
      verdict: "fail",
      found: "a later connection came to a server that announced nothing, or let nobody in",
    });
  }, 60_000);

  it("sees a server without polling, and a proxy that stops WebSockets", async () => {
    const { url } = await openOne({}, { transports: ["websocket"] });
    expect((await examined(url)).of("polling")).toMatchObject({ verdict: "warn" });
    const { http } = await openOne();
    const balancer = closedAtEnd(await startRoundRobin([(http.address() as AddressInfo).port]));
    balancer.refuseUpgrades(true);
    const { code, of } = await examined(balancer.url);
    expect(code).toBe(1);
    expect(of("websocket")).toMatchObject({
      verdict: "fail",
      found: "failed: connection_failed",
      advice: expect.stringContaining("Upgrade") as string,
    });
    expect(of("connection")?.found).toBe("open by polling");
    expect(of("upgrade")?.verdict).toBe("warn");
  }, 60_000);

  it("sees a proxy that swallows WebSockets, where the client goes on by polling", async () => {
    const { http } = await openOne();
    const proxy = closedAtEnd(await startFaultProxy((http.address() as AddressInfo).port));
    proxy.set({ upgrade: "hang" });
    const { code, of } = await examined(proxy.url, [...harbourContract, "--timeout", "1"]);
    expect(code).toBe(1);
    expect(of("connection")).toMatchObject({ verdict: "warn", found: expect.stringContaining("polling") as string });
    expect(of("websocket")).toMatchObject({
      verdict: "fail",
      found: "the handshake hangs",
      advice: expect.stringContaining("swallows the upgrade") as string,
    });
    expect(of("polling")?.verdict).toBe("ok");
  }, 60_000);

  it("names another contract, a refused credential and a server that is not there", async () => {
    const { url } = await openOne();
    const strangers = await examined(url, []);
    expect(strangers.of("connection")).toMatchObject({
      verdict: "fail",
      found: expect.stringContaining("version_mismatch; the server speaks another contract") as string,
    });
    const { code, stdout } = await runCli(["doctor", url, ...harbourContract]);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^✗ connection {7}not connected: unauthenticated; set GESTALOKA_TOKEN/) as string,
    });
    expect((await examined("http://127.0.0.1:1")).verdicts).toEqual(["connection: fail"]);
  }, 60_000);

  it("says that nothing answers where both a WebSocket and polling hang, as under a path that nobody serves", async () => {
    const http = createServer(() => {});
    onTestFinished(() => http.close().closeAllConnections());
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const { code, of, verdicts } = await examined(url, [...harbourContract, "--timeout", "1"]);
    expect({ code, verdicts }).toEqual({ code: 1, verdicts: ["connection: fail"] });
    expect(of("connection")?.found).toMatch(/^not connected: connection_failed; .*--path/);
  }, 60_000);

  it("sees that a frame does not get through which the server takes, as past a proxy's limit of bodies", async () => {
    const server = await ScriptedServer.start();
    server.io.on("connection", (socket) => socket.on("$heads", (_body, answer) => answer({})));
    expect((await examined(server.url)).of("large frames")?.verdict).toBe("ok");
    server.io.engine.opts.maxHttpBufferSize = 8_192;
    expect((await examined(server.url)).of("large frames")).toMatchObject({
      verdict: "fail",
      advice: expect.stringContaining("client_max_body_size") as string,
    });
  }, 60_000);

  it("sends no credential where it can be read on its way, unless it may", async () => {
    const { url } = await openOne();
    // Another machine as far as anybody can tell by its name.
    const other = url.replace("127.0.0.1", "0.0.0.0");
    const { code, stdout, stderr } = await runCli(["doctor", other, ...harbourContract], {
      env: { GESTALOKA_TOKEN: "ada" },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("can be read on its way: write https://, or --allow-insecure");
    expect((await examined(other, [...harbourContract, "--allow-insecure"])).code).toBe(0);
  }, 60_000);

  it("takes no server whose backend is away, or that closes at once, for a plain one", async () => {
    const evict = () => Promise.reject(new Error("away"));
    const { url } = await openOne({ backend: Object.assign(memoryBackend(), { evict }) });
    const { code, of, verdicts } = await examined(url);
    expect({ code, verdicts }).toEqual({ code: 1, verdicts: ["connection: fail"] });
    expect(of("connection")?.found).toMatch(/^not connected: backend_unavailable; the server cannot reach its backend/);

    const http = createServer();
    const io = closedAtEnd(new Server(http));
    io.on("connection", (socket) => socket.disconnect());
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const closed = await examined(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    expect(closed.of("connection")?.found).toMatch(/^not connected: refused;/);
  }, 60_000);

  it("knows a plain Socket.IO server", async () => {
    const http = createServer();
    const io = closedAtEnd(new Server(http));
    let opened = 0;
    io.engine.on("connection", () => opened++);
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { code, of } = await examined(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    expect(code).toBe(0);
    expect(of("server")).toMatchObject({
      verdict: "warn",
      advice: expect.stringContaining("createEventServer") as string,
    });
    expect(of("recovery")?.verdict).toBe("skip");
    expect(of("large frames")?.verdict).toBe("skip");
    // For each to say that it is none of this library's, seconds are waited.
    expect(opened).toBe(9);
  }, 60_000);

  it.each([
    ["as a client does, where a part of it is of another kind", { features: [{ toString: 1 }], limits: null }, "ok"],
    ["as a client does, where a part of it is missing", { features: undefined, rooms: [null] }, "ok"],
    ["and says so where no client can", { v: 2 }, "fail"],
    ["and says so where a client finds no user in it", { user_id: null }, "fail"],
  ])(
    "reads what a server says of itself %s",
    async (_how, hello, verdict) => {
      const server = await ScriptedServer.start();
      server.hello = hello;
      server.io.on("connection", (socket) => socket.on("$heads", (_body, answer) => answer({})));
      const { of } = await examined(server.url);
      expect(of("server")?.verdict).toBe(verdict);
      expect(of("recovery")?.verdict).toBe("skip");
    },
    60_000,
  );

  it("says in its help what it looks at", async () => {
    const { code, stdout } = await runCli(["doctor", "--help"]);
    expect(code).toBe(0);
    for (const word of ["sticky sessions", "round trip", "--json", "--origin", "Exit code"])
      expect(stdout).toContain(word);
  });
});

requireOrSkip("python-socketio", hasPythonSocketio())("doctor before python-socketio", () => {
  it("sees a plain server, measures round trip and clock, and finds its polling", async () => {
    const python = await startPlainServer();
    onTestFinished(() => python.stop());
    const { code, of } = await examined(python.url, []);
    expect(code).toBe(0);
    expect(of("server")?.found).toBe("plain: it knows nothing of this library");
    expect(of("round trip")?.verdict).toBe("ok");
    expect(of("clock")).toMatchObject({
      verdict: "ok",
      found: expect.stringMatching(/^the server's is about/) as string,
    });
    expect(of("sticky sessions")?.verdict).toBe("ok");
  }, 60_000);
});

describeRedis("doctor before a server with Redis", () => {
  it("takes no server for a plain one whose Redis falls silent", async () => {
    const redis = await RedisProcess.start();
    onTestFinished(() => redis.kill());
    const { url, server } = await openOne({ backend: openBackend("redis", redis.port) });
    expect(await server.to.quay("q").emit("tide_turned", { level: 1 })).toMatchObject({ ok: true });
    redis.signal("SIGSTOP");
    const { of } = await examined(url);
    expect(of("connection")?.found).toMatch(/^not connected: backend_unavailable;/);
  }, 60_000);
});
