import { CommandError, createEventClient } from "@gestaloka/events/client";
import { contract } from "./contract.js";
import { connectedEntry, resyncEntry } from "./handled-ledger.js";
import { isSteady, type Layout, steadyCount, userOf } from "./layout.js";
import type { Player, SendAct } from "./player.js";

/** A client of either library, as the driver sees it. */
export interface OpenPlayer {
  readonly send: SendAct;
  ready(): Promise<unknown>;
  close(): void;
}

interface Meta {
  readonly replayed: boolean;
}

/** Opens a client of the library that writes everything it handles into its ledgers. */
export function openLibraryPlayer(url: string, layout: Layout, player: Player): OpenPlayer {
  const { client: index, reasons } = player;
  const client = createEventClient(url, {
    contract,
    auth() {
      player.dialed();
      return { user: userOf(index) };
    },
    handshakeTimeoutMs: 1_500,
    autoConnect: false,
    onInvalid: (invalid) => console.error("refused by a client", invalid),
    onError() {},
  });
  const noting = (meta: Meta) => {
    if (meta.replayed) player.replayed();
  };
  const exact = ({ s, n }: { s: number; n: number }, meta: Meta) => {
    noting(meta);
    player.ledger(s).takeExact(n);
  };
  client.on("chaos:beat", exact);
  client.on("chaos:step", exact);
  client.on("chaos:note", exact);
  client.on("chaos:dial", ({ s, n, key, v }, meta) => {
    noting(meta);
    player.ledger(s).takeDial(n, key, v);
  });
  client.on("chaos:board", ({ s, n, fields }, meta) => {
    noting(meta);
    player.ledger(s).takeBoard(n, fields);
  });
  client.on("chaos:whisper", ({ s, l }) => player.ledger(s).takeLow(l));
  if (isSteady(layout, index))
    client.on(`chaos:murmur_${index - layout.clients + steadyCount}` as "chaos:murmur_0", ({ l }) => player.murmur(l));
  client.on("ws:connected", () => player.opened(connectedEntry));
  client.on("ws:disconnected", () => player.lost());
  client.on("ws:room-closed", ({ room, code }) => console.error("closed to a client", room, code));
  client.on("ws:resync", ({ room, reason }) => {
    const parsed = contract.parseRoom(room);
    if (!parsed) return;
    if (parsed.kind === "seat") return player.ledger(layout.arenas + index).mark(resyncEntry, reasons.code(reason));
    const ledger = player.ledger(Number(parsed.id));
    ledger.mark(resyncEntry, reasons.code(reason));
    // What a view does: it reads the state anew.
    client.send("look", { arena_id: parsed.id }).then(
      (state) => state && ledger.takeState(state.dial, state.board),
      (error) => console.error("a view could not look", (error as CommandError).code),
    );
  });
  return {
    async send(name, arena, k) {
      try {
        const answer = await client.send(name, { arena_id: String(arena), k });
        return answer?.k === k ? "applied" : "refused";
      } catch (error) {
        const code = error instanceof CommandError ? error.code : String(error);
        if (code !== "expired" && code !== "backend_unavailable") console.error("a command was refused", code);
        return code === "expired" ? "expired" : "refused";
      }
    },
    ready() {
      client.connect();
      return Promise.all(player.streams.slice(0, -1).map((arena) => client.join(contract.rooms.arena(String(arena)))));
    },
    close: () => client.close(),
  };
}
