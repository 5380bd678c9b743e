import type { StoredEvent } from "../delivery/stored-event.js";
import type { Connection } from "./connection.js";

const readMs = 250;
// A connection that holds low events is looked after sooner, so that they leave as the network takes them.
const releaseMs = 20;
// With what a pack adds to small events it is one frame still.
const releaseBytes = 32 * 1024;

/** What is done with what the readings show. */
export interface NetworkHooks {
  /** Writes low events that were held, whatever waits beside them. */
  write(connection: Connection, events: readonly StoredEvent[]): void;
  /** Ends a connection that takes too little. */
  cut(connection: Connection): void;
}

/**
 * Reads again and again what the network has not taken yet, of the connections that something was written to.
 *
 * One timer serves all of them, and none runs while everything is taken.
 */
export class Network {
  private readonly watched = new Set<Connection>();
  private timer: NodeJS.Timeout | undefined;
  private soon = false;

  constructor(private readonly hooks: NetworkHooks) {}

  /** Bytes that were written and not taken yet, by the last readings. */
  get waitingBytes(): number {
    let bytes = 0;
    for (const { outflow } of this.watched) bytes += outflow.buffered;
    return bytes;
  }

  watch(connection: Connection): void {
    if (connection.watched) return;
    connection.watched = true;
    this.watched.add(connection);
    this.timer ??= setTimeout(this.read, readMs).unref();
  }

  /** A connection, which was written to, holds low events: it is to be read sooner. */
  hasten(): void {
    if (this.soon) return;
    this.soon = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.read, releaseMs).unref();
  }

  forget(connection: Connection): void {
    connection.rest();
    this.watched.delete(connection);
  }

  cut(connection: Connection): void {
    // Its rooms may have more for it as it leaves them.
    if (connection.closed) return;
    this.hooks.cut(connection);
    this.forget(connection);
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private readonly read = (): void => {
    this.timer = undefined;
    this.soon = false;
    let holding = false;
    for (const connection of this.watched) {
      const { outflow } = connection;
      connection.measure();
      if (outflow.overflown) {
        this.cut(connection);
        continue;
      }
      for (let events = outflow.release(releaseBytes); events; events = outflow.release(releaseBytes)) {
        this.hooks.write(connection, events);
        connection.measure();
      }
      if (outflow.holds) holding = true;
      else if (outflow.buffered === 0) this.forget(connection);
    }
    if (this.watched.size === 0) return;
    this.soon = holding;
    this.timer ??= setTimeout(this.read, holding ? releaseMs : readMs).unref();
  };
}
