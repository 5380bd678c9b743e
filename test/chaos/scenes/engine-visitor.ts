import { Centrifuge } from "centrifuge";
import { WebSocket } from "ws";
import { newVisitor, type Visitor } from "./visitor.js";

/** Opens a client of Centrifugo, all of whose options are as they come, in an arena and in its seat. */
export async function openEngineVisitor(url: string, userId: string, arena: string): Promise<Visitor> {
  const client = new Centrifuge(`${url.replace("http", "ws")}/connection/websocket`, {
    websocket: WebSocket,
    data: { user: userId },
  });
  const visitor = newVisitor({
    connected: () => client.state === "connected",
    // While it waits for its next try, another word to connect is none.
    connect() {
      client.disconnect();
      client.connect();
    },
    close: () => client.disconnect(),
  });
  const rooms = ([`arena_${arena}`, `seat_${userId}`] as const).map((channel, at) => {
    const room = client.newSubscription(channel);
    room.on("publication", ({ data: { n, t } }) => visitor.take(at === 0 ? "arena" : "seat", n, t));
    room.on("subscribed", ({ wasRecovering, recovered }) => {
      if (wasRecovering && !recovered) visitor.resyncs++;
    });
    room.subscribe();
    return room;
  });
  client.connect();
  await Promise.all(rooms.map((room) => room.ready()));
  return visitor;
}
