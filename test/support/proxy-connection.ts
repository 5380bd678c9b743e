import { connect, type Socket } from "node:net";
import { FaultLane, type LaneFaults } from "./fault-lane.js";
import { RequestHeadReader, type Segment } from "./request-head.js";

/** What happens to a request for a WebSocket: answered with a status, or taken and never answered. */
type UpgradePolicy = "pass" | "hang" | { readonly status: number };

/** Faults of a connection; a field left out stays as it is. */
type ConnectionFaults = { readonly toServer?: Partial<LaneFaults>; readonly toClient?: Partial<LaneFaults> };

type ConnectionHooks = {
  readonly upgradePolicy: () => UpgradePolicy;
  readonly onRequest: (isUpgrade: boolean) => void;
  readonly onUpgradeRefused: () => void;
  readonly onUpgradeHung: () => void;
  /** `peer`: one of the two ends closed it. */
  readonly onClosed: (how: "peer" | "cut" | "reset") => void;
};

/** One client's TCP connection through the proxy, and the one to the target that belongs to it. */
class ProxyConnection {
  /** `http` from its first request, `websocket` from an upgrade that was let through; else what became of the upgrade. */
  kind: "unknown" | "http" | "websocket" | "hung" | "refused" = "unknown";
  readonly toServer: FaultLane;
  readonly toClient: FaultLane;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #heads = new RequestHeadReader();
  readonly #hooks: ConnectionHooks;
  readonly #failed = new Set<Socket>();
  #closed = false;

  constructor(client: Socket, targetPort: number, hooks: ConnectionHooks) {
    this.#client = client;
    this.#hooks = hooks;
    this.#server = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    this.toServer = new FaultLane(client, this.#server, () => this.cut());
    this.toClient = new FaultLane(this.#server, client, () => this.cut());
  }

  /** Begins to read. */
  start(): void {
    this.#client.on("data", (chunk: Buffer) => this.#fromClient(chunk));
    this.#server.on("data", (chunk: Buffer) => this.toClient.push(chunk));
    this.#client.on("end", () => {
      if (this.#isDetached) {
        this.#client.destroy();
        return;
      }
      const held = this.#heads.end();
      if (held) this.toServer.push(held);
      this.toServer.end();
    });
    this.#server.on("end", () => {
      if (!this.#isDetached) this.toClient.end();
    });
    this.#follow(this.#client, this.#server, this.toServer);
    this.#follow(this.#server, this.#client, this.toClient);
  }

  set(faults: ConnectionFaults): void {
    if (faults.toServer) this.toServer.set(faults.toServer);
    if (faults.toClient) this.toClient.set(faults.toClient);
    // An end that went away while the link was dead: the other one learns it now.
    this.#spread(this.#client, this.#server, this.toServer);
    this.#spread(this.#server, this.#client, this.toClient);
  }

  /** The link dies without a word, both ways: neither end learns that the other one is gone. */
  blackhole(): void {
    this.set({ toServer: { mode: "blackhole" }, toClient: { mode: "blackhole" } });
  }

  /** Closes both ends. */
  cut(): void {
    this.#close("cut", (socket) => socket.destroy());
  }

  /** Resets both ends: each sees ECONNRESET. */
  reset(): void {
    this.#close("reset", resetSocket);
  }

  /** Sends FIN to one end, as if the other one had finished; the opposite direction goes on. */
  halfClose(end: "client" | "server"): void {
    (end === "client" ? this.#client : this.#server).end();
  }

  /** True when the client is no longer connected to the target: its upgrade was not let through. */
  get #isDetached(): boolean {
    return this.kind === "hung" || this.kind === "refused";
  }

  #fromClient(chunk: Buffer): void {
    if (this.kind === "websocket") this.toServer.push(chunk);
    else if (!this.#isDetached) for (const segment of this.#heads.read(chunk)) this.#pass(segment);
  }

  #pass(segment: Segment): void {
    if (this.#closed || this.#isDetached) return;
    if (segment.begins) {
      const isUpgrade = segment.begins === "upgrade";
      this.#hooks.onRequest(isUpgrade);
      const policy = isUpgrade ? this.#hooks.upgradePolicy() : "pass";
      if (policy !== "pass") {
        if (policy === "hang") this.#hang();
        else this.#refuse(policy.status);
        return;
      }
      this.kind = isUpgrade ? "websocket" : "http";
    }
    this.toServer.push(segment.bytes);
  }

  #hang(): void {
    this.kind = "hung";
    this.#hooks.onUpgradeHung();
    this.#server.destroy();
  }

  #refuse(status: number): void {
    this.#hooks.onUpgradeRefused();
    this.kind = "refused";
    this.#server.destroy();
    this.#client.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  #follow(end: Socket, other: Socket, lane: FaultLane): void {
    end.on("error", () => this.#failed.add(end));
    end.on("close", () => {
      this.#spread(end, other, lane);
      this.#settle();
    });
  }

  /** Resets the other end when this one was reset, unless the link between them is dead. */
  #spread(end: Socket, other: Socket, lane: FaultLane): void {
    if (this.#failed.has(end) && !lane.blackholed && !this.#isDetached) resetSocket(other);
  }

  #close(how: "cut" | "reset", end: (socket: Socket) => void): void {
    if (this.#closed) return;
    this.#finish(how);
    end(this.#client);
    end(this.#server);
  }

  #settle(): void {
    if (!this.#closed && this.#client.destroyed && this.#server.destroyed) this.#finish("peer");
  }

  #finish(how: "peer" | "cut" | "reset"): void {
    this.#closed = true;
    this.toServer.stop();
    this.toClient.stop();
    this.#hooks.onClosed(how);
  }
}

function resetSocket(socket: Socket): void {
  // A socket that never connected has nothing to reset.
  if (socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}

export type { ConnectionFaults, ConnectionHooks, UpgradePolicy };
export { ProxyConnection };
