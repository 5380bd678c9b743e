import type { IoRedisClient } from "./clients.js";
import { type Driver, type DriverEvents, reconnectDelay } from "./driver.js";

const options = {
  lazyConnect: true,
  enableOfflineQueue: false,
  // A command whose answer was lost is not to be carried out twice, nor to wait for a server that is gone.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: reconnectDelay,
  reconnectOnError: null,
  // Its own attempt fails where nobody can catch it: a connection cut before the answer would end the process.
  autoResubscribe: false,
  enableReadyCheck: true,
  // One that loads its memory is asked again soon.
  maxLoadingRetryTime: 500,
  enableAutoPipelining: false,
  keyPrefix: "",
  // Answers are read as they are, and deadlines kept above.
  stringNumbers: false,
  replyMapping: "legacy",
  commandTimeout: undefined,
};

const clusterOptions = {
  ...options,
  // Replicas may lag behind what was just written.
  scaleReads: "master",
  clusterRetryStrategy: reconnectDelay,
  // A server of the cluster is connected to when something is sent there, and keeps the order of what comes until then.
  enableOfflineQueue: true,
  clusterNodeRetryStrategy: reconnectDelay,
  // What failed would be sent again later, to any server, behind what was sent after it.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  // So would what is kept elsewhere now.
  maxRedirections: 0,
};

/** Drives ioredis, one server or a cluster. */
export class IoRedisDriver implements Driver {
  private commands: IoRedisClient | undefined;
  private messages: IoRedisClient | undefined;
  private events: DriverEvents | undefined;

  constructor(private readonly client: IoRedisClient) {}

  get single(): boolean {
    return !this.client.isCluster;
  }

  get ready(): boolean {
    return this.commands?.status === "ready";
  }

  get listening(): boolean {
    return this.messages?.status === "ready";
  }

  open(events: DriverEvents): void {
    this.events = events;
    this.commands = this.connect(() => events.ready());
  }

  listen(): void {
    this.messages = this.connect(() => {
      // A cluster's subscriber asks again for all that it had, and is answered before whoever subscribes from within.
      if (this.single) this.events?.forgotten();
      this.events?.listening();
    });
    this.messages.on("message", (channel, text) => this.events?.message(String(channel), String(text)));
  }

  send(_key: string, args: string[]): Promise<unknown> {
    const [command, ...rest] = args as [string, ...string[]];
    return this.commands?.call(command, ...rest) ?? Promise.reject(new Error("closed"));
  }

  relocate(): Promise<void> {
    const { commands } = this;
    return new Promise((resolve) => {
      if (commands?.refreshSlotsCache) commands.refreshSlotsCache(() => resolve());
      else resolve();
    });
  }

  async subscribe(channel: string): Promise<void> {
    await this.messages?.subscribe(channel);
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.messages?.unsubscribe(channel);
  }

  close(): void {
    this.commands?.disconnect();
    this.messages?.disconnect();
    this.commands = this.messages = this.events = undefined;
  }

  private connect(ready: () => void): IoRedisClient {
    // A cluster of ioredis 5 takes these in place of its own, where its password and its certificates are.
    const { redisOptions } = this.client.options as { readonly redisOptions?: object };
    const overrides = this.single
      ? [options]
      : [[], { ...clusterOptions, redisOptions: { ...redisOptions, ...options } }];
    const client = this.client.duplicate(...(overrides as never[]));
    client.on("ready", ready);
    client.on("error", (error) => this.events?.error(error));
    if (!this.single) followCluster(client);
    // What it fails of is told as an error already.
    client.connect().catch(() => {});
    return client;
  }
}

/** Asks a cluster who has taken over from a server that is gone: no other would say so, for none is sent what was that one's. */
function followCluster(cluster: IoRedisClient): void {
  const servers = new Set<IoRedisClient>();
  cluster.on("+node", (server) => servers.add(server as IoRedisClient));
  cluster.on("node error", () => cluster.refreshSlotsCache?.());
  cluster.on("refresh", () => {
    const kept = new Set(cluster.nodes?.());
    for (const server of servers) {
      if (kept.has(server)) continue;
      servers.delete(server);
      // It was given up between two attempts, with what waited for the next: only that one lets go of it.
      if (server.status === "reconnecting")
        server
          .connect()
          .then(() => server.disconnect())
          .catch(() => {});
    }
  });
}
