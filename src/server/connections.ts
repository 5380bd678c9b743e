import { type Admission, ConnectRefusal } from "./authenticate.js";
import { Connection } from "./connection.js";
import type { Network } from "./network.js";
import type { Namespace, Socket } from "./socket-io.js";
import type { Wire } from "./wire.js";

/** What becomes of a connection; `opened` is called before anything of it is read. */
export interface ConnectionHooks {
  admit(socket: Socket): Promise<Admission>;
  opened(connection: Connection, admission: Admission): void;
  received(connection: Connection, packet: readonly unknown[]): void;
  closed(connection: Connection): void;
}

/** The connections of this server, by socket and by user. */
export class Connections {
  private readonly admissions = new WeakMap<Socket, Admission>();
  private readonly bySocket = new Map<string, Connection>();
  private readonly byUser = new Map<string, Connection[]>();

  constructor(
    namespace: Namespace,
    private readonly wire: Wire,
    private readonly network: Network,
    private readonly hooks: ConnectionHooks,
  ) {
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
    return this.bySocket.size;
  }

  get(socketId: string): Connection | undefined {
    return this.bySocket.get(socketId);
  }

  ofUser(userId: string): readonly Connection[] {
    return this.byUser.get(userId)?.slice() ?? [];
  }

  all(): readonly Connection[] {
    return [...this.bySocket.values()];
  }

  /** Closes a connection, and says why where it can be said; what waits for it is still written. */
  end(connection: Connection, code: string, spreadMs = 0): void {
    if (connection.closed) return;
    if (connection.announced) connection.send("$bye", { code, retry_after_ms: 0, spread_ms: spreadMs });
    connection.socket.disconnect(true);
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
    const { user, announcement } = admission;
    const connection = new Connection(socket, this.wire, this.network, user, announcement?.client);
    this.bySocket.set(socket.id, connection);
    const ofUser = this.byUser.get(user.userId);
    if (ofUser) ofUser.push(connection);
    else this.byUser.set(user.userId, [connection]);
    // The one dispatcher of this socket: it never passes a packet on, so no listener is called for a client's name.
    socket.use((packet) => this.hooks.received(connection, packet));
    socket.once("disconnecting", () => this.close(connection));
    this.hooks.opened(connection, admission);
  }

  private close(connection: Connection): void {
    connection.closed = true;
    this.bySocket.delete(connection.socket.id);
    this.network.forget(connection);
    const ofUser = this.byUser.get(connection.userId)?.filter((other) => other !== connection) ?? [];
    if (ofUser.length > 0) this.byUser.set(connection.userId, ofUser);
    else this.byUser.delete(connection.userId);
    this.hooks.closed(connection);
  }
}
