import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";

const { URL: server = "http://127.0.0.1:3000" } = process.env;
const [token = "", message = "Hello"] = process.argv.slice(2);

const client = createEventClient(server, { contract, auth: { token } });
for (const name of contract.appEvents.keys()) {
  client.on(name as "chat:message", (payload) => console.log(name, JSON.stringify(payload)));
}
client.on("ws:error", ({ code }) => console.log("refused", code));

await client.join(rooms.game("session-1"));
await client.send("chat_message", { game_session_id: "session-1", message });
process.once("SIGTERM", () => client.close());
process.once("SIGINT", () => client.close());
