import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";

const sessionId = "session-1";
const element = (id) => document.getElementById(id);

element("log-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = new FormData(event.target).get("name");
  const answer = await fetch("/login", { method: "POST", body: name });
  if (!answer.ok) return;
  const { token } = await answer.json();
  event.target.hidden = true;
  element("game").hidden = false;
  play(createEventClient(location.origin, { contract, auth: { token } }));
});

function play(client) {
  client.connection.subscribe(() => {
    element("status").textContent = client.connection.getSnapshot().status;
  });
  client.on("chat:message", ({ user_id, message }) => addLine(`${user_id}: ${message}`));
  // What was missed and is no longer kept; an application fetches its state anew here.
  client.on("ws:resync", () => element("messages").replaceChildren());
  client.join(rooms.game(sessionId));

  element("say").addEventListener("submit", async (event) => {
    event.preventDefault();
    const message = new FormData(event.target).get("message");
    event.target.reset();
    // Kept while the line is down, and sent when it is back.
    const waiting = addLine(message, "waiting");
    try {
      await client.send("chat_message", { game_session_id: sessionId, message });
      waiting.remove();
    } catch (error) {
      waiting.textContent = `${message} (${error.code})`;
    }
  });
}

function addLine(text, state = "arrived") {
  const line = document.createElement("li");
  line.textContent = text;
  line.dataset.state = state;
  element("messages").append(line);
  return line;
}
