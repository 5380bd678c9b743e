import { type QueryKey, useQuery } from "@tanstack/react-query";
import type { AnyClient } from "../../react/any-client.js";
import { perClient } from "../../react/per-client.js";
import { type JoinedRoom, roomOf } from "../../react/room-store.js";
import { useStore } from "../../react/store.js";
import { contract } from "../client.gen.js";
import type { JoinGameAck, MessageAddedMessage } from "../types.gen.js";
import { type GameEvent, type GameRecord, withMessage } from "./game-state.js";
import { useAnyClient, useConnection } from "./gestaloka-hooks.js";
import { createFeeds, useFeed } from "./query-feed.js";
import { type SessionSnapshot, sessionOf } from "./session-store.js";

/** How a game is fetched, and what an event changes in it. */
export interface GameSessionOptions<TState extends object> {
  /** Fetches the whole state of the game, as in `useQuery`. */
  readonly queryFn: (context: { readonly signal: AbortSignal }) => TState | Promise<TState>;
  /** `["game", "session", sessionId]` by default. */
  readonly queryKey?: QueryKey | undefined;
  /**
   * The state after an event of the game; a message is in its `messages` already, and stands there once. Any other event
   * may be applied to a state that knows it, where it came while the state was fetched.
   */
  readonly apply?: ((state: TState, event: GameEvent) => TState) | undefined;
}

/** A game as the page shows it. */
export interface GameSession<TState extends object> extends JoinedRoom<JoinGameAck>, SessionSnapshot {
  /** The fetched state with the events since; `undefined` before the first fetch ends. */
  readonly state: TState | undefined;
  /** What the last fetch failed with. */
  readonly error: Error | null;
  /** Whether the state is being fetched now. */
  readonly isFetching: boolean;
  /** The state's messages, each id once. */
  readonly messages: readonly MessageAddedMessage[];
  /** Fetches the state anew. */
  refetch(): Promise<unknown>;
}

const feedsOf = /* @__PURE__ */ perClient((client: AnyClient, room: string) =>
  createFeeds(
    client,
    roomOf(client, room),
    ({ status }) => status === "joined",
    ({ audience }) => audience === "game",
    (other) => other === room,
  ),
);

const none: readonly never[] = [];

/**
 * A game: entered, fetched, and kept up by its events. Leaving the page does not leave the game; `leave()` does.
 *
 * After missed events the state is fetched anew and takes the place of the old one whole.
 */
export function useGameSession<TState extends object>(
  sessionId: string | undefined,
  { queryFn, queryKey = ["game", "session", sessionId], apply = (state) => state }: GameSessionOptions<TState>,
): GameSession<TState> {
  const client = useAnyClient();
  const name = sessionId && contract.rooms.game(sessionId);
  const room = useStore(roomOf, client, name);
  const { status } = useConnection();
  useFeed(feedsOf, client, name, {
    queryKey,
    apply: (state: TState, event: GameEvent) => apply(withMessage(state, event) as TState, event),
  });
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    queryFn,
    // What is fetched while the room is about to be entered would have to be fetched again after it.
    enabled: !!name && (status !== "connected" || room.status !== "joining"),
  });
  return {
    ...(room as JoinedRoom<JoinGameAck>),
    ...useStore(sessionOf, client, sessionId),
    state: data,
    error,
    isFetching,
    refetch,
    messages: (data as GameRecord | undefined)?.messages ?? none,
  };
}
