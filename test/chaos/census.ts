import { createHook } from "node:async_hooks";
import type { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Socket } from "socket.io-client";

/** What a process holds at a moment at which nothing is under way. */
export interface Census {
  /** Bytes, after a collection. */
  readonly heap: number;
  readonly timers: number;
  readonly handles: number;
  /** Listeners of all open handles. */
  readonly listeners: number;
  /** Acknowledgements that are waited for, and Socket.IO clients that were not collected. */
  readonly acks: number;
  readonly sockets: number;
}

const timers = new Set<number>();
const sockets = new Set<WeakRef<Socket>>();

/** Begins to count timers and clients; call it before there are any. */
export function beginCensus(): void {
  createHook({
    init(id, type) {
      if (type === "Timeout") timers.add(id);
    },
    destroy: (id) => void timers.delete(id),
  }).enable();
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket) {
    sockets.add(new WeakRef(this));
    return connect.call(this);
  };
}

/** Counts; a heap is what a collection leaves. */
export async function takeCensus(): Promise<Census> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await sleep(20);
  }
  let acks = 0;
  for (const reference of [...sockets]) {
    const socket = reference.deref() as unknown as { acks: object } | undefined;
    if (socket) acks += Object.keys(socket.acks).length;
    else sockets.delete(reference);
  }
  const handles = (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();
  return {
    heap: process.memoryUsage().heapUsed,
    timers: timers.size,
    handles: handles.length,
    listeners: handles.reduce((sum, handle) => sum + listenersOf(handle as EventEmitter), 0),
    acks,
    sockets: sockets.size,
  };
}

function listenersOf(handle: EventEmitter): number {
  return handle.eventNames?.().reduce((sum, name) => sum + handle.listenerCount(name), 0) ?? 0;
}
