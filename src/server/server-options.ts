import type { IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import type { ServerOptions } from "socket.io";
import { ContractError } from "../contract/errors.js";
import { AdmissionPace } from "./admission-pace.js";
import { HandshakeLimit } from "./handshake-limit.js";
import { markGuarded, safeConnectMs, safeFrameBytes } from "./unsafe-options.js";
import { withDefaults } from "./with-defaults.js";

/** What a server that faces the internet has to say. */
export interface SafeServerOptions {
  /** The origins whose pages may connect, exactly as browsers send them: `https://game.example`, without a slash at the end. */
  readonly origins: readonly string[];
  /** Lets in clients that send no `Origin`, as programs outside browsers do; `false` where nothing is said. */
  readonly allowMissingOrigin?: boolean | undefined;
  /** The largest frame from a client, bytes; 65,536. More, or 0, which is no limit, takes `allowUnsafe: ["maxHttpBufferSize"]` as well. */
  readonly maxFrameBytes?: number | undefined;
  /** New connections an address may ask for within a minute; 600. */
  readonly handshakesPerMinute?: number | undefined;
  /** The client's address, where a proxy stands before the server; the socket's own where nothing is said, or none is given. */
  readonly clientAddress?: ((request: IncomingMessage) => string | undefined) | undefined;
}

const defaults = {
  allowMissingOrigin: false,
  maxFrameBytes: safeFrameBytes,
  handshakesPerMinute: 600,
  clientAddress: (request: IncomingMessage) => request.socket.remoteAddress,
};

/**
 * The options for `new Server(http, …)`: pages of other origins are refused at the handshake itself, since CORS does not
 * cover WebSockets; frames are small, old protocols off, a connection that says nothing is closed after 10 s, and a crowd is let in a
 * few at a time.
 *
 * @throws {ContractError} `unsafe_server_options` for an origin that no browser sends, and whose pages would stay out, and
 * for an option of another kind.
 */
export function serverOptions(given: SafeServerOptions): Partial<ServerOptions> {
  const { origins, allowMissingOrigin, maxFrameBytes, handshakesPerMinute, clientAddress } = withDefaults(
    defaults,
    given,
    "unsafe_server_options",
    "serverOptions",
  );
  if (!Array.isArray(origins))
    throw new ContractError("unsafe_server_options", "origins: write a list, which may be empty");
  const allowed = new Set(origins);
  // A variable of the environment that is not set is one, too: undefined.
  for (const origin of allowed)
    if (!isOrigin(origin))
      throw new ContractError(
        "unsafe_server_options",
        `origins: no browser sends ${JSON.stringify(origin)}; write scheme, host and port alone, as in https://game.example`,
      );
  const handshakes = new HandshakeLimit(handshakesPerMinute);
  const pace = new AdmissionPace();
  return {
    maxHttpBufferSize: maxFrameBytes,
    connectTimeout: safeConnectMs,
    allowEIO3: false,
    perMessageDeflate: false,
    serveClient: false,
    cors: { origin: [...origins], credentials: true },
    allowRequest: markGuarded((request: IncomingMessage, decide: Decide) => {
      // A page's request may leave Origin out, also to a server of others, as for a script; then its browser says whose it is.
      const { origin, "sec-fetch-site": site = "none" } = request.headers;
      const known =
        origin === undefined ? site === "same-origin" || (allowMissingOrigin && site === "none") : allowed.has(origin);
      if (!known) return decide(origin === undefined ? "no origin" : "origin not listed", false);
      let address: unknown;
      try {
        address = clientAddress(request) ?? defaults.clientAddress(request) ?? "";
      } catch {
        // Thrown from here it would end the process, and any stranger may leave a header out.
        return decide("clientAddress threw", false);
      }
      if (typeof address !== "string") return decide("clientAddress gave no text", false);
      if (!handshakes.take(address, performance.now())) return decide("too many handshakes", false);
      pace.take(() => decide(null, true));
    }),
  };
}

// No browser writes a path, a default port, a capital letter or a star.
function isOrigin(text: string): boolean {
  if (text === "null") return true;
  if (!URL.canParse(text) || text.includes("*")) return false;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}` === text;
}

type Decide = (error: string | null | undefined, success: boolean) => void;
