import type { Server, ServerOptions } from "socket.io";
import { ContractError } from "../contract/errors.js";

/** An option of a Socket.IO server that can be weaker than `serverOptions` makes it. */
export type UnsafeOption =
  | "allowRequest"
  | "cors"
  | "maxHttpBufferSize"
  | "connectTimeout"
  | "allowEIO3"
  | "perMessageDeflate"
  | "connectionStateRecovery";

/** Bytes of a frame and ms until a connection has said whose it is, at most. */
export const safeFrameBytes = 64 * 1024;
export const safeConnectMs = 10_000;

// Two copies of the package must know each other's functions.
const guarded = Symbol.for("@gestaloka/events.allowRequest");

/** Marks a handshake's judge as one that goes by a list of origins and counts by address. */
export function markGuarded<TJudge extends object>(judge: TJudge): TJudge {
  return Object.defineProperty(judge, guarded, { value: true });
}

type Options = Partial<ServerOptions>;

/** Why an option is too weak; `undefined` where it is not. */
type Judge = (options: Options) => string | undefined;

const judges: Readonly<Record<UnsafeOption, Judge>> = {
  allowRequest: ({ allowRequest }) =>
    allowRequest && guarded in allowRequest ? undefined : "CORS does not keep other origins from a WebSocket",
  cors: ({ cors }) => (isListed(cors) ? undefined : "pages of any origin can read answers"),
  // A WebSocket takes less than 1 for no limit.
  maxHttpBufferSize: ({ maxHttpBufferSize = 1e6 }) =>
    maxHttpBufferSize >= 1 && maxHttpBufferSize <= safeFrameBytes
      ? undefined
      : `frames can be above ${safeFrameBytes} bytes`,
  connectTimeout: ({ connectTimeout = 45_000 }) =>
    connectTimeout <= safeConnectMs ? undefined : `silent connections stay for more than ${safeConnectMs} ms`,
  allowEIO3: ({ allowEIO3 }) => (allowEIO3 ? "credentials travel in query strings" : undefined),
  perMessageDeflate: ({ perMessageDeflate }) =>
    perMessageDeflate ? "a small frame can unpack to a large one" : undefined,
  connectionStateRecovery: ({ connectionStateRecovery }) =>
    connectionStateRecovery === undefined ? undefined : "it replays without asking who may see it",
};

/**
 * Reads what a server goes by in effect, since none of it can be mended later.
 *
 * @throws {ContractError} `unsafe_server_options`, naming each option that is weaker than `serverOptions` makes it, and
 * is not in `allowed`.
 */
export function requireSafeOptions(io: Server, allowed: readonly UnsafeOption[]): void {
  const own = io as unknown as { readonly opts: Options; readonly _connectTimeout?: number };
  const engine = io.engine as unknown as { readonly opts?: Options } | undefined;
  const options = {
    ...own.opts,
    ...engine?.opts,
    connectTimeout: own._connectTimeout ?? own.opts.connectTimeout,
  } as Options;
  const weak = (Object.keys(judges) as UnsafeOption[]).flatMap((name) => {
    const why = allowed.includes(name) ? undefined : judges[name](options);
    return why === undefined ? [] : [`${name} (${why})`];
  });
  if (weak.length === 0) return;
  throw new ContractError(
    "unsafe_server_options",
    `weaker than serverOptions makes it: ${weak.join(", ")}; make the server with serverOptions({ origins }), or list in allowUnsafe what is meant so`,
  );
}

// Without any CORS option no other origin reads anything.
function isListed(cors: unknown): boolean {
  if (cors === undefined || cors === false) return true;
  const origin: unknown = typeof cors === "object" && cors !== null ? (cors as { origin?: unknown }).origin : undefined;
  if (origin === false) return true;
  const listed: unknown[] = Array.isArray(origin) ? origin : [origin];
  return listed.every((one) => typeof one === "string" && !one.includes("*"));
}
