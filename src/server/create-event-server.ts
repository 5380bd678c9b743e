import type { ContractTypes } from "../contract/contract-types.js";
import { ContractError } from "../contract/errors.js";
import { debugRefusal, type PacketSource, startDebugging, traceFrames } from "../delivery/debugging.js";
import { createApplicationCalls } from "./application-calls.js";
import { isAttached, whenAttached } from "./attached.js";
import type { AuthenticatedUser } from "./authenticate.js";
import { createBackendNode } from "./backend-node.js";
import { checkOptions } from "./check-options.js";
import { createClose } from "./close-server.js";
import { Commands } from "./commands.js";
import { createConnectionHooks } from "./connection-hooks.js";
import { Connections } from "./connections.js";
import { CredentialLimit } from "./credential-limit.js";
import { Entering } from "./entering.js";
import type { EventServer, EventServerOptions } from "./event-server.js";
import { Expulsion } from "./expulsion.js";
import { Guard } from "./guard.js";
import { HandshakesFirst } from "./handshakes-first.js";
import { Heads } from "./heads.js";
import { Incoming } from "./incoming.js";
import { whenLeavingRoom } from "./leaving-room.js";
import { createLibraryFrames } from "./library-frames.js";
import { Lifetimes } from "./lifetimes.js";
import { type EveryLimit, serverLimits, toServerTimes } from "./limits.js";
import { Membership } from "./membership.js";
import { memoryBackend } from "./memory-backend.js";
import { Network } from "./network.js";
import { Paging } from "./paging.js";
import { Parting } from "./parting.js";
import { Presence } from "./presence.js";
import { Publisher } from "./publisher.js";
import { Refreshing } from "./refreshing.js";
import { refusalTexts } from "./refusal-text.js";
import { watchHandshakes } from "./refused-handshakes.js";
import { Reports } from "./reports.js";
import { Rights } from "./rights.js";
import { RoleEvents } from "./role-events.js";
import { serveRoles } from "./served-roles.js";
import { SocketEvents } from "./socket-events.js";
import { isPattern, type Namespace, type SocketHost, toNamespace } from "./socket-io.js";
import { Stage } from "./stage.js";
import { Stopping } from "./stopping.js";
import { requireSafeOptions } from "./unsafe-options.js";
import { watchPackets } from "./watch-packets.js";
import { Welcome } from "./welcome.js";
import { Wire } from "./wire.js";
import { withDefaults } from "./with-defaults.js";

/**
 * Serves a contract on a Socket.IO server, or on one of its namespaces.
 *
 * From here on every connection is authenticated, every command is checked and authorized before its handler, and every
 * event is checked before it is sent. Socket.IO's rooms, `fetchSockets` and `onAnyOutgoing` stay as they are; listeners of `socket.on`
 * are not called any more for what clients send, so other code keeps a namespace of its own.
 *
 * @throws {ContractError} `contract_invalid` without a contract, without `authenticate`, without `authorize` where clients can
 * join rooms, for an option of another kind, and for what is no Socket.IO server, or namespaces by a pattern;
 * `backend_invalid` for what is no backend;
 * `unsafe_server_options` where `io` was made with weaker options than `serverOptions` gives; `debug_refused`
 * for `debug` in production; `already_handled` for a namespace that was served before.
 *
 * @example
 * ```ts
 * import { createEventServer, serverOptions } from "@gestaloka/events/server";
 * import { Server } from "socket.io";
 * import { contract } from "./contract.js";
 *
 * const io = new Server(3000, serverOptions({ origins: ["https://play.example"] }));
 * const server = createEventServer(io, {
 *   contract,
 *   authenticate: ({ auth }) => (auth.token === "secret" ? { userId: "user-1" } : null),
 *   authorize: ({ user, room }) => user.userId === "user-1" && room.startsWith("quay_"),
 *   onError: console.error,
 * });
 * await server.to.quay("7").emit("crate_came", { weight: 40 });
 * ```
 */
export function createEventServer<TTypes extends ContractTypes, TUser extends AuthenticatedUser>(
  io: SocketHost,
  options: EventServerOptions<TTypes, TUser>,
): EventServer<TTypes, TUser> {
  checkOptions(io, options);
  const namespace = toNamespace(io);
  if (isPattern(namespace))
    throw new ContractError("contract_invalid", "a pattern of namespaces has no connections: serve each by its name");
  requireSafeOptions(namespace.server, options.allowUnsafe ?? []);
  const limits = withDefaults(serverLimits, options.limits, "contract_invalid", "limits");
  if (options.debug && !startDebugging(options.debug)) throw new ContractError("debug_refused", debugRefusal);
  takeNamespace(namespace);
  // Types are checked where the application stands; inside, names are text and payloads are objects.
  return serve(namespace, options as never, limits) as unknown as EventServer<TTypes, TUser>;
}

// Two copies of the package must know what the other serves.
const served = Symbol.for("@gestaloka/events.served");

