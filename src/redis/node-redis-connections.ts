import { Turns } from "../server/turns.js";
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
  private turns = new Turns();
  private readonly onMessage = (text: string, channel: string): void => this.events?.message(channel, text);

  open(events: DriverEvents): void {
    this.events = events;
    this.commands = this.connect(true, () => events.ready());
  }

  listen(): void {
    // It may keep commands for the time until it is connected: its own subscriptions are among them.
    this.messages = this.connect(false, () => this.events?.listening());
  }

  /** Begins to connect, and goes on trying; `ready` is called whenever it is connected. */
  protected abstract connect(disableOfflineQueue: boolean, ready: () => void): TConnection;

  subscribe(channel: string): Promise<unknown> {
    return this.inTurn(channel, (messages) => messages?.subscribe(channel, this.onMessage));
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.inTurn(channel, (messages) => messages?.unsubscribe(channel));
  }

  close(): void {
    for (const connection of [this.commands, this.messages]) if (connection?.isOpen) connection.destroy();
    this.commands = this.messages = this.events = undefined;
    // What they were told has no answer, and nobody is to wait for one.
    this.turns = new Turns();
  }

  /** One word about a channel at a time: hearing that it left one, node-redis forgets who asked for it again meanwhile. */
  private inTurn(
    channel: string,
    speak: (messages: TConnection | undefined) => Promise<unknown> | undefined,
  ): Promise<unknown> {
    const { messages } = this;
    return this.turns.take(channel, async () => {
      // A connection that was destroyed meanwhile would take the word, and never answer it.
      if (this.messages !== messages) throw new Error("closed");
      return speak(messages);
    });
  }
}
