import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract } from "@gestaloka/events";
import { createEventServer, type ServerLimits, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { answerParent } from "../chaos/child.js";
import { type Lag, watchLag } from "./lag.js";

/** What the server under attack says of itself. */
export interface ServerReport {
  /** Exceptions and rejections that nobody caught. */
  readonly unhandled: number;
  /** Keys that appeared on prototypes, and keys that reached a handler without being of its command. */
  readonly pollution: number;
  readonly lag: Lag;
  /** Heap and what lies outside it after a collection, bytes. */
  readonly memory: number;
  readonly connections: number;
  readonly handled: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Events that the healthy client has to have got. */
  readonly emitted: number;
  readonly first: string | undefined;
}

type Request = { readonly do: "start" } | { readonly do: "report" } | { readonly do: "collect" };

const known: Readonly<Record<string, ReadonlySet<string>>> = {
  game_action: new Set(["game_session_id", "action", "user_id"]),
  chat_message: new Set(["game_session_id", "message", "user_id"]),
  npc_action: new Set(["game_session_id", "npc_id", "action", "user_id"]),
};
const prototypes = [Object, Array, Function, String, Number, Map, Set, Promise].map(
  ({ prototype }) => prototype as object,
);
const keysOf = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).length).join();
const keysBefore = keysOf();
const refused: Record<string, number> = {};
const lifted: ServerLimits = { commandsPerSecond: 1e9, commandBurst: 1e9, invalidFrames: 1e9, connectionsPerUser: 1e9 };
let takeLag = (): Lag => ({ own: 0, wall: 0 });
let unhandled = 0;
let pollution = 0;
let handled = 0;
let emitted = 0;
let first: string | undefined;

function caught(error: unknown): void {
  unhandled++;
  first ??= error instanceof Error ? error.stack : String(error);
}
process.on("uncaughtException", caught);
process.on("unhandledRejection", caught);

/** One server as it is by default, or one whose limits let every frame through to where it is judged. */
async function serve(limits: ServerLimits) {
  const http = createServer();
  const io = new Server(
    http,
    serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 10_000_000 }),
  );
  const server = createEventServer(io, {
    contract,
    authenticate: ({ auth }) => (typeof auth.user === "string" ? { userId: auth.user } : null),
    authorize: ({ user, id }) => user.userId === "healthy" || !id.startsWith("calm"),
    limits,
    metrics: {
      count(counter, by, event, reason) {
        // A label that a stranger chose.
        const declared = event === "" || contract.events.has(event) || contract.commands.has(event);
        if (!declared || !/^[a-z_]{0,32}$/.test(reason)) pollution++;
        if (counter === "rejected") refused[reason] = (refused[reason] ?? 0) + by;
      },
    },
    onError: (error, { during }) => {
      // A refused credential is no fault here.
      if (during !== "authenticate") caught(error);
    },
  });
  for (const name of ["game_action", "chat_message", "npc_action"] as const) {
    server.handle(name, (command) => {
      handled++;
      for (const key of Object.keys(command)) if (!known[name]?.has(key)) pollution++;
      for (const value of Object.values(command)) if (typeof value !== "string") pollution++;
      return {};
    });
  }
  // An application's own listener: no name from outside may reach it.
  io.on("connection", (socket) => {
    for (const name of ["error", "message", "__proto__", "constructor", "admin"])
      socket.on(name, (given: unknown) => {
        if (!(given instanceof Error)) pollution++;
      });
  });
  await new Promise<void>((resolve) => http.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, resolve));
  return { server, io, port: (http.address() as AddressInfo).port };
}

const served: Awaited<ReturnType<typeof serve>>[] = [];

function report(): ServerReport {
  if (keysOf() !== keysBefore) pollution++;
  const { heapUsed, external } = process.memoryUsage();
  return {
    unhandled,
    pollution,
    lag: takeLag(),
    memory: heapUsed + external,
    connections: served.reduce((sum, { io }) => sum + io.engine.clientsCount, 0),
    handled,
    refused,
    emitted,
    first,
  };
}

answerParent(async (request: Request): Promise<unknown> => {
  if (request.do === "start") {
    served.push(await serve({}), await serve(lifted));
    takeLag = watchLag();
    setInterval(() => {
      for (const { server } of served)
        void server.to.game("calm").emit("narrative_update", { narrative_type: "general", narrative: String(emitted) });
      emitted++;
    }, 50);
    return served.map(({ port }) => port);
  }
  if (request.do === "collect") {
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return report();
});
