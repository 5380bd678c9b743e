import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract } from "@gestaloka/events";
import { redisBackend } from "@gestaloka/events/redis";
import { createEventServer, serverOptions } from "@gestaloka/events/server";
import { createClient } from "redis";
import { Server } from "socket.io";

const { PORT = "3000", REDIS = "redis://127.0.0.1:6379", PAGES = "http://localhost:5173" } = process.env;

const http = createServer();
// Programs outside browsers send no Origin, client.ts for one.
const io = new Server(http, serverOptions({ origins: PAGES.split(","), allowMissingOrigin: true }));
const events = createEventServer(io, {
  contract,
  // Over one Redis, servers and workers are one: what any of them emits arrives wherever its reader is connected.
  backend: redisBackend({ client: createClient({ url: REDIS }) }),
  // Whose a connection is: your tokens go here.
  authenticate: ({ auth }) => (typeof auth.name === "string" ? { userId: auth.name } : null),
  authorize: () => true,
});

http.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${(http.address() as AddressInfo).port}`);
});
process.once("SIGTERM", async () => {
  await events.close({ drainMs: 1_000 });
  await io.close();
});
