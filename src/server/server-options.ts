import type { IncomingMessage } from "node:http";
import type { ServerOptions } from "socket.io";
import { AdmissionPace } from "./admission-pace.js";

/** What a server that faces the internet has to say. */
export interface SafeServerOptions {
  /** The origins whose pages may connect, exactly as browsers send them: `https://game.example`. */
  readonly origins: readonly string[];
  /** Lets in clients that send no `Origin`, as programs outside browsers do; `false` where nothing is said. */
  readonly allowMissingOrigin?: boolean;
  /** The largest frame from a client, bytes; 65,536. */
  readonly maxFrameBytes?: number;
  /** New connections an address may ask for within a minute; 600. */
  readonly handshakesPerMinute?: number;
  /** The client's address, where a proxy stands before the server; the socket's own where nothing is said. */
  readonly clientAddress?: (request: IncomingMessage) => string | undefined;
}

/**
 * The options for `new Server(http, …)`: pages of other origins are refused at the handshake itself, since CORS does not
 * cover WebSockets; frames are small, old protocols off, a connection that says nothing is closed after 10 s, and a crowd is let in a
 * few at a time.
 */
export function serverOptions({
  origins,
  allowMissingOrigin = false,
  maxFrameBytes = 64 * 1024,
  handshakesPerMinute = 600,
  clientAddress = (request) => request.socket.remoteAddress,
}: SafeServerOptions): Partial<ServerOptions> {
  const allowed = new Set(origins);
  const handshakes = new HandshakeLimit(handshakesPerMinute);
  const pace = new AdmissionPace();
  return {
    maxHttpBufferSize: maxFrameBytes,
    connectTimeout: 10_000,
    allowEIO3: false,
    perMessageDeflate: false,
    serveClient: false,
    cors: { origin: [...origins], credentials: true },
    allowRequest(request, decide) {
      const { origin } = request.headers;
      // A page's request to its own server may leave Origin out, and then its browser says that it is one.
      const own = request.headers["sec-fetch-site"] === "same-origin";
      const known = origin === undefined ? allowMissingOrigin || own : allowed.has(origin);
      if (!known) return decide("forbidden", false);
      if (!handshakes.take(clientAddress(request) ?? "", Date.now())) return decide(null, false);
      pace.take(() => decide(null, true));
    },
  };
}

const minuteMs = 60_000;

/** Counts handshakes by address, afresh each minute, so that what it keeps is bounded by what came in that minute. */
class HandshakeLimit {
  private readonly counts = new Map<string, number>();
  private since = 0;

  constructor(private readonly limit: number) {}

  take(address: string, now: number): boolean {
    if (now - this.since >= minuteMs || now < this.since) {
      this.counts.clear();
      this.since = now;
    }
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return count <= this.limit;
  }
}
