import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { NO_FAULTS } from "./fault-lane.js";
import { type ConnectionFaults, ProxyConnection, type UpgradePolicy } from "./proxy-connection.js";

/** What happens to a new TCP connection: `reset` at once, or `hang`: taken, never connected to the target. */
type AcceptPolicy = "pass" | "reset" | "hang";

/** Faults, of which one left out stays as it is, for the whole proxy: of every open connection and of all new ones. */
type Faults = ConnectionFaults & { readonly upgrade?: UpgradePolicy; readonly accept?: AcceptPolicy };

type ProxyCounters = {
  accepted: number;
  closed: number;
  cut: number;
  reset: number;
  requests: number;
  upgrades: number;
  upgradesRefused: number;
  upgradesHung: number;
  bytesToServer: number;
  bytesToClient: number;
  droppedToServer: number;
  droppedToClient: number;
};

/**
 * A TCP proxy on a free port of 127.0.0.1, in front of `targetPort`, that harms connections on request.
 * Requests for a WebSocket are recognised on kept-alive HTTP; what is no HTTP passes as bytes.
 */
class FaultProxy {
  targetPort: number;
  readonly connections = new Set<ProxyConnection>();
  /** Called with each new connection before any byte of it is read. */
  onConnection: (connection: ProxyConnection) => void = () => {};
  upgrade: UpgradePolicy = "pass";
  accept: AcceptPolicy = "pass";
  readonly #server: Server;
  readonly #hung = new Set<Socket>();
  #toServer = NO_FAULTS;
  #toClient = NO_FAULTS;
  readonly #past: ProxyCounters = {
    accepted: 0,
    closed: 0,
    cut: 0,
    reset: 0,
    requests: 0,
    upgrades: 0,
    upgradesRefused: 0,
    upgradesHung: 0,
    bytesToServer: 0,
    bytesToClient: 0,
    droppedToServer: 0,
    droppedToClient: 0,
  };

  private constructor(targetPort: number) {
    this.targetPort = targetPort;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#take(client));
  }

  static async start(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    proxy.#server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The open connections that carry a WebSocket. */
  get websockets(): ProxyConnection[] {
    return [...this.connections].filter((connection) => connection.kind === "websocket");
  }

  /** Sums over all connections, open and closed. */
  get counters(): Readonly<ProxyCounters> {
    const sum = { ...this.#past };
    for (const connection of this.connections) this.#addBytes(sum, connection);
    return sum;
  }

  /** Changes the faults of every open connection and of all new ones. */
  set(faults: Faults): void {
    if (faults.upgrade !== undefined) this.upgrade = faults.upgrade;
    if (faults.accept !== undefined) this.accept = faults.accept;
    this.#toServer = { ...this.#toServer, ...faults.toServer };
    this.#toClient = { ...this.#toClient, ...faults.toClient };
    for (const connection of this.connections) connection.set(faults);
  }

  /** Takes every fault away. What was swallowed stays lost, and a hung connection stays hung until it is cut. */
  clear(): void {
    this.set({ upgrade: "pass", accept: "pass", toServer: NO_FAULTS, toClient: NO_FAULTS });
  }

  /** The link dies without a word: bytes, FIN and RST vanish both ways, on open and on new connections. */
  blackhole(): void {
    this.set({ toServer: { mode: "blackhole" }, toClient: { mode: "blackhole" } });
  }

  /** Closes both ends of every open connection. */
  cut(): void {
    for (const connection of [...this.connections]) connection.cut();
    for (const client of this.#hung) client.destroy();
  }

  /** Resets both ends of every open connection. */
  reset(): void {
    for (const connection of [...this.connections]) connection.reset();
    for (const client of this.#hung) client.resetAndDestroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cut();
    await closed;
  }

  #take(client: Socket): void {
    this.#past.accepted += 1;
    if (this.accept !== "pass") {
      client.on("error", () => {});
      if (this.accept === "reset") client.resetAndDestroy();
      else this.#hold(client);
      return;
    }
    const connection = new ProxyConnection(client, this.targetPort, {
      upgradePolicy: () => this.upgrade,
      onRequest: (isUpgrade) => {
        this.#past.requests += 1;
        if (isUpgrade) this.#past.upgrades += 1;
      },
      onUpgradeRefused: () => {
        this.#past.upgradesRefused += 1;
      },
      onUpgradeHung: () => {
        this.#past.upgradesHung += 1;
      },
      onClosed: (how) => {
        this.connections.delete(connection);
        this.#past.closed += 1;
        if (how !== "peer") this.#past[how] += 1;
        this.#addBytes(this.#past, connection);
      },
    });
    this.connections.add(connection);
    connection.set({ toServer: this.#toServer, toClient: this.#toClient });
    this.onConnection(connection);
    connection.start();
  }

  #hold(client: Socket): void {
    this.#hung.add(client);
    client.once("close", () => this.#hung.delete(client));
    client.once("end", () => client.destroy());
    client.resume();
  }

  #addBytes(sum: ProxyCounters, connection: ProxyConnection): void {
    sum.bytesToServer += connection.toServer.bytes;
    sum.bytesToClient += connection.toClient.bytes;
    sum.droppedToServer += connection.toServer.dropped;
    sum.droppedToClient += connection.toClient.dropped;
  }
}

/** Starts a proxy in front of a port of 127.0.0.1; close it at the end of the test. */
function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  return FaultProxy.start(targetPort);
}

export type { AcceptPolicy, Faults, ProxyCounters };
export { FaultProxy, startFaultProxy };
