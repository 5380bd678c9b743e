import { contract, rooms } from "@gestaloka/events";
import { contract as browserContract } from "@gestaloka/events/browser";
import { createEventClient } from "@gestaloka/events/client";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { answerParent, startCost } from "./child.js";

/** Counts what arrives, whoever receives it. */
const counts: Record<string, number> = {};
let onCount: (() => void) | undefined;
let cost = startCost();
const disconnects: (() => void)[] = [];

function count(name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
  onCount?.();
}

async function connectOne(name: string, port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}`;
  if (name.startsWith("library")) {
    const of = name === "libraryNear" ? browserContract : contract;
    const client = createEventClient(url, { contract: of, auth: { user: "bench" } });
    client.on("sp:update", () => count(name));
    client.on("game:npc_encounter", () => count(name));
    await client.join(rooms.game("bench"));
    disconnects.push(() => void client.close());
    return;
  }
  const socket = io(url, { transports: ["websocket"], reconnection: false, forceNew: true });
  socket.on("sp_update", () => count(name));
  socket.on("npc_encounter", () => count(name));
  socket.on("gull_seen", () => count(name));
  await new Promise<void>((resolve) => socket.on("connect", resolve));
  disconnects.push(() => void socket.disconnect());
}

/** Bare connections: enough of the protocol to be in a room, and to unpack what comes. */
async function connectMany({ name = "", port, connections = 0, among = 1, enter, join }: Request): Promise<void> {
  for (let i = 0; i < connections; i++) {
    const suffix = among === 1 ? "" : String(i % among);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    disconnects.push(() => socket.terminate());
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (data) => {
        const frame = String(data);
        if (frame[0] === "0") {
          const client = `${name}-${i}`;
          const announced = enter && { $events: { v: 1, contract: enter.split(" ")[0], client, cursors: [] } };
          socket.send(`40${JSON.stringify({ user: client, ...announced })}`);
        } else if (frame === "2") socket.send("3");
        else if (frame.startsWith("40")) {
          if (enter) socket.send(`420${JSON.stringify(["$enter", { room: enter.split(" ")[1] + suffix }])}`);
          else if (join) socket.send(`420${JSON.stringify(["join_game", { game_session_id: join + suffix }])}`);
          else resolve();
        } else if (frame.startsWith("43")) {
          if (!frame.includes('"ok":true')) reject(new Error(frame.slice(0, 200)));
          else resolve();
        } else if (frame.startsWith("42")) {
          const args = JSON.parse(frame.slice(2)) as [string, unknown, unknown[]?];
          if (args[0] === "$pack") count(name, (args[2] as unknown[]).length);
          else if (args[0] === "processing_started" || args[0] === "gull_seen") count(name);
        }
      });
    });
  }
}

interface Request {
  readonly do: "one" | "many" | "reset" | "receive" | "disconnect";
  readonly name?: string;
  readonly port?: number;
  readonly connections?: number;
  /** How many rooms they are spread over, numbered from 0; 1, without a number. */
  readonly among?: number;
  /** `contract@version room` of an announced client. */
  readonly enter?: string;
  /** The game that a client of raw Socket.IO asks to join. */
  readonly join?: string;
  readonly until?: number;
}

answerParent(async (request: Request) => {
  const name = request.name ?? "";
  if (request.do === "one") return connectOne(name, request.port as number);
  if (request.do === "many") return connectMany(request);
  if (request.do === "disconnect") {
    for (const disconnect of disconnects.splice(0)) disconnect();
    return undefined;
  }
  if (request.do === "reset") {
    counts[name] = 0;
    cost = startCost();
    return undefined;
  }
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name}: ${counts[name]} of ${request.until} arrived`)), 60_000);
    onCount = () => {
      if ((counts[name] ?? 0) < (request.until as number)) return;
      onCount = undefined;
      clearTimeout(timer);
      resolve();
    };
    onCount();
  });
  return cost();
});
