import { setMaxListeners } from "node:events";
import { performance } from "node:perf_hooks";
import type { Contract } from "../contract/contract.js";
import type { ContractTypes } from "../contract/contract-types.js";
import type { ErrorCode } from "../contract/error-codes.js";
import { ContractError } from "../contract/errors.js";
import { isRoomIdentifier } from "../contract/room.js";
import { AdmissionPace } from "./admission-pace.js";
import { applied } from "./answer.js";
import { type AuthenticatedUser, admit, ConnectRefusal } from "./authenticate.js";
import type { Backend, BackendNode } from "./backend.js";
import { Commands } from "./commands.js";
import type { Connection } from "./connection.js";
import { type ConnectionHooks, Connections } from "./connections.js";
import { Entering } from "./entering.js";
import type { EventServer, EventServerOptions } from "./event-server.js";
import { Guard } from "./guard.js";
import { Heads } from "./heads.js";
import { type FrameHandler, Incoming } from "./incoming.js";
import { Lifetimes } from "./lifetimes.js";
import { serverLimits } from "./limits.js";
import { Members } from "./members.js";
import { Membership } from "./membership.js";
import { memoryBackend } from "./memory-backend.js";
import { Network } from "./network.js";
import { Paging } from "./paging.js";
import { Publisher } from "./publisher.js";
import { ReadingPace } from "./reading-pace.js";
import { Refreshing } from "./refreshing.js";
import { refusalText } from "./refusal-text.js";
import { Reports } from "./reports.js";
import { Rights } from "./rights.js";
import { fitAck } from "./role-event.js";
import { RoleEvents } from "./roles.js";
import type { AnyHandler } from "./running-command.js";
import { SocketEvents } from "./socket-events.js";
import { type Namespace, type SocketHost, toNamespace } from "./socket-io.js";
import { Stage } from "./stage.js";
import { toRoomTargets } from "./targets.js";
import { isAttached, requireSafeOptions } from "./unsafe-options.js";
import { Welcome } from "./welcome.js";
import { Wire } from "./wire.js";

/** What was written is given so long to leave, ms; a link that is gone takes none of it. */
const flushMs = 1_000;
/** Who asked for too much is to stay away for so long, ms. */
const violationWaitMs = 5_000;

/**
 * Serves a contract on a Socket.IO server, or on one of its namespaces.
 *
 * From here on every connection is authenticated, every command is checked and authorized before its handler, and every
 * event is checked before it is sent. Socket.IO's rooms, `fetchSockets` and `onAnyOutgoing` stay as they are.
 *
 * @throws {ContractError} `contract_invalid` where clients can join rooms and no `authorize` is given;
 * `unsafe_server_options` where `io` was made with weaker options than `serverOptions` gives.
 */
export function createEventServer<TTypes extends ContractTypes, TUser extends AuthenticatedUser>(
  io: SocketHost,
  options: EventServerOptions<TTypes, TUser>,
): EventServer<TTypes, TUser> {
  checkOptions(options.contract, options);
  requireSafeOptions(toNamespace(io).server, options.allowUnsafe ?? []);
  // Types are checked where the application stands; inside, names are text and payloads are objects.
  return serve(toNamespace(io), options as never) as unknown as EventServer<TTypes, TUser>;
}

function checkOptions(
  contract: Contract,
  { authenticate, authorize }: { authenticate?: unknown; authorize?: unknown },
): void {
  if (typeof authenticate !== "function")
    throw new ContractError("contract_invalid", "give authenticate: there are no anonymous connections");
  const joinable = [...contract.roomKinds.values()].find((kind) => kind.join !== undefined);
  if (joinable && typeof authorize !== "function")
    throw new ContractError("contract_invalid", `clients join rooms of the kind ${joinable.kind}: give authorize`);
}

