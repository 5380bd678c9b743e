type Listener = (message: string, channel: string) => void;

/** What is used of a client of the package `redis` (node-redis), version 5 or later. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  readonly options?: object | undefined;
  sendCommand(args: string[]): Promise<unknown>;
  duplicate(overrides?: object): NodeRedisClient;
  connect(): Promise<unknown>;
  destroy(): void;
  subscribe(channel: string, listener: Listener): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** What is used of a cluster of the package `redis`, version 5 or later. */
export interface NodeRedisCluster {
  readonly isOpen: boolean;
  readonly slots: readonly unknown[];
  readonly masters: readonly { readonly client?: { readonly isReady: boolean } | undefined }[];
  readonly _options?: object;
  /** Later ones have it: asks a server, and others where it is gone, which of them keeps what. */
  readonly _slots?: { rediscover(first: never): Promise<unknown> };
  sendCommand(firstKey: string, isReadonly: boolean, args: string[]): Promise<unknown>;
  duplicate(overrides?: object): NodeRedisCluster;
  connect(): Promise<unknown>;
  destroy(): void;
  subscribe(channel: string, listener: Listener): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** What is used of a client or a cluster of the package `ioredis`, version 5 or later. */
export interface IoRedisClient {
  readonly status: string;
  readonly isCluster: boolean;
  readonly options: object;
  call(command: string, ...args: string[]): Promise<unknown>;
  // A cluster's takes its nodes before the options.
  duplicate(...overrides: never[]): IoRedisClient;
  connect(): Promise<unknown>;
  disconnect(): void;
  /** Both of a cluster alone: its servers, and to ask them anew which of them keeps what. */
  nodes?(): readonly IoRedisClient[];
  refreshSlotsCache?(done?: () => void): void;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** A Redis client of the application, connected or not: node-redis or ioredis, for one server or a cluster. */
export type RedisClient = NodeRedisClient | NodeRedisCluster | IoRedisClient;
