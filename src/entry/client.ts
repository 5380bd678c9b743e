/**
 * The client: one typed connection that keeps itself, its rooms and its commands up.
 *
 * @module
 */

export type { SendOptions } from "../client/commands.js";
export type { ConnectionSnapshot, ConnectionStatus, ConnectionStore } from "../client/connection-store.js";
export { debugFrames } from "../client/debug-frames.js";
export { type DeliveryReport, deliveryReport } from "../client/delivery-report.js";
export type { DialOptions } from "../client/dial.js";
export { type ClientOptions, createEventClient, type EventClient, type EventHandler } from "../client/event-client.js";
export type { InvalidPayload, ReceiveCounts } from "../client/handing-on.js";
export { indexedDbStore } from "../client/indexed-db-store.js";
export type { EventMeta } from "../client/listeners.js";
export type { LocalEvents, Mode } from "../client/local-events.js";
export { localStorageStore } from "../client/local-storage-store.js";
export { type CommandStorage, createStorage, type KeyedStore, type TabLocks } from "../client/stored-commands.js";
export { CommandError, ContractError } from "../contract/errors.js";
export type { CommandState } from "../delivery/command-queue.js";
export type { Debug, PacketSource, TraceLog } from "../delivery/debugging.js";
