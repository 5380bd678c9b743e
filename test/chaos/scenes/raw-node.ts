import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { answerParent } from "../child.js";

export type RawRequest =
  | { readonly do: "start"; readonly redisPort: number }
  | { readonly do: "rate"; readonly perSecond: number };

const room = "all";
let publisher: Redis;
let timer: NodeJS.Timeout | undefined;
let n = 0;

/**
 * A node of Socket.IO alone, the control: an emit is published, and every node broadcasts what it hears to its own members,
 * as Socket.IO's adapter for Redis does. Nothing is checked, numbered or kept.
 */
async function start(redisPort: number): Promise<number> {
  const http = createServer();
  const io = new Server(http, { serveClient: false });
  io.on("connection", (socket) => socket.join(room));
  publisher = new Redis(redisPort, "127.0.0.1");
  const listener = new Redis(redisPort, "127.0.0.1");
  listener.on("message", (_channel, text) => {
    const [name, payload] = JSON.parse(text) as [string, object];
    io.local.to(room).emit(name, payload);
  });
  await listener.subscribe("raw");
  await new Promise<void>((resolve) => http.listen({ port: 0, host: "127.0.0.1", backlog: 8_192 }, resolve));
  return (http.address() as AddressInfo).port;
}

function emit(): void {
  const payload = { s: 0, n: ++n, t: performance.timeOrigin + performance.now() };
  void publisher.publish("raw", JSON.stringify(["step", payload]));
}

answerParent(async (request: RawRequest) => {
  if (request.do === "start") return start(request.redisPort);
  clearInterval(timer);
  if (request.perSecond > 0) timer = setInterval(emit, 1_000 / request.perSecond);
  return n;
});
