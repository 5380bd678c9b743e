import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";

const client = createEventClient(location.origin, { contract, auth: { name: "alice" } });
client.on("chat:message", ({ message }) => document.body.append(`heard: ${message}`));
client
  .join(rooms.game("g1"))
  .then(() => client.send("chat_message", { game_session_id: "g1", message: document.title }));
