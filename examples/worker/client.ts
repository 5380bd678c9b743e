import { contract } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";

const { URL: server = "http://127.0.0.1:3000" } = process.env;
const [name = "alice"] = process.argv.slice(2);

const client = createEventClient(server, { contract, auth: { name } });
client.on("ws:connected", () => console.log("connected"));
client.on("sp:daily_recovery", ({ recovered_amount, login_bonus, balance_after }, { seq }) => {
  console.log(`number ${seq}: ${recovered_amount} + ${login_bonus} SP, now ${balance_after}`);
});
process.once("SIGTERM", () => client.close());
process.once("SIGINT", () => client.close());
