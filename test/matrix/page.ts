import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract } from "@gestaloka/events";
import { createEventServer, GameEventEmitter, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { waitForText } from "../support/page-text.js";

/** Opens a page with this script, and waits until what it said has come back to it. @throws when it does not */
export async function openInChromium(script: string, greeting: string): Promise<void> {
  const http = createServer((request, response) => {
    if (request.url === "/page.js") response.setHeader("content-type", "text/javascript").end(script);
    else if (!request.url?.startsWith("/socket.io/"))
      response
        .setHeader("content-type", "text/html")
        .end(`<!doctype html><title>${greeting}</title><script type="module" src="/page.js"></script>`);
  });
  const io = new Server(http, serverOptions({ origins: [] }));
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  // A page's WebSocket names its origin, also where that is the server's own.
  const events = createEventServer(io, {
    contract,
    authenticate: ({ auth }) => ({ userId: String(auth.name) }),
    authorize: () => true,
  });
  const game = new GameEventEmitter(events);
  events.handle("chat_message", async ({ game_session_id, message }, { userId }) => {
    await game.emitChatMessage(game_session_id, { user_id: userId, message });
  });
  try {
    await waitForText(url, `heard: ${greeting}`, 30_000);
  } finally {
    await events.close({ drainMs: 0 });
    await io.close();
  }
}
