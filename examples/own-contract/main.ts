import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { connectCaptain } from "./client.js";
import { serveHarbours } from "./server.js";

// A server, and a captain who watches ships leave: both read the same contract.
const http = createServer();
const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true }));
const harbours = serveHarbours(io);
http.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  console.log(`Listening on ${url}`);
  const captain = connectCaptain(url, "ada");
  captain.on("ship:sailed", ({ ship }, { seq }) => console.log(`${ship} sailed, number ${seq}`));
  captain.on("coins:paid", ({ coins }) => console.log(`${coins} coins`));
  await captain.join("harbour_h1");
  await harbours.to.harbour("h1").emit("ship_sailed", { ship: "Argo" });
  await harbours.to.captain("ada").emit("coins_paid", { coins: 7 });
});
process.once("SIGTERM", () => process.exit());
