import { equal, notEqual, ok, rejects } from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import * as main from "@gestaloka/events";
import * as client from "@gestaloka/events/client";
import * as server from "@gestaloka/events/server";
import { Server } from "socket.io";
import * as z from "zod/v4";
import * as second from "./second/index.mjs";

const require = createRequire(import.meta.url);
const copies = [
  { main, client, server },
  {
    main: require("@gestaloka/events"),
    client: require("@gestaloka/events/client"),
    server: require("@gestaloka/events/server"),
  },
  second,
];
let pairs = 0;
for (const one of copies) for (const other of copies) await meet(one, other);
console.log(`${copies.length} copies, ${pairs} pairs`);

async function meet(one, other) {
  if (one !== other) notEqual(one.main.ContractError, other.main.ContractError);
  ok(new one.main.ContractError("payload_invalid", "no") instanceof other.main.ContractError);
  ok(new one.main.CommandError("expired") instanceof other.main.CommandError);
  ok(new one.main.CommandRefusal("busy") instanceof other.main.CommandRefusal);
  ok(!(new one.main.CommandError("expired") instanceof other.main.ContractError));

  // Said with one copy, judged and served with the other.
  const contract = contractOf(one.main, other.main);
  const judge = (as) => other.main.checkEvent(contract, "card_dealt", { card: "joker", note: { a: 1 } }, { as }).ok;
  equal(judge("reader"), true);
  equal(judge("writer"), false);

  const http = createServer();
  const io = new Server(http, one.server.serverOptions({ origins: [], allowMissingOrigin: true }));
  const serving = other.server.createEventServer(io, {
    contract,
    authenticate: ({ auth }) => ({ userId: String(auth.name) }),
    authorize: () => true,
  });
  serving.handle("play", () => {
    throw new one.main.CommandRefusal("not_your_turn");
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${http.address().port}`;
  const player = one.client.createEventClient(url, { contract, auth: { name: "ada" } });
  await new Promise((connected) => player.on("ws:connected", connected));
  await rejects(
    player.send("play", { card: "ace" }),
    (error) => error instanceof other.main.CommandError && error.code === "not_your_turn",
  );
  player.close();
  await serving.close({ drainMs: 0 });
  await io.close();
  pairs++;
}

function contractOf(one, other) {
  const payload = z.object({
    card: one.openEnum(z.enum(["ace", "king"])),
    note: other.jsonObject(z.looseObject({})).optional(),
  });
  const about = { summary: "A card.", since: "1.0.0" };
  const examples = { valid: [{ card: "ace" }], invalid: [{ path: "card", payload: { card: 1 } }] };
  const dealt = one.defineEvent({
    ...about,
    name: "card_dealt",
    appName: "card:dealt",
    audience: "player",
    payload,
    lane: "critical",
    recover: true,
    examples,
  });
  const play = one.defineCommand({
    ...about,
    name: "play",
    payload: z.object({ card: z.enum(["ace", "king"]) }),
    ack: z.object({}),
    refusals: ["not_your_turn"],
    offline: "reject",
    examples,
  });
  return other.defineContract({
    name: "cards",
    version: "1.0.0",
    events: [dealt],
    commands: [play],
    rooms: { player: one.room("player_{player_id}", { enter: "authenticated" }) },
  });
}
