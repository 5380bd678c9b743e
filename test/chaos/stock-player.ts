import { io } from "socket.io-client";
import { connectedEntry, unrecoveredEntry } from "./handled-ledger.js";
import { isSteady, type Layout, steadyCount, userOf } from "./layout.js";
import type { OpenPlayer } from "./library-player.js";
import type { Player } from "./player.js";

/** Opens a client of Socket.IO alone, that reconnects, recovers and retries by itself. */
export function openStockPlayer(url: string, layout: Layout, player: Player): OpenPlayer {
  const { client: index, reasons } = player;
  const socket = io(url, {
    auth: (give) => {
      player.dialed();
      give({ user: userOf(index) });
    },
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    timeout: 1_500,
    autoConnect: false,
    forceNew: true,
    reconnectionDelay: 250,
    reconnectionDelayMax: 2_000,
    retries: 3,
    ackTimeout: 5_000,
  });
  const exact = ({ s, n }: { s: number; n: number }) => player.ledger(s).takeExact(n);
  for (const name of ["beat", "step", "note"]) socket.on(name, exact);
  socket.on("dial", ({ s, n, key, v }: { s: number; n: number; key: number; v: number }) =>
    player.ledger(s).takeDial(n, key, v),
  );
  socket.on("board", ({ s, n, fields }: { s: number; n: number; fields: Record<string, number> }) =>
    player.ledger(s).takeBoard(n, fields),
  );
  socket.on("whisper", ({ s, l }: { s: number; l: number }) => player.ledger(s).takeLow(l));
  if (isSteady(layout, index))
    socket.on(`murmur_${index - layout.clients + steadyCount}`, ({ l }: { l: number }) => player.murmur(l));
  socket.on("connect", () => {
    const again = player.everConnected;
    player.opened(connectedEntry);
    // It is a flag that an application has to look at; no event says which room missed what.
    if (again && !socket.recovered) player.opened(unrecoveredEntry, reasons.code("recovered_false"));
  });
  socket.on("disconnect", (reason) => {
    player.lost();
    if (reason === "io server disconnect") socket.connect();
  });
  return {
    async send(name, arena, k) {
      try {
        const answer = (await socket.emitWithAck(name, { arena_id: String(arena), k })) as { k: number };
        return answer.k === k ? "applied" : "refused";
      } catch {
        return "expired";
      }
    },
    ready() {
      socket.connect();
      return new Promise((resolve) => socket.once("connect", () => resolve(undefined)));
    },
    close: () => void socket.disconnect(),
  };
}
