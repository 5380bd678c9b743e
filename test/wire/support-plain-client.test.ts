import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { expect, it, onTestFinished } from "vitest";
import { closedAtEnd } from "../support/closed-at-end.js";
import { hasPythonSocketio, type PlainClient, startPlainClient } from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";

async function startServer(): Promise<{ server: Server; url: string }> {
  const http = createServer();
  const server = new Server(http);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  closedAtEnd(server);
  return { server, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

async function startClient(events: string[]): Promise<PlainClient> {
  const client = await startPlainClient(events);
  onTestFinished(() => client.stop());
  return client;
}

const describePython = requireOrSkip("python-socketio", hasPythonSocketio());

describePython("the one-parameter client", () => {
  it.each(["websocket", "polling"])("connects over %s with its credential and takes an event", async (transport) => {
    const { server, url } = await startServer();
    const client = await startClient(["sp_update"]);
    const arrived = once(server, "connection") as Promise<[Socket]>;
    const connected = await client.connect(url, { auth: { token: "t" }, transports: [transport] });
    const [socket] = await arrived;
    expect(connected).toEqual({ sid: socket.id, transport });
    expect(socket.handshake.auth).toEqual({ token: "t" });
    socket.emit("sp_update", { description: "自由行動 🎲", current_sp: 1 });
    socket.emit("sp_update", { current_sp: 2 });
    expect(await client.next("sp_update", (data) => (data as { current_sp: number }).current_sp === 2)).toEqual({
      current_sp: 2,
    });
    expect(client.payloads("sp_update")).toEqual([{ description: "自由行動 🎲", current_sp: 1 }, { current_sp: 2 }]);
    expect(client.process.of("exception")).toEqual([]);
  });

  it("shows the TypeError that a second argument is to its handler", async () => {
    const { server, url } = await startServer();
    const client = await startClient(["sp_update"]);
    server.on("connection", (socket) => socket.emit("sp_update", { current_sp: 1 }, { seq: 1 }));
    await client.connect(url);
    expect(await client.nextException("sp_update")).toMatchObject({
      argc: 2,
      type: "TypeError",
      message: expect.stringContaining("takes 1 positional argument but 2 were given"),
    });
    expect(client.payloads("sp_update")).toEqual([]);
  });

  it("reports an event without a handler, and takes it after one is added", async () => {
    const { server, url } = await startServer();
    const client = await startClient([]);
    const arrived = once(server, "connection") as Promise<[Socket]>;
    await client.connect(url);
    const [socket] = await arrived;
    socket.emit("$hello", { v: 1 });
    expect(await client.process.next("unhandled")).toMatchObject({ event: "$hello", args: [{ v: 1 }], argc: 1 });
    await client.handle("$hello");
    socket.emit("$hello", { v: 2 });
    expect(await client.next("$hello")).toEqual({ v: 2 });
  });

  it("emits one argument or more, and gives every value of an acknowledgement", async () => {
    const { server, url } = await startServer();
    const client = await startClient([]);
    const arrived: unknown[][] = [];
    server.on("connection", (socket) => {
      socket.on("plain", (...args: unknown[]) => arrived.push(args));
      socket.on("answer", (values: unknown[], ack: (...values: unknown[]) => void) => ack(...values));
    });
    await client.connect(url);
    await client.emit("plain", { a: 1 });
    await client.emit("plain", { a: 1 }, 2);
    expect(await client.call("answer", [[]])).toEqual([]);
    expect(await client.call("answer", [[null]])).toEqual([null]);
    expect(await client.call("answer", [[{ ok: true }, 2]])).toEqual([{ ok: true }, 2]);
    expect(arrived).toEqual([[{ a: 1 }], [{ a: 1 }, 2]]);
    await expect(client.call("unanswered", [{}], 100)).rejects.toThrow("TimeoutError");
  });

  it("reports a refusal, and a disconnect by either end", async () => {
    const { server, url } = await startServer();
    const client = await startClient([]);
    let refuses = true;
    server.use((_, next) => next(refuses ? Object.assign(new Error("no"), { data: { code: "x" } }) : undefined));
    await expect(client.connect(url)).rejects.toThrow("ConnectionError: refused");
    expect(await client.process.next("connect_error")).toMatchObject({ data: { message: "no", data: { code: "x" } } });
    refuses = false;
    const arrived = once(server, "connection") as Promise<[Socket]>;
    await client.connect(url);
    expect(await client.state()).toMatchObject({ connected: true });
    const [socket] = await arrived;
    const gone = once(socket, "disconnect");
    await client.disconnect();
    await gone;
    await client.process.next("disconnect");

    const other = await startClient([]);
    await other.connect(url);
    server.disconnectSockets(true);
    await other.process.next("disconnect");
    expect(await other.state()).toMatchObject({ connected: false });
  });
});
