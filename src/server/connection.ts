import type { Deadline } from "../delivery/expiry-wheel.js";
import { Outflow } from "../delivery/outflow.js";
import type { StoredEvent } from "../delivery/stored-event.js";
import type { AuthenticatedUser } from "./authenticate.js";
import { BufferedBytes } from "./buffered-bytes.js";
import { writeDirectly } from "./direct-write.js";
import type { Frame } from "./frame.js";
import type { EngineConnection, Socket } from "./socket-io.js";
import type { Wire } from "./wire.js";

const webSocketClosing = 2;
// What a client asks for waits for what it asked before; so much may, and then it is told to wait itself.
const mostWaiting = 256;

/** What is done with what a socket gives. */
export interface SocketHandlers {
  /** A packet: its name and arguments, the acknowledgement last where there is one. */
  received(connection: Connection, packet: readonly unknown[]): void;
  /** What came was no packet, and Socket.IO closes the connection for it. */
  unreadable(connection: Connection): void;
  /** Its client asked for another namespace, and is answered by Socket.IO where there is none. */
  asked(connection: Connection): void;
  /** The socket is about to leave its rooms. */
  closing(connection: Connection): void;
}

/** What all connections of a server share. */
export interface Surroundings {
  readonly wire: Wire;
  /** Looks after what was written, and ends those that take too little of it. */
  readonly network: { watch(connection: Connection): void; cut(connection: Connection): void };
  readonly handlers: SocketHandlers;
}

/** When a connection's credential ends. */
export interface Lifetime {
  /** Unix ms, as the credential says it. */
  expiresAt: number;
  /** The same on a clock that is never set, ms. */
  endsAt: number;
  readonly deadline: Deadline<Connection>;
}

/** What a client asks for has two orders: entering and leaving rooms, and commands. */
type Kind = "rooms" | "commands";

/** Tasks of one order that are not started, or are just being; there is none of it for who asks for nothing. */
interface Line {
  waiting: number;
  last: Promise<void>;
}

/** One authenticated connection: what the library knows of it, and the one place from which it is written to. */
export class Connection {
  closed = false;
  /** Whether what the network has not taken yet is read again and again. */
  watched = false;
  /** Bytes of live events that wait while it enters rooms. */
  held = 0;
  /** When all that it did and must not do is forgotten, monotonic ms. */
  forgivenAt = 0;
  /** Of a credential that ends. */
  lifetime: Lifetime | undefined = undefined;
  /** What waits for its `$hello`; `undefined` once that was said, and for a plain peer. */
  private early: (() => void)[] | undefined;
  private flow: Outflow | undefined = undefined;
  private buffered: BufferedBytes | undefined = undefined;
  private rooms: Line | undefined = undefined;
  private commands: Line | undefined = undefined;
  /** As it was let in: what the application gave may be a session, which others end or take over. */
  readonly userId: string;

  constructor(
    readonly socket: Socket,
    private readonly surroundings: Surroundings,
    public user: AuthenticatedUser,
    /** The client's own id where it announced itself; `undefined` for a plain peer, which gets payloads alone. */
    readonly client: string | undefined,
  ) {
    this.userId = user.userId;
    this.early = client === undefined ? undefined : [];
  }

  get announced(): boolean {
    return this.client !== undefined;
  }

  get handlers(): SocketHandlers {
    return this.surroundings.handlers;
  }

  /** What is written and not taken yet; there is none of it while everything is. */
  get outflow(): Outflow {
    this.flow ??= new Outflow();
    return this.flow;
  }

  /** Everything was taken. */
  rest(): void {
    this.watched = false;
    this.flow = undefined;
    this.buffered = undefined;
  }

  /** Writes events to it alone after its `$hello`: a client that sees one before takes the server for a plain one. */
  afterHello(write: () => void): void {
    if (this.early) this.early.push(write);
    else write();
  }

  /** Writes what waited for `$hello`: it was said, or the connection ends without it. */
  greeted(): void {
    const { early = [] } = this;
    this.early = undefined;
    for (const write of early) write();
  }