function serve(namespace: Namespace, options: EventServerOptions<ContractTypes, AuthenticatedUser>) {
  const { contract, backend = memoryBackend() } = options;
  const closing = new AbortController();
  const stopping = new AbortController();
  // Every running command may listen to it.
  setMaxListeners(0, stopping.signal);
  const reports = new Reports(options.logger, options.metrics, options.onError);
  const limits = { ...serverLimits, ...options.limits };
  const bounds = { depth: limits.payloadDepth, keys: limits.payloadKeys };
  const credentials = { authenticate: options.authenticate, bounds, reports };
  const wire = new Wire(namespace, reports);
  const network = new Network({
    write: (connection, events) => stage.writeHeld(connection, events),
    cut(connection) {
      reports.log("warn", { userId: connection.userId, code: "slow_consumer" }, "connection cut");
      connections.cut(connection, undefined);
    },
  });
  const stage = new Stage(backend, wire, network, reports);
  const publisher = new Publisher(contract, backend, reports, options.throwOnInvalid ?? false);
  const sockets = new SocketEvents(publisher, stage);
  const roles = new RoleEvents(contract, publisher, sockets);
  const rights = new Rights(contract, options.authorize, reports);
  const members = new Members(backend, roles, reports, contract.identity, options.presenceGraceMs ?? 30_000);
  const lifetimes = new Lifetimes(
    {
      warn: (connection, expiresAt) => connection.announced && connection.send("$warn", { expires_at: expiresAt }),
      expire: (connection) => expel(connection, "credential_expired"),
    },
    { warningMs: options.expiryWarningMs ?? 60_000, graceMs: options.expiryGraceMs ?? 25_000 },
  );
  const entering = new Entering(backend, stage, rights, reports, lifetimes);
  const paging = new Paging(backend, stage, entering, reports);
  const membership = new Membership(contract, backend, entering, rights, members, roles, reports);
  const welcome = new Welcome(contract, backend, membership, roles, () => ({
    payload_bytes: namespace.server.engine.opts.maxHttpBufferSize ?? 1_000_000,
    answer_ms: 300_000,
  }));
  const commands = new Commands(
    contract,
    backend,
    rights,
    reports,
    { sockets, timeoutMs: options.commandTimeoutMs ?? 60_000, closing: stopping.signal },
    bounds,
  );
  serveRoles(contract, commands, membership, roles);
  // Connections and entries are paced apart: who is let in gets into its rooms while others wait at the door.
  const connecting = new AdmissionPace();
  const enteringRooms = new AdmissionPace();
  const refreshing = new Refreshing(credentials, lifetimes);
  const heads = new Heads(contract, stage, reports);
  const frames = new Map<string, FrameHandler>([
    [
      "$enter",
      (connection, body, answer) =>
        connection.inOrder("rooms", async () => {
          await enteringRooms.turn();
          return membership.enter(connection, body, answer);
        }),
    ],
    ["$page", (connection, body, answer) => void paging.answer(connection, body, answer)],
    ["$heads", (connection, body, answer) => answer(heads.answer(connection, body))],
    ["$auth", (connection, body, answer) => void refreshing.answer(connection, body, answer)],
  ]);
  const errorText = options.errorText ?? refusalText;
  const errorEvent = contract.roles.error;
  const guard = new Guard(limits, (connection, code) => expel(connection, code, violationWaitMs));
  const incoming = new Incoming(commands, frames, stage, roles, errorEvent, errorText, closing.signal, guard);
  const reading = new ReadingPace(() => performance.now());
  let judged = isAttached(namespace.server);
  const hooks: ConnectionHooks = {
    async admit(socket) {
      await connecting.turn();
      if (closing.signal.aborted) throw new ConnectRefusal("server_closing");
      // What came with a later attach is known by now.
      if (!judged) requireSafeOptions(namespace.server, options.allowUnsafe ?? []);
      judged = true;
      const admission = await admit(socket, contract, credentials);
      if (connections.isFull(admission)) throw new ConnectRefusal("rate_limited");
      return admission;
    },
    refused({ handshake: { address } }, error) {
      const code = error instanceof ConnectRefusal ? error.data.code : "internal";
      if (!(error instanceof ConnectRefusal)) reports.error(error, { during: "authenticate" });
      reports.count("rejected", 1, "", code);
      reports.log("warn", { code, address }, "connection refused");
    },
    opened(connection, { user, announcement }) {
      reports.count("connects", 1, "", "");
      lifetimes.set(connection, user.expiresAt);
      connection.inOrder("rooms", () =>
        welcome.receive(connection, announcement).catch((error) => {
          reports.error(error, { during: "enter", userId: connection.userId }, "backend_unavailable");
          connections.end(connection, "backend_unavailable");
        }),
      );
    },
    received(connection, packet) {
      reading.took(connection);
      try {
        incoming.receive(connection, packet);
      } catch (error) {
        // Whatever a stranger sent, it ends here.
        reports.error(error, { during: "command", userId: connection.userId });
      }
    },
    unreadable: (connection) => reportViolation(connection, "invalid_frames"),
    closed(connection) {
      lifetimes.forget(connection);
      membership.lost(connection);
    },
  };
  const connections = new Connections(namespace, wire, network, hooks, limits.connectionsPerUser);

  function reportViolation({ userId, socket }: Connection, code: ErrorCode): void {
    const { address } = socket.handshake;
    reports.count("rejected", 1, "", code);
    reports.log("warn", { userId, code, address }, "connection closed");
  }

  function expel(connection: Connection, code: ErrorCode, retryAfterMs = 0): void {
    if (connection.closed) return;
    reportViolation(connection, code);
    // A plain peer is told in the one way that it knows.
    if (!connection.announced) roles.tell(connection, errorEvent, { message: errorText(code), error: code });
    connections.expel(connection, code, retryAfterMs);
  }

  const node: BackendNode = {
    deliver: (room, event, except) => stage.deliver(room, event, except),
    revoked(room, userId) {
      for (const connection of connections.ofUser(userId)) membership.revoke(connection, room);
    },
    disconnectUser(userId, code) {
      stage.flush();
      connections.expelUser(userId, code);
    },
    evict(userId, client, socketId) {
      for (const connection of connections.ofUser(userId))
        if (connection.client === client && connection.socket.id !== socketId) connections.cut(connection, "evicted");
    },
    gone: (name, userId) => {
      const room = rights.named(name);
      if (room) members.went(room, userId);
    },
    stands: (name, { epoch, seq }) => stage.find(name)?.stands(epoch, seq),
    failed: (error) => reports.error(error, { during: "backend" }, "backend_unavailable"),
  };
  reports.measure({
    connections: () => connections.size,
    rooms: () => stage.roomCount,
    commands_open: () => commands.size,
    events_waiting: () => publisher.waiting,
    bytes_waiting: () => network.waitingBytes,
  });
  const opened = Promise.resolve(backend.open(node)).catch((error) => reports.error(error, { during: "backend" }));

  async function close({ drainMs = 10_000 }: { readonly drainMs?: number } = {}): Promise<void> {
    closing.abort();
    await within(drainMs, commands.finished());
    stopping.abort();
    publisher.flush();
    stage.flush();
    const open = connections.all();
    const written = Promise.all(open.map((connection) => connections.end(connection, "server_closing", drainMs)));
    // Whoever ends the process next must not take the last words with it.
    await within(flushMs, written);
    for (const connection of open) connection.terminate();
    members.close();
    entering.close();
    lifetimes.close();
    network.close();
    await opened;
    await backend.close(node);
    reports.close();
  }

  return {
    to: {
      ...toRoomTargets(contract, publisher),
      socket: (id: string) => ({
        emit: (name: string, input: object) => sockets.emit(connections.get(id), name, input),
      }),
    },
    handle: (name: string, handler: AnyHandler) => commands.handle(name, handler),
    async revoke(userId: string, room: string) {
      if (!rights.named(room)) throw new ContractError("room_invalid", "no such room: nothing was revoked");
      await backend.revoke(room, requireUser(userId));
    },
    disconnectUser: async (userId: string) => backend.disconnectUser(requireUser(userId), "revoked"),
    members: async (room: string) => backend.members(room),
    async health() {
      const draining = closing.signal.aborted;
      const up = await healthOf(backend);
      return { ready: up && !draining, draining, backend: up, connections: connections.size, rooms: stage.roomCount };
    },
    close,
  };
}

