import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandRefusal, contract, rooms } from "@gestaloka/events";
import { jwtAuthenticator } from "@gestaloka/events/jwt";
import { createEventServer, GameEventEmitter, SPEventEmitter, serverOptions } from "@gestaloka/events/server";
import express from "express";
import { Server } from "socket.io";
import { bearerOf } from "./bearer.js";
import { NotEnoughPoints, Points } from "./points.js";

const {
  PORT = "3000",
  ISSUER = "http://127.0.0.1:8080/realms/game",
  CLIENT_ID = "game-web",
  PAGES = "http://localhost:5173",
} = process.env;

const authenticate = jwtAuthenticator({
  issuer: ISSUER,
  jwks: `${ISSUER}/protocol/openid-connect/certs`,
  authorizedParties: [CLIENT_ID],
});
/** Who plays where; an application asks its database. */
const players = new Map<string, ReadonlySet<string>>([[rooms.game("session-1"), new Set(["alice", "bob"])]]);

const app = express();
const http = createServer(app);
// Programs outside browsers send no Origin, client.ts for one.
const io = new Server(http, serverOptions({ origins: PAGES.split(","), allowMissingOrigin: true }));
const events = createEventServer(io, {
  contract,
  authenticate,
  authorize: ({ user, room }) => players.get(room)?.has(user.userId) ?? false,
});
const game = new GameEventEmitter(events);
const points = new Points(new SPEventEmitter(events));

events.handle("game_action", async ({ game_session_id: id, action }, { userId }) => {
  try {
    await points.book(userId, -30, "free_action", action);
  } catch (error) {
    if (error instanceof NotEnoughPoints) throw new CommandRefusal("sp_insufficient");
    throw error;
  }
  await game.emitActionResult(id, { user_id: userId, action, result: { success: true } });
  await game.emitNarrativeUpdate(id, { narrative_type: "general", narrative: `${userId}: ${action}` });
});
events.handle("chat_message", async ({ game_session_id: id, message }, { userId }) => {
  await game.emitChatMessage(id, { user_id: userId, message });
});

app.get("/health", async (_request, response) => {
  const health = await events.health();
  response.status(health.ready ? 200 : 503).json(health);
});
// The same tokens open the HTTP routes, so a page has one identity for both.
app.use("/points", bearerOf(authenticate), points.routes());

http.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${(http.address() as AddressInfo).port}`);
});
process.once("SIGTERM", async () => {
  await events.close({ drainMs: 1_000 });
  await io.close();
});
