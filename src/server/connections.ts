import type { ErrorCode } from "../contract/error-codes.js";
import { type Admission, ConnectRefusal } from "./authenticate.js";
import { Connection, type SocketHandlers, type Surroundings } from "./connection.js";
import { connectionOf } from "./connection-of.js";
import { awaitNamespaceEntry, isInAnotherNamespace } from "./namespace-entry.js";
import type { Network } from "./network.js";
import { type Parting, passes } from "./parting.js";
import type { Namespace, Socket } from "./socket-io.js";
import { takeOver } from "./take-over.js";
import type { Wire } from "./wire.js";

/** What becomes of a connection; `opened` is called before anything of it is read. */
export interface ConnectionHooks {
  /** Aborted once nobody is let in any more. */
  readonly closing: AbortSignal;
  admit(socket: Socket): Promise<Admission>;
  /** Why one was not let in. */
  refused(socket: Socket, error: unknown): void;
  opened(connection: Connection, admission: Admission): void;
  received(connection: Connection, packet: readonly unknown[]): void;
  /** Its rooms are still its own. */
  closed(connection: Connection): void;
  /** What it sent was no packet, and it is being closed for it. */
  unreadable(connection: Connection): void;
}

// No credential is judged for so long that this many users are disconnected meanwhile.
const mostExpelled = 10_000;

/** The connections of this server, by socket and by user. */
export class Connections {
  private readonly admissions = new WeakMap<Socket, Admission & { readonly since: number }>();
  /** How many users were disconnected, and as the how manieth whoever was so lately. */
  private expulsions = 0;
  private readonly expelled = new Map<string, number>();
  private readonly byUser = new Map<string, Connection | readonly Connection[]>();
  private readonly surroundings: Surroundings;
  private count = 0;

  constructor(
    private readonly namespace: Namespace,
    wire: Wire,
    private readonly network: Network,
    private readonly parting: Parting,
    private readonly hooks: ConnectionHooks,
    private readonly mostOfUser: number,
  ) {
    const handlers: SocketHandlers = {
      received(connection, packet) {
        if (!connection.closed) hooks.received(connection, packet);
      },
      unreadable: (connection) => hooks.unreadable(connection),
      // Whoever takes no answer is cut.
      asked: (connection) => network.watch(connection),
      closing: (connection) => this.close(connection),
    };
    this.surroundings = { wire, network, handlers };
    namespace.use((socket, next) => {
      const since = this.expulsions;
      // It is taken out of there as it is read.
      const announced = "$events" in socket.handshake.auth;
      this.admit(socket).then(
        (admission) => {
          this.admissions.set(socket, { ...admission, since });
          next();
        },
        (error) => {
          hooks.refused(socket, error);
          const refusal = error instanceof ConnectRefusal ? error : new ConnectRefusal("internal");
          // Not the link of other namespaces, which it would end again at every return.
          if (!announced && passes(refusal.data.code) && !isInAnotherNamespace(socket))
            parting.step(() => socket.conn.close());
          next(refusal);
        },
      );
    });
    namespace.on("connection", (socket) => this.open(socket));
    // Whoever came before was asked for nothing, and would hear nothing.
    for (const { conn } of [...namespace.sockets.values()]) parting.step(() => conn.close());
  }

  get size(): number {
    return this.count;
  }

  get(socketId: string): Connection | undefined {
    return connectionOf(this.namespace.sockets.get(socketId));
  }

  ofUser(userId: string): readonly Connection[] {
    const known = this.byUser.get(userId);
    if (known === undefined) return [];
    return known instanceof Connection ? [known] : known;
  }

  all(): readonly Connection[] {
    const connections = [...this.namespace.sockets.values()].map(connectionOf);
    return connections.filter((connection) => connection !== undefined);
  }

  /** Closes all connections of a user, also those whose credential is being judged as this is called. */
  expelUser(userId: string, code: string): void {
    this.expelled.delete(userId);
    this.expelled.set(userId, ++this.expulsions);
    for (const oldest of this.expelled.keys()) {
      if (this.expelled.size <= mostExpelled) break;
      this.expelled.delete(oldest);
    }
    for (const connection of this.ofUser(userId)) this.parting.expel(connection, code);
  }

  private async admit(socket: Socket): Promise<Admission> {
    const admission = await this.hooks.admit(socket);
    if (this.isFull(admission)) throw new ConnectRefusal("rate_limited");
    return admission;
  }

  private open(socket: Socket): void {
    const admission = this.admissions.get(socket);
    // Listeners of the application come before this one, and may have put it out.
    if (!admission || !socket.connected) {
      socket.disconnect(true);
      awaitNamespaceEntry(socket);
      return;
    }
    this.admissions.delete(socket);
    const { user, announcement, since } = admission;
    const code = this.refusalOf(admission, since);
    if (code !== undefined) {
      this.hooks.refused(socket, new ConnectRefusal(code));
      if (announcement) socket.emit("$bye", { code, retry_after_ms: 0, spread_ms: 0 });
      else if (passes(code)) socket.conn.close();
      socket.disconnect(true);
      return;
    }
    const connection = new Connection(socket, this.surroundings, user, announcement?.client);
    const others = this.ofUser(user.userId);
    this.byUser.set(user.userId, others.length === 0 ? connection : [...others, connection]);
    this.count++;
    takeOver(socket, connection);
    this.hooks.opened(connection, admission);
  }

  /** Judges again who was let in: the server closed, or others were let in or put out, since their credential was judged. */
  private refusalOf(admission: Admission, since: number): ErrorCode | undefined {
    if (this.hooks.closing.aborted) return "server_closing";
    if ((this.expelled.get(admission.user.userId) ?? 0) > since) return "revoked";
    return this.isFull(admission) ? "rate_limited" : undefined;
  }

  /** Whether a user has as many connections as one may; the one that a client replaces does not count. */
  private isFull({ user, announcement }: Admission): boolean {
    let count = 0;
    for (const { client } of this.ofUser(user.userId))
      if (client === undefined || client !== announcement?.client) count++;
    return count >= this.mostOfUser;
  }

  private close(connection: Connection): void {
    connection.closed = true;
    this.count--;
    const others = this.ofUser(connection.userId).filter((other) => other !== connection);
    if (others.length === 0) this.byUser.delete(connection.userId);
    else this.byUser.set(connection.userId, others.length === 1 && others[0] ? others[0] : others);
    this.hooks.closed(connection);
    // Not before: what it was to be given later is counted as it leaves its rooms.
    this.network.forget(connection);
  }
}
