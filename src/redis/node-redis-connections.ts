import type { DriverEvents } from "./driver.js";

/** What a client of node-redis and a cluster of it have alike. */
interface Connection {
  readonly isOpen: boolean;
  destroy(): void;
  subscribe(channel: string, listener: (text: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
}

/** The two connections of a driver of node-redis, for commands and for messages. */
export abstract class NodeRedisConnections<TConnection extends Connection> {
  protected commands: TConnection | undefined;
  protected messages: TConnection | undefined;
  protected events: DriverEvents | undefined;
  private readonly onMessage = (text: string, channel: string): void => this.events?.message(channel, text);

  async subscribe(channel: string): Promise<void> {
    await this.messages?.subscribe(channel, this.onMessage);
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.messages?.unsubscribe(channel);
  }

  close(): void {
    for (const connection of [this.commands, this.messages]) if (connection?.isOpen) connection.destroy();
    this.commands = this.messages = this.events = undefined;
  }
}
