import type { Socket } from "socket.io";
import type { Harbour, Peer } from "./harbour-server.js";

/** Stops and starts what a client reads from the network, below the WebSocket. */
export function stall(peer: Peer): { readonly resume: () => void } {
  const { ws } = peer.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } };
  ws._socket.pause();
  return { resume: () => ws._socket.resume() };
}

export const load = { ship_id: "s1", cargo: "salt", crates: 1, added: 0, manifest: {} } as const;
// More than a kernel's buffers on both sides of a loopback connection take.
export const fill = { ...load, note: "x".repeat(200_000) };

/** Fills what waits for a stalled peer past the cap, within this turn of the event loop. */
export function overfill({ io, server }: Harbour, peer: Peer, quay: string): void {
  const { conn } = io.sockets.sockets.get(peer.socket.id as string) as Socket;
  const { transport } = conn as unknown as { transport: { socket: { bufferedAmount: number } } };
  for (let emitted = 0; transport.socket.bufferedAmount <= 1024 * 1024; emitted++) {
    if (emitted > 200) throw new Error("never full");
    void server.to.quay(quay).emit("ship_loaded", fill);
  }
}
