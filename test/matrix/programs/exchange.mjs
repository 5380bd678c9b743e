import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { CommandError, CommandRefusal, contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { createEventServer, SPEventEmitter, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true }));
const server = createEventServer(io, {
  contract,
  authenticate: ({ auth }) => ({ userId: String(auth.name) }),
  authorize: ({ room }) => room === rooms.game("g1"),
});
const sp = new SPEventEmitter(server);
server.handle("game_action", async ({ game_session_id, action }, { userId }) => {
  if (action === "steal") throw new CommandRefusal("sp_insufficient");
  await server.to.game(game_session_id).emit("action_result", { user_id: userId, action, result: { success: true } });
});
http.listen(0, "127.0.0.1");
await once(http, "listening");

const client = createEventClient(`http://127.0.0.1:${http.address().port}`, { contract, auth: { name: "alice" } });
const next = (name) => new Promise((heard) => client.once(name, heard));
const act = (action) => client.send("game_action", { game_session_id: "g1", action });
await client.join(rooms.game("g1"));
equal(client.connection.getSnapshot().mode, "announced");

const result = next("game:action_result");
deepEqual(await act("look"), {});
equal((await result).action, "look");
await rejects(act("steal"), (error) => error instanceof CommandError && error.code === "sp_insufficient");
await rejects(client.join(rooms.game("g2")), { code: "forbidden" });

const update = next("sp:update");
const change = { current_sp: 150, amount_changed: 50, transaction_type: "purchase", description: "SP" };
ok((await sp.emitSpUpdate("alice", change)).ok);
deepEqual(
  { ...(await update), timestamp: "" },
  { ...change, balance_before: 100, balance_after: 150, timestamp: "", type: "sp_update" },
);
const refused = await sp.emitSpUpdate("alice", { ...change, current_sp: "150" });
equal(refused.error.code, "payload_invalid");

client.close();
await server.close({ drainMs: 0 });
await io.close();
console.log("exchanged");
