import type { Namespace, Server, Socket } from "socket.io";

/**
 * A Socket.IO server or namespace, whatever its event types: only what tells it from other objects is asked for.
 *
 * Events are typed by the contract, so the types that Socket.IO was given for them do not matter here.
 */
export type SocketHost = { readonly sockets: object } & (
  | { of(name: string): unknown; readonly engine: unknown }
  | { readonly name: string; readonly adapter: object }
);

/** The namespace to serve: a server stands for its main one. */
export function toNamespace(host: SocketHost): Namespace {
  return "of" in host ? (host as unknown as Server).of("/") : (host as unknown as Namespace);
}

/** Whether these are the namespaces of `io.of(/…/)`, each of which has connections, rooms and frames of its own. */
export function isPattern(namespace: Namespace): boolean {
  return "children" in namespace;
}

/** The part of an Engine.IO connection that the library writes to; `options` may carry a finished WebSocket frame. */
export interface EngineConnection {
  readonly id: string;
  readonly readyState: string;
  readonly writeBuffer: readonly EnginePacket[];
  readonly transport: {
    readonly name: string;
    readonly writable: boolean;
    readonly perMessageDeflate?: unknown;
    /** Where Engine.IO keeps that from 6.6.13 on. */
    readonly opts?: { readonly perMessageDeflate?: unknown };
    readonly socket?: EngineWebSocket;
    /** Of one that polls, and is to close as it is asked again. */
    shouldClose?(): void;
  };
  listenerCount(event: string): number;
  write(data: string, options: object): unknown;
  close(discard?: boolean): unknown;
}

/** A packet that waits for its transport. */
export interface EnginePacket {
  readonly data?: unknown;
  readonly options?: { readonly wsPreEncodedFrame?: readonly { readonly length: number }[] };
}

/** The WebSocket below a transport, where it has one. */
export interface EngineWebSocket {
  readonly bufferedAmount?: number;
  readonly readyState?: number;
  /** What Engine.IO gives finished frames to, where ws is below. */
  readonly _sender?: { sendFrame?(frame: readonly Uint8Array[]): void };
  once?(event: "close", listener: () => void): unknown;
  pause?(): void;
  resume?(): void;
  terminate?(): void;
}

export type { Namespace, Server, Socket };
