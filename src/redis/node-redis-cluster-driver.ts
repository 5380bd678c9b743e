import { within } from "../server/within.js";
import type { NodeRedisCluster } from "./clients.js";
import { type Driver, reconnectDelay } from "./driver.js";
import { NodeRedisConnections } from "./node-redis-connections.js";

/** How long everything waits for a server that is new in the cluster to be connected, ms. */
const relocateMs = 1_000;

/** Drives a cluster of node-redis: it knows of its servers one by one, so what a command cannot reach refuses it. */
export class NodeRedisClusterDriver extends NodeRedisConnections<NodeRedisCluster> implements Driver {
  readonly single = false;
  ready = false;
  listening = false;

  constructor(private readonly client: NodeRedisCluster) {
    super();
  }

  send(key: string, args: string[]): Promise<unknown> {
    return this.commands?.sendCommand(key, false, args) ?? Promise.reject(new Error("closed"));
  }

  async relocate(): Promise<void> {
    const { commands } = this;
    if (!commands) return;
    const first = commands.masters.find(({ client }) => client?.isReady)?.client;
    try {
      if (commands._slots) await within(relocateMs, commands._slots.rediscover(first as never));
      else await this.replace(commands);
    } catch (error) {
      this.events?.error(error);
    }
  }

  /** For an early 5, which cannot be asked: a new one knows, unless one of its servers is gone, since then it never connects. */
  private async replace(old: NodeRedisCluster): Promise<void> {
    const made = this.make(true);
    const connected = made.connect().then(() => true);
    const isThere = await within(relocateMs, connected).catch(() => false);
    const isWanted = isThere === true && this.commands === old;
    if (isWanted) this.commands = made;
    (isWanted ? old : made).destroy();
  }

  override close(): void {
    super.close();
    this.ready = this.listening = false;
  }

  protected connect(disableOfflineQueue: boolean, ready: () => void): NodeRedisCluster {
    const client = this.make(disableOfflineQueue);
    void this.keepConnecting(client, ready);
    return client;
  }

  private make(disableOfflineQueue: boolean): NodeRedisCluster {
    const { defaults } = (this.client._options ?? {}) as { readonly defaults?: { readonly socket?: object } };
    const client = this.client.duplicate({
      commandOptions: { timeout: undefined },
      // What is kept elsewhere now would be sent again behind what was sent after it.
      maxCommandRedirections: 0,
      defaults: {
        ...defaults,
        disableOfflineQueue,
        commandOptions: {},
        commandsQueueMaxLength: undefined,
        socket: { ...defaults?.socket, reconnectStrategy: reconnectDelay },
      },
    });
    client.on("error", (error) => this.events?.error(error));
    return client;
  }

  /** Until one of its servers has told of the others, a cluster does not try again by itself. */
  private async keepConnecting(client: NodeRedisCluster, ready: () => void): Promise<void> {
    let attempts = 0;
    do {
      try {
        await client.connect();
        if (client === this.commands) this.ready = true;
        else if (client === this.messages) this.listening = true;
        else return client.destroy();
        return ready();
      } catch (error) {
        this.events?.error(error);
        await new Promise((resolve) => setTimeout(resolve, reconnectDelay(attempts++)).unref());
      }
      // Closed, it is not wanted any more: others may have been made in its place.
    } while (client === this.commands || client === this.messages);
  }
}