  /** Writes a frame; a closing connection takes it and drops it. */
  write(frame: Frame, low = false): void {
    const { wire, network } = this.surroundings;
    if (wire.direct) {
      const { engine } = this;
      if (!writeDirectly(engine, frame)) engine.write(frame.text, frame);
    } else this.socket.emit(...(JSON.parse(frame.json) as [string, ...unknown[]]));
    this.outflow.wrote(frame.bytes, low);
    network.watch(this);
  }

  /** Sends a library frame to an announced connection. */
  send(name: string, body: object): void {
    if (!this.closed) this.write(this.surroundings.wire.frame(`["${name}",${JSON.stringify(body)}]`));
  }

  /** Reads the bytes that wait: in Engine.IO for their transport, and in the WebSocket for the network. */
  measure(): void {
    const { transport, writeBuffer } = this.engine;
    this.buffered ??= new BufferedBytes();
    this.outflow.read((transport.socket?.bufferedAmount ?? 0) + this.buffered.count(writeBuffer));
  }

  /**
   * Whether it is to be answered: Socket.IO writes acknowledgements, unseen by `write`, and they wait for the network like
   * all the rest. One that has not taken what waits already is cut.
   */
  takesAnswers(): boolean {
    if (this.closed) return false;
    const { network } = this.surroundings;
    this.measure();
    if (this.outflow.overflown) {
      network.cut(this);
      return false;
    }
    network.watch(this);
    return true;
  }

  /** Settles once the WebSocket below a closed Engine.IO connection has written what waits in it, or is gone. */
  taken(): Promise<void> | undefined {
    const { socket } = this.engine.transport;
    if (socket?.readyState !== webSocketClosing || !socket.bufferedAmount) return undefined;
    return new Promise((resolve) => socket.once?.("close", resolve));
  }

  /** Ends the transport without waiting for what it has not taken. */
  terminate(): void {
    const { engine } = this;
    if (engine.transport.socket?.terminate) engine.transport.socket.terminate();
    else {
      engine.close(true);
      // One that polls and closes already would be waited for, until it asks again or 30 s are over.
      engine.transport.shouldClose?.();
    }
  }

  /** Tells Socket.IO's `onAnyOutgoing` listeners of events that are written past its own `emit`. */
  notify(events: readonly StoredEvent[]): void {
    const listeners = this.socket.listenersAnyOutgoing();
    const { direct, reports } = this.surroundings.wire;
    if (listeners.length === 0 || !direct) return;
    for (const { name, payload } of events) {
      for (const listener of listeners.slice()) {
        try {
          listener.call(this.socket, JSON.parse(name), JSON.parse(payload));
        } catch (error) {
          reports.error(error, { during: "deliver", event: JSON.parse(name) as string, userId: this.userId });
        }
      }
    }
  }

  private get engine(): EngineConnection {
    return this.socket.conn as unknown as EngineConnection;
  }

  /** Whether as many wait as may; commands that do keep nobody in a room. */
  isFull(kind: Kind): boolean {
    return (this[kind]?.waiting ?? 0) >= mostWaiting;
  }

  /**
   * Runs a task after those before it have started: at once where nothing waits. Resolves once it has started itself.
   *
   * Entering and leaving rooms have an order of their own, which commands wait for, but not the other way round: a slow
   * command keeps nobody from leaving. Who is gone by then enters and leaves none.
   */
  inOrder(kind: Kind, task: () => Promise<void>): Promise<void> {
    const before = this.before(kind);
    const turn = before?.then(() => (kind === "rooms" && this.closed ? undefined : task()));
    const started = (turn ?? task()).catch((error) => {
      this.surroundings.wire.reports.error(error, { during: "command", userId: this.userId });
    });
    const line = this[kind] ?? { waiting: 0, last: started };
    line.waiting++;
    line.last = started;
    this[kind] = line;
    void started.then(() => {
      if (--line.waiting === 0) this[kind] = undefined;
    });
    return started;
  }

  private before(kind: Kind): Promise<unknown> | undefined {
    const rooms = this.rooms?.last;
    const commands = this.commands?.last;
    if (kind === "rooms") return rooms;
    return rooms && commands ? Promise.all([rooms, commands]) : (commands ?? rooms);
  }
}
