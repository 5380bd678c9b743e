import { Centrifuge, type PublicationContext } from "centrifuge";
import { WebSocket } from "ws";
import { connectedEntry, resyncEntry } from "./handled-ledger.js";
import { enginePings } from "./host.js";
import { type Layout, roomOf, userOf } from "./layout.js";
import type { OpenPlayer } from "./library-player.js";
import type { Player } from "./player.js";

type Publication =
  | { readonly name: "beat" | "step" | "note"; readonly s: number; readonly n: number }
  | { readonly name: "dial"; readonly s: number; readonly n: number; readonly key: number; readonly v: number }
  | { readonly name: "board"; readonly s: number; readonly n: number; readonly fields: Record<string, number> }
  | { readonly name: "whisper"; readonly s: number; readonly l: number };

/** Opens a client of Centrifugo, that reconnects, subscribes again and recovers by itself, after waits like the library's. */
export function openCentrifugePlayer(url: string, layout: Layout, player: Player): OpenPlayer {
  const { client: index, reasons } = player;
  const client = new Centrifuge(`${url.replace("http", "ws")}/connection/websocket`, {
    websocket: WebSocket,
    getData() {
      player.dialed();
      return Promise.resolve({ user: userOf(index) });
    },
    timeout: 1_500,
    // It rounds the interval that the server tells it down to seconds.
    maxServerPingDelay: enginePings.pingMs + enginePings.pongMs - Math.floor(enginePings.pingMs / 1_000) * 1_000,
  });
  const take = ({ data }: PublicationContext) => {
    const event = data as Publication;
    const ledger = player.ledger(event.s);
    if (event.name === "dial") ledger.takeDial(event.n, event.key, event.v);
    else if (event.name === "board") ledger.takeBoard(event.n, event.fields);
    else if (event.name === "whisper") ledger.takeLow(event.l);
    else ledger.takeExact(event.n);
  };
  client.on("connected", () => player.opened(connectedEntry));
  client.on("connecting", () => {
    if (player.connected) player.lost();
  });
  const rooms = player.streams.map((stream) => {
    const room = client.newSubscription(roomOf(layout, stream));
    let replaying = false;
    room.on("subscribed", ({ wasRecovering, recovered, hasRecoveredPublications }) => {
      // The word on which a view reads its state anew.
      if (wasRecovering && !recovered) player.ledger(stream).mark(resyncEntry, reasons.code("recovered_false"));
      // What was recovered comes in the same turn.
      replaying = hasRecoveredPublications;
      queueMicrotask(() => {
        replaying = false;
      });
    });
    room.on("publication", (publication) => {
      if (replaying) player.replayed();
      take(publication);
    });
    return room;
  });
  return {
    send: () => Promise.reject(new Error("Centrifugo has no commands that act once")),
    ready() {
      for (const room of rooms) room.subscribe();
      client.connect();
      return Promise.all(rooms.map((room) => room.ready()));
    },
    close: () => client.disconnect(),
  };
}
