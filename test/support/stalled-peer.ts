import type { Socket } from "socket.io";
import type { Harbour, Peer } from "./harbour-server.js";
import { load } from "./ship-loads.js";

/** Stops and starts what a client reads from the network, below the WebSocket. */
export function stall(peer: Peer): { readonly resume: () => void } {
  const { ws } = peer.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } };
  ws._socket.pause();
  return { resume: () => ws._socket.resume() };
}

// With a few of them a loopback connection that nobody reads is full.
export const fill = { ...load(1), note: "x".repeat(200_000) };

/** Fills what waits for a stalled peer past the cap, within this turn of the event loop. */
export function overfill({ io, server }: Harbour, peer: Peer, quay: string): void {
  const { conn } = io.sockets.sockets.get(peer.socket.id as string) as Socket;
  const { transport } = conn as unknown as { transport: { socket: { bufferedAmount: number } } };
  for (let emitted = 0; transport.socket.bufferedAmount <= 1024 * 1024; emitted++) {
    if (emitted > 200) throw new Error("never full");
    void server.to.quay(quay).emit("ship_loaded", fill);
  }
}