/** A user that cannot be is a mistake, and nothing that was taken back. */
function requireUser(userId: string): string {
  if (!isRoomIdentifier(userId)) throw new ContractError("room_invalid", "no such user: nothing was done");
  return userId;
}

async function healthOf(backend: Backend): Promise<boolean> {
  try {
    return await backend.health();
  } catch {
    return false;
  }
}

function within(ms: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([done.then(() => {}), over]).finally(() => clearTimeout(timer));
}

/** Puts the library behind the commands that the contract leaves to it. */
function serveRoles(contract: Contract, commands: Commands, membership: Membership, roles: RoleEvents): void {
  const { ping, pong } = contract.roles;
  const entry = ping === undefined ? undefined : contract.commands.get(ping);
  if (entry) {
    commands.serve(entry.name, async (connection, payload, _room, answer) => {
      roles.tell(connection, pong, payload);
      answer(applied(fitAck(entry.ack, { server_time: new Date().toISOString() })));
    });
  }
  for (const { join, leave } of contract.roomKinds.values()) {
    commands.serve(
      join,
      async (connection, _payload, room, answer) => room && membership.join(connection, room, answer),
    );
    commands.serve(
      leave,
      async (connection, _payload, room, answer) => room && membership.leave(connection, room, answer),
    );
  }
}
