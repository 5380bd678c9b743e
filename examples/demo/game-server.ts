import { randomUUID } from "node:crypto";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandRefusal, contract } from "@gestaloka/events";
import {
  createEventServer,
  GameEventEmitter,
  NotificationEmitter,
  SPEventEmitter,
  serverOptions,
} from "@gestaloka/events/server";
import { Server } from "socket.io";
import { answerSpApi } from "./sp-api.js";
import { InsufficientSPError, SPService } from "./sp-service.js";

/** What the headless scenario asks of the server. */
export interface DemoServer {
  readonly url: string;
  /** Logs a player in: a token for the connection's `auth`. */
  login(userId: string): string;
  readonly sp: SPService;
  readonly game: GameEventEmitter;
  readonly notifications: NotificationEmitter;
  close(): Promise<void>;
}

/** An action costs this much, in SP. */
const ACTION_COST = 30;

/** Starts the game on a port; 0: any free one. */
export async function startGameServer(port: number): Promise<DemoServer> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const tokens = new Map<string, string>();
  // The players are no browsers, so they send no Origin.
  const io = new Server(http, serverOptions({ origins: [url], allowMissingOrigin: true }));
  const events = createEventServer(io, {
    contract,
    authenticate: ({ auth }) => {
      const userId = tokens.get(String(auth.token));
      return userId === undefined ? null : { userId };
    },
    authorize: () => true,
  });
  const game = new GameEventEmitter(events);
  const notifications = new NotificationEmitter(events);
  const sp = new SPService(new SPEventEmitter(events));

  const answer = answerSpApi(sp, (token) => tokens.get(token));
  http.on("request", (request, response) => {
    if (!request.url?.startsWith("/socket.io/")) void answer(request, response);
  });

  events.handle("game_action", async ({ game_session_id: id, action }, { userId, sender }) => {
    await sender.emit("action_received", { action });
    try {
      await sp.consume(userId, ACTION_COST, "free_action", action);
    } catch (error) {
      if (error instanceof InsufficientSPError) throw new CommandRefusal("sp_insufficient");
      throw error;
    }
    await game.emitProcessingStarted(id, { action, status: "AI処理を開始しています..." });
    await game.emitActionResult(id, { user_id: userId, action, result: { success: true } });
    await game.emitStateUpdate(id, { update: { currentScene: "地下室" } });
    await game.emitNarrativeUpdate(id, { narrative_type: "general", narrative: `${userId}は「${action}」を試みた。` });
    await game.emitProcessingCompleted(id, { status: "completed" });
    return {};
  });
  events.handle("chat_message", async ({ game_session_id: id, message }, { userId }) => {
    await game.emitChatMessage(id, { user_id: userId, message });
    return {};
  });
  events.handle("npc_action", async ({ game_session_id: id, npc_id, action }) => {
    await game.emitNpcActionResult(id, {
      npc_id,
      action,
      result: "商人はうなずいた。",
      rewards: [{ type: "item", amount: 1, item: "salt" }],
    });
    return {};
  });

  return {
    url,
    login(userId) {
      const token = randomUUID();
      tokens.set(token, userId);
      return token;
    },
    sp,
    game,
    notifications,
    async close() {
      await events.close({ drainMs: 200 });
      await io.close();
      await closed(http);
    },
  };
}

function closed(http: HttpServer): Promise<void> {
  return new Promise((resolve) => (http.listening ? http.close(() => resolve()) : resolve()));
}
