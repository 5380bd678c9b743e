/**
 * Serves a contract over Socket.IO.
 *
 * @module
 */
export type { AnswerLimits, AnswerVerdict } from "../delivery/answers.js";
export type { Debug } from "../delivery/debugging.js";
export type { Cursor, Recovery } from "../delivery/recovery.js";
export type { RoomLogLimits } from "../delivery/room-log.js";
export type { Emission, StoredEvent } from "../delivery/stored-event.js";
export { GameEventEmitter, NotificationEmitter, SPEventEmitter } from "../gestaloka/emitters.gen.js";
export type { Authenticate, AuthenticatedUser, Handshake } from "../server/authenticate.js";
export type { Authorize, AuthorizeRequest, AuthorizeVerdict } from "../server/authorize.js";
export type { Awaitable, Backend, BackendNode } from "../server/backend.js";
export { createEventServer } from "../server/create-event-server.js";
export type {
  CommandContext,
  CommandHandler,
  EventServer,
  EventServerOptions,
  ServerHealth,
  ServerRoomTarget,
  ServerTargets,
  SocketTarget,
} from "../server/event-server.js";
export type { EmitOptions, EmitResult, EmitTarget, RoomTarget, RoomTargets } from "../server/event-target.js";
export type { ServerLimits } from "../server/limits.js";
export type { LogFields, Logger } from "../server/logger.js";
export { type MemoryBackendOptions, memoryBackend } from "../server/memory-backend.js";
export {
  type CounterReading,
  type DeliveryReading,
  type HistogramReading,
  type MemoryMetrics,
  type MetricsSnapshot,
  memoryMetrics,
} from "../server/memory-metrics.js";
export type { CounterName, GaugeName, HistogramName, Metrics } from "../server/metrics.js";
export type { ErrorContext } from "../server/reports.js";
export { type SafeServerOptions, serverOptions } from "../server/server-options.js";
export type { SocketHost } from "../server/socket-io.js";
export type { UnsafeOption } from "../server/unsafe-options.js";
