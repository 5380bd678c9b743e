import type { NodeRedisClient } from "./clients.js";
import { type Driver, type DriverEvents, reconnectDelay } from "./driver.js";

/** Drives node-redis, one server. */
export class NodeRedisDriver implements Driver {
  readonly single = true;
  private commands: NodeRedisClient | undefined;
  private messages: NodeRedisClient | undefined;
  private events: DriverEvents | undefined;
  private readonly onMessage = (text: string, channel: string): void => this.events?.message(channel, text);

  constructor(private readonly client: NodeRedisClient) {}

  get ready(): boolean {
    return this.commands?.isReady ?? false;
  }

  get listening(): boolean {
    return this.messages?.isReady ?? false;
  }

  open(events: DriverEvents): void {
    this.events = events;
    this.commands = this.connect(true, () => events.ready());
  }

  listen(): void {
    // It may keep commands for the time until it is connected: its own subscriptions are among them.
    this.messages = this.connect(false, () => this.events?.listening());
  }

  send(_key: string, args: string[]): Promise<unknown> {
    return this.commands?.sendCommand(args) ?? Promise.reject(new Error("closed"));
  }

  async subscribe(channel: string): Promise<void> {
    await this.messages?.subscribe(channel, this.onMessage);
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.messages?.unsubscribe(channel);
  }

  close(): void {
    for (const client of [this.commands, this.messages]) if (client?.isOpen) client.destroy();
    this.commands = this.messages = this.events = undefined;
  }

  private connect(disableOfflineQueue: boolean, ready: () => void): NodeRedisClient {
    const { socket } = (this.client.options ?? {}) as { readonly socket?: object };
    const client = this.client.duplicate({
      disableOfflineQueue,
      keyPrefix: "",
      socket: { ...socket, reconnectStrategy: reconnectDelay },
      // A timer of its own for each command would cost more than the command: deadlines are kept above.
      commandOptions: { timeout: undefined },
    });
    client.on("ready", ready);
    client.on("error", (error) => this.events?.error(error));
    client.connect().catch((error: unknown) => this.events?.error(error));
    return client;
  }
}
