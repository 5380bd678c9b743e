import { request } from "node:http";
import { connect } from "node:net";
import { WebSocket } from "ws";
import { createConnect, createHandshake, createPacket, type Manner } from "./mutations.js";

/** Sends frames until all of them are used up; shared by all attackers. */
export interface Ammunition {
  left: number;
  readonly random: () => number;
  readonly ports: readonly number[];
  connections: number;
}

const burst = 8;

/** Attacks over one connection after the other, by WebSocket, by polling, and by requests that are none. */
export async function attack(ammunition: Ammunition): Promise<void> {
  const { random, ports } = ammunition;
  while (ammunition.left > 0) {
    const port = ports[Math.floor(random() * ports.length)] as number;
    const user = random() < 0.05 ? "healthy2" : `u${Math.floor(random() * 200)}`;
    ammunition.connections++;
    const roll = random();
    if (roll < 0.1) await byBytes(ammunition, port);
    else if (roll < 0.25) await byPolling(ammunition, port, user);
    else await byWebSocket(ammunition, port, user);
  }
}

function take(ammunition: Ammunition, most: number): number {
  const taken = Math.min(most, ammunition.left);
  ammunition.left -= taken;
  return taken;
}

async function byWebSocket(ammunition: Ammunition, port: number, user: string): Promise<void> {
  const { random } = ammunition;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  let open = true;
  const gone = new Promise<void>((resolve) => {
    const over = () => {
      open = false;
      resolve();
    };
    socket.on("close", over);
    socket.on("error", over);
  });
  let came = () => {};
  socket.on("message", () => came());
  const answer = () => Promise.race([gone, new Promise<void>((resolve) => (came = resolve)), pause(2_000)]);
  await answer();
  if (socket.readyState !== WebSocket.OPEN) {
    socket.terminate();
    return;
  }
  take(ammunition, 1);
  socket.send(createConnect(user, random), () => {});
  await answer();
  const manner: Manner = random() < 0.6 ? "readable" : "wild";
  const most = 20 + Math.floor(random() * 400);
  for (let sent = 0; sent < most && socket.readyState === WebSocket.OPEN && ammunition.left > 0; ) {
    const count = take(ammunition, burst);
    for (let index = 0; index < count; index++) socket.send(createPacket(manner, random), () => {});
    sent += count;
    // What it sent is on its way before there is more, and the server has its turn.
    while (open && socket.bufferedAmount > 0) await pause(1);
    await pause(0);
  }
  if (random() < 0.5) socket.terminate();
  else socket.close();
  await Promise.race([gone, pause(500)]);
  socket.terminate();
}

async function byPolling(ammunition: Ammunition, port: number, user: string): Promise<void> {
  const { random } = ammunition;
  const path = "/socket.io/?EIO=4&transport=polling";
  const opened = await ask(port, "GET", path);
  const sid = /"sid":"([\w-]+)"/.exec(opened)?.[1];
  if (!sid) return;
  const to = `${path}&sid=${sid}`;
  take(ammunition, 1);
  await ask(port, "POST", to, createConnect(user, random));
  const manner: Manner = random() < 0.6 ? "readable" : "wild";
  for (let round = 0; round < 12 && ammunition.left > 0; round++) {
    const packets = Array.from({ length: take(ammunition, 1 + Math.floor(random() * burst)) }, () => {
      const packet = createPacket(manner, random);
      return typeof packet === "string" ? packet : `b${packet.toString("base64")}`;
    });
    await ask(port, "POST", to, packets.join("\u001e"));
    if (random() < 0.3) void ask(port, "GET", to);
  }
}

async function byBytes(ammunition: Ammunition, port: number): Promise<void> {
  const { random } = ammunition;
  for (let count = take(ammunition, 5); count > 0; count--) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(createHandshake(random));
    await Promise.race([new Promise((resolve) => socket.once("close", resolve)), pause(20)]);
    socket.destroy();
  }
}

function ask(port: number, method: string, path: string, body?: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, method, path, agent: false, timeout: 5_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(text));
      response.on("error", () => resolve(""));
    });
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => resolve(""));
    sent.end(body);
  });
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => (ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve)));
