import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { getHeapSnapshot } from "node:v8";
import { contract } from "@gestaloka/events";
import { createEventServer, serverOptions } from "@gestaloka/events/server";
import { Server, type Socket } from "socket.io";
import { answerParent } from "./child.js";

/** A server that only holds idle connections; its parent asks what they cost. */
const options = { origins: [], allowMissingOrigin: true, handshakesPerMinute: 1_000_000 };

interface Request {
  readonly do: "start" | "memory" | "objects";
  readonly library?: boolean;
}

answerParent(async (request: Request) => {
  if (request.do === "memory") {
    await collect();
    const { heapUsed, rss } = process.memoryUsage();
    return { heapUsed, rss };
  }
  if (request.do === "objects") {
    await collect();
    return objectBytes((await json(getHeapSnapshot())) as HeapSnapshot);
  }
  const http = createServer();
  const io = new Server(http, serverOptions(options));
  if (request.library) {
    const server = createEventServer(io, {
      contract,
      authenticate: ({ auth }) => ({ userId: String(auth.user) }),
      authorize: () => true,
    });
    for (const name of ["game_action", "chat_message", "npc_action"] as const) server.handle(name, async () => ({}));
  } else {
    io.on("connection", (socket) => {
      void socket.join(`user_${String(socket.handshake.auth.user)}`);
      socket.on("join_game", onJoin);
      for (const name of ["leave_game", "game_action", "chat_message", "npc_action", "ping"])
        socket.on(name, onCommand);
    });
  }
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { port: (http.address() as AddressInfo).port };
});

/** More than once, with a turn between: what finalizers release is collected too. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    global.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[]] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** Bytes of all objects: without tables, which double now and then, and without code and text. */
function objectBytes({ snapshot: { meta }, nodes, strings }: HeapSnapshot): number {
  const [type = 0, name = 0, size = 0] = ["type", "name", "self_size"].map((field) => meta.node_fields.indexOf(field));
  const types = meta.node_types[0];
  let bytes = 0;
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    const kind = types[nodes[node + type] as number];
    const isPart = kind === "array" && strings[nodes[node + name] as number]?.startsWith("(object ");
    if (kind === "object" || isPart) bytes += nodes[node + size] as number;
  }
  return bytes;
}

function onJoin(this: Socket, command: { game_session_id: string }, ack: (answer: object) => void): void {
  void this.join(`game_${command.game_session_id}`);
  ack({ ok: true });
}

function onCommand(): void {
  // The floor has handlers that do nothing.
}
