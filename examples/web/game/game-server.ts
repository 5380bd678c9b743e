import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract, rooms } from "@gestaloka/events";
import { prometheusMetrics } from "@gestaloka/events/prometheus";
import {
  createEventServer,
  GameEventEmitter,
  NotificationEmitter,
  SPEventEmitter,
  serverOptions,
} from "@gestaloka/events/server";
import { Registry } from "prom-client";
import { Server } from "socket.io";
import { answerApi } from "./api.js";
import { GameMaster } from "./game-master.js";
import { Journal } from "./journal.js";
import { StoryPoints } from "./story-points.js";
import { readToken } from "./token.js";
import { type Entry, World } from "./world.js";

export interface GameServerOptions {
  /** The origins of the page. */
  readonly origins: readonly string[];
  /** Signs the players' tokens. */
  readonly secret: string;
  /** The file that everything is written to before anybody is told. */
  readonly journalFile: string;
}

/** The session that both players are in. */
export const gameSessionId = "mist";

/** Serves the game on a free port of 127.0.0.1. */
export async function startGameServer({ origins, secret, journalFile }: GameServerOptions): Promise<{
  readonly port: number;
  close(): Promise<void>;
}> {
  const http = createServer();
  const io = new Server(http, serverOptions({ origins }));
  const registry = new Registry();
  const events = createEventServer(io, {
    contract,
    metrics: prometheusMetrics({ registry }),
    authenticate({ auth }) {
      const userId = readToken(secret, auth.token);
      return userId === undefined ? null : { userId };
    },
    authorize: ({ room }) => room === rooms.game(gameSessionId),
  });
  const world = new World(new Journal<Entry>(journalFile));
  const points = new StoryPoints(world, new SPEventEmitter(events));
  const emitter = new GameEventEmitter(events);
  const master = new GameMaster(world, points, emitter);

  events.handle("game_action", async ({ game_session_id: game, action }, { userId, commandId, sender }) => {
    await sender.emit("action_received", { action });
    await master.act(game, userId, action, commandId);
  });
  events.handle("chat_message", async ({ game_session_id: game, message }, { userId, commandId }) => {
    if (world.wasApplied(commandId)) return;
    const saying = { user_id: userId, message, timestamp: new Date().toISOString() };
    world.commit(
      { kind: "saying", saying },
      ...(commandId === undefined ? [] : [{ kind: "applied", commandId } as const]),
    );
    await emitter.emitChatMessage(game, saying);
  });

  const api = answerApi({
    origins,
    userOf: (token) => readToken(secret, token),
    world,
    points,
    choices: () => master.choices,
    members: () => events.members(rooms.game(gameSessionId)),
    notifications: new NotificationEmitter(events),
  });
  http.on("request", async (request, response) => {
    if (request.url?.startsWith("/socket.io/")) return;
    if (request.url !== "/metrics") return api(request, response);
    response.setHeader("content-type", registry.contentType).end(await registry.metrics());
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    port: (http.address() as AddressInfo).port,
    async close() {
      await events.close({ drainMs: 200 });
      await io.close();
    },
  };
}
