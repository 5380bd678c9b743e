import { CommandError, contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";

const player = new URLSearchParams(location.search).get("player") ?? "alice";
const GAME = "demo-session";
const KEPT_ROWS = 200;

const element = <TElement extends HTMLElement>(id: string) => document.getElementById(id) as TElement;
const show = (id: string, text: string) => {
  element(id).textContent = text;
};
const post = (path: string) => fetch(`${path}?player=${encodeURIComponent(player)}`, { method: "POST" });

const client = createEventClient(location.origin, {
  contract,
  auth: async () => (await (await post("/login")).json()) as { token: string },
  autoConnect: false,
});

for (const [name] of contract.appEvents) {
  client.on(name as "sp:update", (payload, { room, seq, at }) => {
    const row = document.createElement("tr");
    const latency = at === undefined ? "" : `${Math.max(0, Date.now() - at)} ms`;
    for (const text of [name, room ?? "", seq === undefined ? "" : String(seq), latency, JSON.stringify(payload)]) {
      row.append(Object.assign(document.createElement("td"), { textContent: text }));
    }
    const events = element("events");
    events.prepend(row);
    while (events.childElementCount > KEPT_ROWS) events.lastElementChild?.remove();
  });
}
client.on("sp:update", ({ current_sp }) => show("balance", String(current_sp)));
client.on("sp:daily_recovery", ({ balance_after }) => show("balance", String(balance_after)));

client.connection.subscribe(() => {
  const { status, reason } = client.connection.getSnapshot();
  show("connection", reason ? `${status} (${reason})` : status);
});

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-post]")) {
  button.addEventListener("click", () => void post(button.dataset.post ?? "/"));
}
element("cut").addEventListener("click", () => {
  client.close();
  client.connect();
});
element<HTMLFormElement>("act").addEventListener("submit", async (event) => {
  event.preventDefault();
  const action = String(new FormData(event.target as HTMLFormElement).get("action"));
  show("answer", "…");
  try {
    await client.send("game_action", { game_session_id: GAME, action });
    show("answer", "applied");
  } catch (error) {
    show("answer", error instanceof CommandError ? `refused: ${error.code}` : "failed");
  }
});

show("player", player);
client.connect();
void client.join(rooms.game(GAME));
