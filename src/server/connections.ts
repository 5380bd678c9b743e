import type { ErrorCode } from "../contract/error-codes.js";
import { type Admission, ConnectRefusal } from "./authenticate.js";
import { Connection } from "./connection.js";
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
  private readonly byUser = new Map<string, Set<Connection>>();

  constructor(
    namespace: Namespace,
    private readonly wire: Wire,
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
    return [...(this.byUser.get(userId) ?? [])];
  }

  all(): readonly Connection[] {
    return [...this.bySocket.values()];
  }

  /** Closes a connection, and says why where it can be said. */
  end(connection: Connection, code: ErrorCode): void {
    if (connection.closed) return;
    if (connection.announced) connection.send("$bye", { code, retry_after_ms: 0, spread_ms: 0 });
    connection.socket.disconnect(true);
  }

  private open(socket: Socket): void {
    const admission = this.admissions.get(socket);
    if (!admission) {
      socket.disconnect(true);
      return;
    }
    const { user, announcement } = admission;
    const connection = new Connection(socket, this.wire, user, announcement?.client);
    this.bySocket.set(socket.id, connection);
    let ofUser = this.byUser.get(user.userId);
    if (!ofUser) {
      ofUser = new Set();
      this.byUser.set(user.userId, ofUser);
    }
    ofUser.add(connection);
    // The one dispatcher of this socket: it never passes a packet on, so no listener is called for a client's name.
    socket.use((packet) => this.hooks.received(connection, packet));
    socket.once("disconnecting", () => this.close(connection));
    this.hooks.opened(connection, admission);
  }

  private close(connection: Connection): void {
    connection.closed = true;
    this.bySocket.delete(connection.socket.id);
    const ofUser = this.byUser.get(connection.userId);
    ofUser?.delete(connection);
    if (ofUser?.size === 0) this.byUser.delete(connection.userId);
    this.hooks.closed(connection);
  }
}
