/** What a driver tells of its two connections. */
export interface DriverEvents {
  /** Commands can be sent (again); what is sent from within goes first. */
  ready(): void;
  /** The connection for messages is a new one, and no channel is subscribed to on it; `listening` follows. */
  forgotten(): void;
  /** Messages come (again) of every channel that was subscribed and is not forgotten; some may have been missed. */
  listening(): void;
  message(channel: string, text: string): void;
  error(error: unknown): void;
}

/**
 * One kind of Redis client behind one face: a connection for commands and one for messages, made from the application's
 * client, which is left alone.
 *
 * Neither follows a cluster that says that a key is kept elsewhere now, nor keeps commands while there is no connection (a
 * cluster's servers do while one is being made), nor sends one twice: what is lost is told, and judged above.
 */
export interface Driver {
  /** Whether commands would leave at once. */
  readonly ready: boolean;
  /** Whether channels can be subscribed. */
  readonly listening: boolean;
  /** Whether all commands go to one server. */
  readonly single: boolean;
  /** Begins to connect for commands, and goes on trying until `close`. */
  open(events: DriverEvents): void;
  /** Begins to connect for messages as well. */
  listen(): void;
  /** Sends a command to where `key` is kept. Commands leave in the order of the calls. */
  send(key: string, args: string[]): Promise<unknown>;
  /** Asks a cluster anew where keys are kept; nothing that was sent is unanswered then, and nothing is sent meanwhile. */
  relocate(): Promise<void>;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  close(): void;
}

/** How long to wait before the next attempt to connect, ms: a server that is back is not kept waiting. */
export function reconnectDelay(attempts: number): number {
  return Math.min(500, 25 * 2 ** Math.min(attempts, 5)) * (0.5 + Math.random() / 2);
}
