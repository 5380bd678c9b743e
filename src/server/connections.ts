import { type Admission, ConnectRefusal } from "./authenticate.js";
import { Connection } from "./connection.js";
import { connectionOf, type SocketEnds, takeOver } from "./dispatcher.js";
import type { Network } from "./network.js";
import type { Namespace, Socket } from "./socket-io.js";
import type { Wire } from "./wire.js";

/** What becomes of a connection; `opened` is called before anything of it is read. */
export interface ConnectionHooks {
  admit(socket: Socket): Promise<Admission>;
  opened(connection: Connection, admission: Admission): void;
  received(connection: Connection, packet: readonly unknown[]): void;
  /** Its rooms are still its own. */
  closed(connection: Connection): void;
}

/** The connections of this server, by socket and by user. */
export class Connections {
  private readonly admissions = new WeakMap<Socket, Admission>();
  private readonly byUser = new Map<string, Connection | readonly Connection[]>();
  private readonly ends: SocketEnds;
  private count = 0;

  constructor(
    private readonly namespace: Namespace,
    private readonly wire: Wire,
    private readonly network: Network,
    private readonly hooks: ConnectionHooks,
  ) {
    this.ends = {
      received(connection, packet) {
        if (!connection.closed) hooks.received(connection, packet);
      },
      closing: (connection) => this.close(connection),
    };
    namespace.use((socket, next) => {
      hooks.admit(socket).then(
        (admission) => {
          this.admissions.set(socket, admission);
          next();
        },
        (error) => next(error instanceof ConnectRefusal ? error : new ConnectRefusal("internal")),
      );
    });
    namespace.on("connection", (socket) => this.open(socket));
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

  /**
   * Closes a connection, and says why where it can be said; what waits for it is still written.
   *
   * Resolves once all of it was handed over, which a link that takes nothing never does.
   */
  end(connection: Connection, code: string, spreadMs = 0): Promise<void> {
    if (connection.closed) return Promise.resolve();
    if (connection.announced) connection.send("$bye", { code, retry_after_ms: 0, spread_ms: spreadMs });
    const { conn } = connection.socket;
    const gone = new Promise<void>((resolve) => conn.once("close", () => resolve()));
    connection.socket.disconnect(true);
    return gone;
  }

  /** Ends a connection at once, with all that waits for it: it takes nothing any more, or too little. */
  cut(connection: Connection, code: string | undefined): void {
    if (connection.closed) return;
    if (code !== undefined && connection.announced) connection.send("$bye", { code, retry_after_ms: 0, spread_ms: 0 });
    connection.socket.disconnect();
    connection.terminate();
  }

  private open(socket: Socket): void {
    const admission = this.admissions.get(socket);
    if (!admission) {
      socket.disconnect(true);
      return;
    }
    this.admissions.delete(socket);
    const { user, announcement } = admission;
    const connection = new Connection(socket, this.wire, this.network, this.ends, user, announcement?.client);
    const others = this.ofUser(user.userId);
    this.byUser.set(user.userId, others.length === 0 ? connection : [...others, connection]);
    this.count++;
    takeOver(socket, connection);
    this.hooks.opened(connection, admission);
  }

  private close(connection: Connection): void {
    connection.closed = true;
    this.count--;
    this.network.forget(connection);
    const others = this.ofUser(connection.userId).filter((other) => other !== connection);
    if (others.length === 0) this.byUser.delete(connection.userId);
    else this.byUser.set(connection.userId, others.length === 1 && others[0] ? others[0] : others);
    this.hooks.closed(connection);
  }
}
