import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import type { AnyClient } from "../../react/any-client.js";
import { useCommitEffect } from "../../react/commit-effect.js";
import { useLatest } from "../../react/latest.js";
import { isOf } from "../../react/latest-event.js";
import { perClient } from "../../react/per-client.js";
import { type RoomStatus, roomStoreOf } from "../../react/room-store.js";
import { contract, rooms } from "../contract.gen.js";
import type { AppEvents, ChatMessagePayload, ChoicesUpdateChoice, MessageAddedMessage } from "../types.gen.js";
import { createDesk, type FeedView } from "./feed-desk.js";
import { applyGameEvent, type GameEvent, type GameRecord } from "./game-state.js";
import { type GestalokaClient, useConnection, useEventClient, useRoom } from "./gestaloka-hooks.js";
import {
  type GameCommandInput,
  type GameCommandName,
  nobody,
  type SentCommand,
  sessionStoreOf,
} from "./session-store.js";

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

/** A game as the page shows it. */
export interface GameSession<TState extends object> {
  readonly status: RoomStatus;
  /** Why the room is closed: a stable code. */
  readonly code: string | undefined;
  /** The fetched state with the events since; `undefined` before the first fetch ends. */
  readonly state: TState | undefined;
  /** What the last fetch failed with. */
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly messages: readonly MessageAddedMessage[];
  readonly choices: readonly ChoicesUpdateChoice[];
  readonly chat: readonly ChatMessagePayload[];
  /** The users in the game, this one included; empty with a plain server. */
  readonly members: readonly string[];
  /** The commands that were sent, the oldest first, with what became of them. */
  readonly sent: readonly SentCommand[];
  /** Sends a command in this game; resolves with what became of it and never rejects. */
  send<TName extends GameCommandName>(
    name: TName,
    payload: GameCommandInput<TName>,
    options?: { readonly ttlMs?: number },
  ): Promise<SentCommand<TName>>;
  /** Takes a command that has its answer off `sent`. */
  dismiss(id: string): void;
  /** Enters again after `leave`, or after the server closed the room. */
  join(): void;
  /** Leaves the game: the one way to do so, since leaving the page does not. */
  leave(): Promise<void>;
  refetch(): Promise<unknown>;
}

type GameView = FeedView<GameEvent>;

const gameEvents = () => [...contract.appEvents.values()].filter(({ audience }) => audience === "game");

const deskOf = /* @__PURE__ */ perClient((client: GestalokaClient, room: string) => {
  const roomStore = roomStoreOf(client as unknown as AnyClient, room);
  return createDesk<GameEvent, GameView>({
    absolute: false,
    isLive: () => roomStore.getSnapshot().status === "joined",
    listen({ told, missed, changed }) {
      const offs = gameEvents().map(({ appName }) =>
        client.on(appName as keyof AppEvents, (payload, meta) => {
          if (isOf(room, meta)) told({ name: appName, payload, meta } as GameEvent);
        }),
      );
      offs.push(
        client.on("ws:resync", (event) => event.room === room && missed()),
        roomStore.subscribe(changed),
      );
      return () => {
        for (const off of offs) off();
      };
    },
  });
});

const nowhere = { subscribe: () => () => {}, getSnapshot: () => nobody, send: notThere, dismiss() {} };

async function notThere(name: GameCommandName, payload: never): Promise<never> {
  return { id: "", name, payload, state: "refused", code: "not_joined" } as never;
}

const empty: readonly never[] = [];

/**
 * A game: entered, fetched, and kept up by its events. Leaving the page does not leave the game.
 *
 * After missed events the state is fetched anew and takes the place of the old one whole.
 */
export function useGameSession<TState extends object>(
  sessionId: string | undefined,
  { queryFn, queryKey = ["game", "session", sessionId], apply = applyGameEvent }: GameSessionOptions<TState>,
): GameSession<TState> {
  const client = useEventClient();
  const queryClient = useQueryClient();
  const name = sessionId === undefined ? undefined : rooms.game(sessionId);
  const { status, code, join, leave } = useRoom(name);
  const { status: connection } = useConnection();
  const session = client && name !== undefined ? sessionStoreOf(client, name) : nowhere;
  const { members, sent } = useSyncExternalStore(session.subscribe, session.getSnapshot, nowhere.getSnapshot);
  const view = useLatest<GameView>({ apply: apply as GameView["apply"] });
  // A key is what it says, not which array says it
  useCommitEffect(
    () => (client && name !== undefined ? deskOf(client, name)(queryClient, queryKey, view) : undefined),
    [client, queryClient, name, JSON.stringify(queryKey)],
  );
  // While the room is about to be entered, a fetch would have to be made again after it.
  const isEntering = connection === "connected" && status === "joining";
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => queryFn({ sessionId: sessionId as string, signal }),
    enabled: name !== undefined && !isEntering,
  });
  const { send, dismiss } = session;
  return useMemo(() => {
    const { messages = empty, choices = empty, chat = empty }: GameRecord = data ?? {};
    const live = { status, code, members, sent, send, dismiss, join, leave } as const;
    return { ...live, state: data, error, isFetching, refetch, messages, choices, chat } as GameSession<TState>;
  }, [status, code, members, sent, send, dismiss, join, leave, data, error, isFetching, refetch]);
}
