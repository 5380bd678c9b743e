import { equal, ok } from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { defineContract, defineEvent, derive, openEnum, room, timestampPattern } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import * as exporting from "@gestaloka/events/export";
import { contract as gestaloka, spUpdateSchema } from "@gestaloka/events/schemas";
import { createEventServer, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import * as z from "zod/v4";

const dealt = defineEvent({
  name: "card_dealt",
  appName: "card:dealt",
  audience: "player",
  payload: z.object({ card: openEnum(z.enum(["ace", "king"])), timestamp: z.string().regex(timestampPattern) }),
  derive: { timestamp: derive.now() },
  lane: "critical",
  recover: true,
  summary: "A card was dealt.",
  since: "1.0.0",
  examples: { valid: [{ card: "ace" }], invalid: [{ path: "card", payload: { card: 1 } }] },
});
const contract = defineContract({
  name: "cards",
  version: "1.0.0",
  events: [dealt],
  commands: [],
  rooms: { player: room("player_{player_id}", { enter: "authenticated" }) },
});

const http = createServer();
const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true }));
const server = createEventServer(io, { contract, authenticate: ({ auth }) => ({ userId: String(auth.name) }) });
http.listen(0, "127.0.0.1");
await once(http, "listening");
const client = createEventClient(`http://127.0.0.1:${http.address().port}`, { contract, auth: { name: "ada" } });
await new Promise((connected) => client.on("ws:connected", connected));
const card = new Promise((heard) => client.on("card:dealt", heard));
ok((await server.to.player("ada").emit("card_dealt", { card: "king" })).ok);
equal((await card).card, "king");
equal((await server.to.player("ada").emit("card_dealt", { card: "joker" })).error.code, "payload_invalid");

// The catalogue's own schemas, and its exports, are made with the same zod.
ok(spUpdateSchema instanceof z.ZodType);
equal(spUpdateSchema.safeParse({}).success, false);
ok(JSON.stringify(exporting.toJsonSchema(gestaloka)).includes("sp_update"));

client.close();
await server.close({ drainMs: 0 });
await io.close();
console.log("exchanged");
