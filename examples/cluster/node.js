import { createServer } from "node:http";
import { contract, rooms } from "@gestaloka/events";
import { redisBackend } from "@gestaloka/events/redis";
import { createEventServer, GameEventEmitter, serverOptions } from "@gestaloka/events/server";
import { setupWorker as takeSessions } from "@socket.io/sticky";
import { createClient } from "redis";
import { Server } from "socket.io";

const { REDIS = "redis://127.0.0.1:6379", PAGES = "http://localhost:5173" } = process.env;

// Never listens: the primary hands it connections.
const http = createServer();
const io = new Server(http, serverOptions({ origins: PAGES.split(","), allowMissingOrigin: true }));
takeSessions(io);

const events = createEventServer(io, {
  contract,
  backend: redisBackend({ client: createClient({ url: REDIS }) }),
  // An application checks a token here: "@gestaloka/events/jwt".
  authenticate: ({ auth }) => (typeof auth.token === "string" ? { userId: auth.token } : null),
  authorize: ({ room }) => room === rooms.game("session-1"),
});
const game = new GameEventEmitter(events);

events.handle("chat_message", async ({ game_session_id: id, message }, { userId }) => {
  await game.emitChatMessage(id, { user_id: userId, message: `${message} (node ${process.pid})` });
});

process.send?.("ready");
process.once("SIGTERM", async () => {
  await events.close({ drainMs: 1_000 });
  await io.close();
  process.exit();
});
