import { type QueryKey, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { LocalEvents } from "../../client/local-events.js";
import type { AnyClient } from "../../react/any-client.js";
import { isOf } from "../../react/latest-event.js";
import { perClient } from "../../react/per-client.js";
import { type JoinedRoom, roomOf } from "../../react/room-store.js";
import { connectionOf, useStore } from "../../react/store.js";
import { contract, rooms } from "../client.gen.js";
import type { ChatMessagePayload, ChoicesUpdateChoice, MessageAddedMessage } from "../types.gen.js";
import { applyGameEvent, type GameEvent, type GameRecord } from "./game-state.js";
import { useAnyClient } from "./gestaloka-hooks.js";
import { createFeeds, type FeedView, useFeed } from "./query-feed.js";
import { type SessionSnapshot, sessionOf } from "./session-store.js";

export interface GameSessionOptions<TState extends object> {
  /** Fetches the whole state of the game, as in `useQuery`. */
  readonly queryFn: (context: { readonly sessionId: string; readonly signal: AbortSignal }) => TState | Promise<TState>;
  /** `["game", "session", sessionId]` by default. */
  readonly queryKey?: QueryKey;
  /**
   * The state after an event of the game; `applyGameEvent` by default. An event may be applied to a state that knows it
   * already, where one came while the state was fetched.
   */
  readonly apply?: (state: TState, event: GameEvent) => TState;
}

/** A game as the page shows it. The same object until something changes. */
export interface GameSession<TState extends object>
  extends Pick<JoinedRoom, "status" | "code" | "join" | "leave">,
    SessionSnapshot {
  /** The fetched state with the events since; `undefined` before the first fetch ends. */
  readonly state: TState | undefined;
  /** What the last fetch failed with. */
  readonly error: Error | null;
  readonly isFetching: boolean;
  /** The state's messages, each id once. */
  readonly messages: readonly MessageAddedMessage[];
  /** The state's choices. */
  readonly choices: readonly ChoicesUpdateChoice[];
  /** The state's chat. */
  readonly chat: readonly ChatMessagePayload[];
  /** Fetches the state anew. */
  refetch(): Promise<unknown>;
}

const feedsOf = /* @__PURE__ */ perClient((client: AnyClient, room: string) => {
  const roomStore = roomOf(client, room);
  return createFeeds<GameEvent>({
    absolute: false,
    isLive: () => roomStore.getSnapshot().status === "joined",
    listen: ({ take, missed, changed }) => [
      ...[...contract.appEvents.values()]
        .filter(({ audience }) => audience === "game")
        .map(({ appName }) =>
          client.on(
            appName,
            (payload, meta) => isOf(room, meta) && take({ name: appName, payload, meta } as unknown as GameEvent),
          ),
        ),
      client.on("ws:resync", (event: LocalEvents["ws:resync"]) => event.room === room && missed()),
      roomStore.subscribe(changed),
    ],
  });
});

/**
 * A game: entered, fetched, and kept up by its events. Leaving the page does not leave the game; `leave()` does.
 *
 * After missed events the state is fetched anew and takes the place of the old one whole.
 */
export function useGameSession<TState extends object>(
  sessionId: string | undefined,
  { queryFn, queryKey = ["game", "session", sessionId], apply = applyGameEvent }: GameSessionOptions<TState>,
): GameSession<TState> {
  const client = useAnyClient();
  const name = sessionId === undefined ? sessionId : rooms.game(sessionId);
  const room = useStore(roomOf, client, name);
  const session = useStore(sessionOf, client, name);
  const { status } = useStore(connectionOf, client, "");
  useFeed(feedsOf, client, name, { queryKey, apply: apply as FeedView<GameEvent>["apply"] });
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    queryFn: (context) =>
      queryFn({
        sessionId: sessionId as string,
        // Read by those who use it alone: a fetch whose signal is read is aborted when the page goes.
        get signal() {
          return context.signal;
        },
      }),
    // What is fetched while the room is about to be entered would have to be fetched again after it.
    enabled: name !== undefined && !(status === "connected" && room.status === "joining"),
  });
  return useMemo(() => {
    const { messages = [], choices = [], chat = [] }: GameRecord = data ?? {};
    return { ...room, ...session, state: data, error, isFetching, refetch, messages, choices, chat };
  }, [room, session, data, error, isFetching, refetch]);
}
