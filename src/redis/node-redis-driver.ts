import type { NodeRedisClient } from "./clients.js";
import { type Driver, reconnectDelay } from "./driver.js";
import { NodeRedisConnections } from "./node-redis-connections.js";

/** Drives node-redis, one server. */
export class NodeRedisDriver extends NodeRedisConnections<NodeRedisClient> implements Driver {
  readonly single = true;

  constructor(private readonly client: NodeRedisClient) {
    super();
  }

  get ready(): boolean {
    return this.commands?.isReady ?? false;
  }

  get listening(): boolean {
    return this.messages?.isReady ?? false;
  }

  send(_key: string, args: string[]): Promise<unknown> {
    return this.commands?.sendCommand(args) ?? Promise.reject(new Error("closed"));
  }

  async relocate(): Promise<void> {}

  protected connect(disableOfflineQueue: boolean, ready: () => void): NodeRedisClient {
    const { socket } = (this.client.options ?? {}) as { readonly socket?: object };
    const client = this.client.duplicate({
      disableOfflineQueue,
      socket: { ...socket, reconnectStrategy: reconnectDelay },
      // A timer of its own for each command would cost more than the command: deadlines and bounds are kept above.
      commandOptions: { timeout: undefined },
      commandsQueueMaxLength: undefined,
    });
    client.on("ready", ready);
    client.on("error", (error) => this.events?.error(error));
    client.connect().catch((error: unknown) => this.events?.error(error));
    return client;
  }
}
