import type { StoredEvent } from "../delivery/stored-event.js";
import type { AuthenticatedUser } from "./authenticate.js";
import type { Frame } from "./frame.js";
import type { EngineConnection, Socket } from "./socket-io.js";
import type { Wire } from "./wire.js";

/** One authenticated connection: what the library knows of it, and the one place from which it is written to. */
export class Connection {
  readonly engine: EngineConnection;
  /** Set once it may be sent events: after `$hello`, or at once for a plain peer. */
  ready = false;
  closed = false;
  private rooms: Promise<void> | undefined = undefined;
  private commands: Promise<void> | undefined = undefined;

  constructor(
    readonly socket: Socket,
    private readonly wire: Wire,
    readonly user: AuthenticatedUser,
    /** The client's own id where it announced itself; `undefined` for a plain peer, which gets payloads alone. */
    readonly client: string | undefined,
  ) {
    this.engine = socket.conn as unknown as EngineConnection;
  }

  get announced(): boolean {
    return this.client !== undefined;
  }

  get userId(): string {
    return this.user.userId;
  }

  /** Writes a frame; a closing connection takes it and drops it. */
  write(frame: Frame): void {
    if (this.wire.direct) this.engine.write(frame.text, frame.options);
    else this.socket.emit(...(JSON.parse(frame.json) as [string, ...unknown[]]));
  }

  /** Sends a library frame to an announced connection. */
  send(name: string, body: object): void {
    this.write(this.wire.frame(`["${name}",${JSON.stringify(body)}]`));
  }

  /** Tells Socket.IO's `onAnyOutgoing` listeners of events that are written past its own `emit`. */
  notify(events: readonly StoredEvent[]): void {
    const listeners = this.socket.listenersAnyOutgoing();
    if (listeners.length === 0 || !this.wire.direct) return;
    for (const { name, payload } of events) {
      for (const listener of listeners.slice()) {
        try {
          listener.call(this.socket, JSON.parse(name), JSON.parse(payload));
        } catch (error) {
          this.wire.reports.error(error, { during: "deliver", event: JSON.parse(name) as string, userId: this.userId });
        }
      }
    }
  }

  /**
   * Runs a task after those before it have started: at once where nothing waits.
   *
   * Entering and leaving rooms have an order of their own, which commands wait for, but not the other way round: a slow
   * command keeps nobody from leaving.
   */
  inOrder(kind: "rooms" | "commands", task: () => Promise<void>): void {
    const { rooms, commands } = this;
    const before =
      kind === "commands" && rooms && commands
        ? Promise.all([rooms, commands])
        : kind === "commands"
          ? (commands ?? rooms)
          : rooms;
    const started = (before ? before.then(task) : task()).catch((error) => {
      this.wire.reports.error(error, { during: "command", userId: this.userId });
    });
    this[kind] = started;
    void started.then(() => {
      if (this[kind] === started) this[kind] = undefined;
    });
  }
}
