import { contract, type PayloadOf, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { EventsProvider, useLatestEvent } from "@gestaloka/events/react";
import { createEventServer, GameEventEmitter, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";

const client = createEventClient("https://play.example", { contract, auth: async () => ({ token: "t" }) });
client.on("sp:update", ({ current_sp }, { at }) => {
  const balance: number = current_sp;
  return void [balance, at];
});
// @ts-expect-error a number is no text
client.on("sp:update", ({ current_sp }) => current_sp.toUpperCase());
void client.join(rooms.game("g1"));
void client.send("game_action", { game_session_id: "g1", action: "look" });

const server = createEventServer(new Server(serverOptions({ origins: ["https://play.example"] })), {
  contract,
  authenticate: ({ auth }) => ({ userId: String(auth.token), expiresAt: 1 }),
  authorize: ({ user }) => user.expiresAt > 0,
});
void new GameEventEmitter(server).emitChatMessage("g1", { user_id: "u", message: "m" });
// @ts-expect-error the balance of a user is not for a game
void server.to.game("g1").emit("sp_update", {});

export const useNarrative = (): PayloadOf<"narrative_update"> | undefined => useLatestEvent("game:narrative_update");
export { EventsProvider };
