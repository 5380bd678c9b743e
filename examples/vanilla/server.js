import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { contract } from "@gestaloka/events";
import { createEventServer, GameEventEmitter, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { answerFile } from "./files.js";

/** Who holds which token. */
const tokens = new Map();

const http = createServer((request, response) => {
  // Who logs in may be gone before the name is read.
  if (request.method === "POST" && request.url === "/login") return logIn(request, response).catch(console.error);
  if (!request.url?.startsWith("/socket.io/")) answerFile(request, response);
});
// The page is this server's own, so no other origin has to be let in.
const io = new Server(http, serverOptions({ origins: (process.env.PAGES ?? "").split(",").filter(Boolean) }));
const events = createEventServer(io, {
  contract,
  authenticate: ({ auth }) => (tokens.has(auth.token) ? { userId: tokens.get(auth.token) } : null),
  authorize: () => ({ history: 20 }),
});
const game = new GameEventEmitter(events);
events.handle("chat_message", async ({ game_session_id, message }, { userId }) => {
  await game.emitChatMessage(game_session_id, { user_id: userId, message });
});

/** A name is all that this example asks for; an application asks for a password. */
async function logIn(request, response) {
  let name = "";
  for await (const part of request.setEncoding("utf8")) if (name.length < 64) name += part;
  const known = /^[\p{L}\p{N}_-]{1,32}$/u.test(name);
  const token = randomUUID();
  if (known) tokens.set(token, name.normalize());
  response.writeHead(known ? 200 : 400, { "content-type": "application/json" });
  response.end(JSON.stringify(known ? { token } : { error: "1 to 32 letters or digits" }));
}

http.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${http.address().port}`);
});
process.once("SIGTERM", async () => {
  await events.close({ drainMs: 200 });
  await io.close();
});
