/**
 * React hooks: for any contract, and Gestaloka's own.
 *
 * @module
 */
"use client";
export { type GameSession, type GameSessionOptions, useGameSession } from "../gestaloka/hooks/game-session.js";
export type { GameEvent, GameRecord } from "../gestaloka/hooks/game-state.js";
export {
  EventsProvider,
  type GestalokaClient,
  useConnection,
  useEvent,
  useEventClient,
  useLatestEvent,
  useRoom,
} from "../gestaloka/hooks/gestaloka-hooks.js";
export { type NotificationItem, type Notifications, useNotifications } from "../gestaloka/hooks/notifications.js";
export type {
  GameCommandInput,
  GameCommandName,
  SentCommand,
  SessionSnapshot,
} from "../gestaloka/hooks/session-store.js";
export { type SPBalanceOptions, useSPBalanceSummary } from "../gestaloka/hooks/sp-balance-summary.js";
export type { SPBalanceEvent, SPToast } from "../gestaloka/hooks/sp-toast.js";
export { createEventHooks, type EventHooks, type EventsProviderProps } from "../react/event-hooks.js";
export type { JoinedRoom, RoomStatus } from "../react/room-store.js";
