import { Agent, type Server as HttpServer } from "node:http";
import { type Duplex, duplexPair } from "node:stream";
import type { DialOptions } from "../client/dial.js";

/** A way to an HTTP server that listens on no port. */
export interface MemoryLink {
  /** Where a client connects to: no machine has this name, and none is asked for it. */
  readonly url: string;
  /** The client's `socket` option. */
  readonly socket: DialOptions;
  /** Ends every connection as a lost network does: without a word. Clients connect again. */
  cut(): void;
}

/**
 * Leads clients to a server over streams in memory. HTTP, WebSocket, Engine.IO and Socket.IO are the real ones on both
 * ends; what is not there is the network.
 */
export function memoryLink(http: HttpServer): MemoryLink {
  const open = new Set<Duplex>();
  const agent = new Agent();
  agent.createConnection = () => {
    const [near, far] = duplexPair();
    open.add(near);
    near.once("close", () => {
      open.delete(near);
      far.destroy();
    });
    far.once("close", () => near.destroy());
    // Node's documented way to hand a server a connection that came by another road.
    http.emit("connection", far);
    return near;
  };
  return {
    url: "http://memory.localhost",
    // Socket.IO declares the option as text, and hands it on to Node as it is.
    socket: { agent: agent as never, transports: ["websocket"] },
    cut() {
      for (const stream of open) stream.destroy();
    },
  };
}
