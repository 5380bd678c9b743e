import { equal, ok } from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { EventsProvider, useConnection, useLatestEvent, useRoom, useSPBalanceSummary } from "@gestaloka/events/react";
import { createEventServer, GameEventEmitter, SPEventEmitter, serverOptions } from "@gestaloka/events/server";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { JSDOM } from "jsdom";
import { createElement as h, StrictMode } from "react";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true }));
const server = createEventServer(io, {
  contract,
  authenticate: ({ auth }) => ({ userId: String(auth.name) }),
  authorize: () => true,
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
const url = `http://127.0.0.1:${http.address().port}`;

function Page() {
  const { status } = useConnection();
  const { data } = useSPBalanceSummary({ queryFn: async () => ({ current_sp: 10 }) });
  const room = useRoom(rooms.game("g1"));
  const chat = useLatestEvent("chat:message");
  return h("p", null, `${status}, ${room.status}, ${data?.current_sp} SP, ${chat?.message}`);
}
const queries = new QueryClient();
const app = h(
  StrictMode,
  null,
  h(
    QueryClientProvider,
    { client: queries },
    h(EventsProvider, { create: () => createEventClient(url, { contract, auth: { name: "alice" } }) }, h(Page)),
  ),
);

const { renderToString } = await import("react-dom/server");
ok(renderToString(app).includes("idle"), "on a server no client is made");

const { window } = new JSDOM('<!doctype html><div id="root"></div>');
globalThis.window = window;
globalThis.document = window.document;
globalThis.navigator ??= window.navigator;
const { createRoot } = await import("react-dom/client");
const root = createRoot(document.getElementById("root"));
/** Until the page shows a text. */
const shows = (text) =>
  new Promise((resolve) => {
    const look = () => {
      if (!document.body.textContent.includes(text)) return;
      observer.disconnect();
      resolve();
    };
    const observer = new window.MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  });

root.render(app);
await shows("connected, joined, 10 SP");
equal((await io.fetchSockets()).length, 1, "StrictMode opens one connection");
await new SPEventEmitter(server).emitSpUpdate("alice", {
  current_sp: 60,
  amount_changed: 50,
  transaction_type: "purchase",
  description: "SP",
});
await new GameEventEmitter(server).emitChatMessage("g1", { user_id: "bob", message: "Hello" });
await shows("60 SP, Hello");

root.unmount();
queries.clear();
await server.close({ drainMs: 0 });
await io.close();
console.log("rendered");