// A connection has one server: a second one would read what the first has taken out of its handshake.
function takeNamespace(namespace: Namespace): void {
  if (served in namespace)
    throw new ContractError("already_handled", `${namespace.name} is served already; write io.of("/another")`);
  Object.defineProperty(namespace, served, { value: true });
}

function serve(
  namespace: Namespace,
  options: EventServerOptions<ContractTypes, AuthenticatedUser>,
  limits: EveryLimit,
) {
  const { contract, backend = memoryBackend() } = options;
  const times = toServerTimes(options);
  const timeoutMs = times.commandTimeoutMs;
  const bounds = { depth: limits.payloadDepth, keys: limits.payloadKeys };
  const closing = new AbortController();
  const stopping = new Stopping();
  const reports = new Reports(options.logger, options.metrics, options.onError);
  if (options.debug) trace(namespace, reports);

  const parting = new Parting(reports);
  const wire = new Wire(namespace, reports);
  const network = new Network({
    write: (connection, events) => stage.writeHeld(connection, events),
    cut(connection) {
      reports.log("warn", { userId: connection.userId, code: "slow_consumer" }, "connection cut");
      parting.cut(connection, undefined);
    },
  });
  const stage = new Stage(backend, wire, network, reports);
  const publisher = new Publisher(contract, backend, reports, options.throwOnInvalid ?? false);
  const sockets = new SocketEvents(publisher, stage);
  const roles = new RoleEvents(contract, publisher, sockets, refusalTexts(options.errorText, reports));

  const rights = new Rights(contract, options.authorize, reports, timeoutMs);
  const presence = new Presence(backend, roles, reports, times.presenceGraceMs);
  const expulsion = new Expulsion(parting, roles, reports);
  const lifetimes = new Lifetimes(
    {
      warn: (connection, expiresAt) => connection.announced && connection.send("$warn", { expires_at: expiresAt }),
      expire: (connection) => expulsion.expel(connection, "credential_expired"),
    },
    { warningMs: times.expiryWarningMs, graceMs: times.expiryGraceMs },
  );
  const entering = new Entering(backend, stage, rights, reports, lifetimes);
  const membership = new Membership(contract, backend, entering, rights, presence, roles, reports);

  const limit = new CredentialLimit();
  const credentials = { authenticate: options.authenticate, limit, bounds, reports, timeoutMs };
  const paging = new Paging(backend, stage, entering, reports);
  const heads = new Heads(contract, stage, reports);
  const refreshing = new Refreshing(credentials, lifetimes);
  const frames = createLibraryFrames(membership, paging, heads, refreshing);
  const commands = new Commands(contract, backend, rights, { sockets, timeoutMs, stopping, reports }, bounds);
  serveRoles(contract, commands, membership, roles);
  const guard = new Guard(limits, expulsion);
  const incoming = new Incoming(commands, frames, stage, roles, closing.signal, guard, paging);

  const { server } = namespace;
  const welcome = new Welcome(contract, backend, membership, roles, () => ({
    payload_bytes: server.engine.opts.maxHttpBufferSize ?? 1_000_000,
    // JSON knows no Infinity.
    answer_ms: Math.min(backend.answerMs, Number.MAX_SAFE_INTEGER),
  }));
  const handshakes = new HandshakesFirst(server);
  const hooks = createConnectionHooks({
    requireSafe: isAttached(server) ? undefined : () => requireSafeOptions(server, options.allowUnsafe ?? []),
    closing: closing.signal,
    contract,
    credentials,
    expulsion,
    handshakes,
    incoming,
    lifetimes,
    membership,
    parting,
    reports,
    welcome,
  });
  whenAttached(server, () => {
    watchPackets(server);
    watchHandshakes(server, reports, closing.signal);
  });
  const connections = new Connections(namespace, wire, network, parting, hooks, limits.connectionsPerUser);
  whenLeavingRoom(namespace, (socketId, room) => {
    const connection = connections.get(socketId);
    if (connection) membership.revoke(connection, room);
  });
  reports.measure({
    connections: () => connections.size,
    rooms: () => stage.roomCount,
    commands_open: () => commands.size,
    events_waiting: () => publisher.waiting,
    bytes_waiting: () => network.waitingBytes,
  });

  const node = createBackendNode({ stage, connections, parting, membership, presence, rights, reports });
  const open = async () => backend.open(node);
  const opened = open().catch((error) => reports.error(error, { during: "backend" }));
  const close = createClose({
    closing,
    stopping,
    commands,
    publisher,
    stage,
    connections,
    parting,
    resting: [presence, entering, lifetimes, network],
    async leave() {
      await opened;
      await backend.close(node);
    },
    reports,
  });
  const parts = {
    contract,
    backend,
    closing: closing.signal,
    commands,
    connections,
    publisher,
    rights,
    sockets,
    stage,
  };
  return { ...createApplicationCalls(parts), close };
}

function trace(namespace: Namespace, reports: Reports): void {
  namespace.on("connection", ({ conn }) => {
    traceFrames(conn as unknown as PacketSource, (fields, message) => reports.log("debug", fields, message));
  });
}
