import type { Server } from "./socket-io.js";

// Of the time after which Socket.IO closes a line that has entered no namespace.
const patience = 0.3;

/**
 * Leaves the event loop to handshakes while they come turn after turn, as they do when everybody comes back at once: node
 * accepts one connection a turn, and a client that hears nothing for some seconds gives up, or tries polling, which costs
 * several times as much. One whose line is open waits to be let in.
 */
export class HandshakesFirst {
  private lines = 0;

  constructor(private readonly server: Server) {}

  /**
   * How many lines may be let in, the first of which has waited for so long, ms; asked once a turn. Those that wait for long
   * go in beside the handshakes, one for one: a flood of these keeps nobody out.
   */
  most(waitedMs: number): number {
    const { clientsCount } = this.server.engine;
    const opening = clientsCount > this.lines;
    this.lines = clientsCount;
    if (!opening) return Number.POSITIVE_INFINITY;
    return waitedMs < this.server.connectTimeout() * patience ? 0 : 1;
  }
}
